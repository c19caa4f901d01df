"""Tables without the columns that have nothing to say."""

from collections.abc import Sequence
from dataclasses import replace

from engine.report.model import Column, Row, Table


def without_empty_columns(table: Table) -> Table:
    """The table less every column of figures in which no row has a value.

    Why they are empty stands in the table's notes, once, instead of a dash in every row.
    """
    keep = [at for at in range(len(table.columns) - 1) if any(_says(row, at) for row in table.rows)]
    rows = tuple(replace(row, cells=tuple(row.cells[at] for at in keep)) for row in table.rows)
    return replace(table, columns=_kept(table.columns, keep), rows=rows)


def _says(row: Row, at: int) -> bool:
    return any(each.isalnum() for each in row.cells[at].text)


def _kept(columns: Sequence[Column], keep: Sequence[int]) -> tuple[Column, ...]:
    return (columns[0], *(columns[at + 1] for at in keep))
