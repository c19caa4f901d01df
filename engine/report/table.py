"""A table as a value: columns, rows, and cells that keep the number behind their text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import ClassVar

from engine.metrics.model import Number
from engine.report.tone import Tone


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a reader sees it, and the number behind it, with its two sums.

    Attributes:
        value: What the text says where it is not the number's own value: that value with the
            sign turned, or without a number a change as a part of what it was.
        drawing: An SVG in place of the text, such as a sparkline.
    """

    text: str
    number: Number | None = None
    tone: Tone = Tone.PLAIN
    value: float | None = None
    drawing: str = ""

    @property
    def shown(self) -> float | None:
        """The value that the text says; None for words and dashes."""
        if self.value is None and self.number is not None:
            return self.number.value
        return self.value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        group: Printed once above neighbours that share it.
        is_name: Names from data, which may be of any length and are broken anywhere.
        is_text: Words, set left; figures are set right.
        width: In millimetres; 0 takes what the content needs.
        opens: The first of its group, set a little apart.
        is_reported: Holds the reported period, among columns of others.
    """

    title: str
    group: str = ""
    is_text: bool = False
    is_name: bool = False
    width: float = 0
    is_reported: bool = False
    opens: bool = False


class RowKind(StrEnum):
    """What a row is to the rows around it."""

    PLAIN = "plain"
    TOTAL = "total"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its name, and a cell for each column after the first."""

    name: str
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading; ``columns`` starts with the column of the rows' names.

    Attributes:
        is_rolling: Each total opens or closes what lies between, and is ruled off.
        is_close: Set with less air, so that a long table stays on its page.
        is_fixed: The columns' widths hold whatever is in them; only for tables of words.
    """

    part: ClassVar[str] = "table"
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    is_rolling: bool = False
    is_close: bool = False
    is_fixed: bool = False
    starts_page: bool = False

    @property
    def spans(self) -> tuple[tuple[str, int], ...]:
        """What stands above neighbouring columns, and over how many of them."""
        neighbours = groupby(self.columns, key=lambda column: column.group)
        return tuple((title, len(tuple(columns))) for title, columns in neighbours)


def without_empty_columns(table: Table) -> Table:
    """The table less every column of figures in which no row has a value.

    Why they are empty stands in the table's notes, once, instead of a dash in every row.
    """
    keep = [at for at in range(len(table.columns) - 1) if any(_says(row, at) for row in table.rows)]
    rows = tuple(replace(row, cells=tuple(row.cells[at] for at in keep)) for row in table.rows)
    return replace(table, columns=_kept(table.columns, keep), rows=rows)


def _says(row: Row, at: int) -> bool:
    cell = row.cells[at]
    return bool(cell.drawing) or any(each.isalnum() for each in cell.text)


def _kept(columns: Sequence[Column], keep: Sequence[int]) -> tuple[Column, ...]:
    return (columns[0], *(columns[at + 1] for at in keep))
