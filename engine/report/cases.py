"""Cases that a reader may find, told in a grid, the one that holds now marked with its figures."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Case:
    """What it usually means; ``mark`` says when it holds, empty where it does not."""

    name: str
    text: str
    mark: str = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Cases that share what stands before them."""

    name: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """A grid of cases, as many a row as there are heads.

    Attributes:
        heads: What the cases of a column share; empty where nothing.
    """

    part: ClassVar[str] = "cases"
    title: str
    unit: str
    heads: tuple[str, ...]
    rows: tuple[CaseRow, ...]
    notes: tuple[str, ...] = ()
