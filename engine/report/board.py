"""A table of unlike metrics in groups: figures, small drawings and standings in its cells."""

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from engine.metrics.standard import Standing
from engine.report.table import Cell, Column


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart the size of a word; none where ``svg`` is empty."""

    svg: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A standing as its word."""

    standing: Standing | None


Entry = Cell | Drawing | Mark


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its name, and an entry for each column after the first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Rows of one kind under their name."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The table; ``columns`` starts with the column of the rows' names.

    Attributes:
        is_close: Set with less air, so that it stays on its page.
        is_roomy: Set with more air, as there is little of it.
    """

    part: ClassVar[str] = "board"
    title: str
    unit: str
    columns: tuple[Column, ...]
    families: tuple[Family, ...]
    notes: tuple[str, ...] = ()
    is_close: bool = False
    is_roomy: bool = False

    @property
    def spans(self) -> tuple[tuple[str, int], ...]:
        """What stands above neighbouring columns, and over how many of them."""
        neighbours = groupby(self.columns, key=lambda column: column.group)
        return tuple((title, len(tuple(columns))) for title, columns in neighbours)

    @property
    def is_fixed(self) -> bool:
        """Whether every column has its width, so that none need be looked for."""
        return all(column.width for column in self.columns)

    @property
    def height(self) -> float:
        """Height of the rows in points, as the styles set them; heading and notes are not in."""
        line, name = (12.2, 15.8) if self.is_close else (14.2, 19.2)
        return sum(len(family.lines) * line + name for family in self.families)
