"""The blocks that lead a reader through a pack: its chapters, and what the marks of charts say."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Entry:
    """A chapter as the contents name it."""

    anchor: str
    name: str
    headline: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The chapters with their pages; ``air`` in points lies above and below each."""

    part: ClassVar[str] = "contents"
    entries: tuple[Entry, ...]
    air: float


@dataclass(frozen=True, slots=True)
class Swatch:
    """A sample of a mark, and what it says."""

    name: str
    svg: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks of all charts say."""

    part: ClassVar[str] = "legend"
    title: str
    swatches: tuple[Swatch, ...]
