"""Widths of a long table's columns, from what is in them: fixed ones are laid out faster."""

from dataclasses import replace

from engine.report.look import POINTS_PER_MM, Look
from engine.report.table import Table
from engine.report.typeface import widest

#: Sizes of figures and heads and the padding before a column, of dense tables and of others, as
#: the styles set them; a head is a little tracked, and a figure may round up.
_DENSE, _OPEN = (7.25, 6.75, 5.0), (8.0, 7.25, 9.0)
_MOST_OPEN, _SLACK = 9, 2.0

#: The least that long names need.
_NAMES = 84.0


def fixed(table: Table, look: Look, part: float = 1.0) -> Table:
    """The table with a width for every column but the first, which takes the rest.

    One whose figures leave too little for the names stays as it is.

    Args:
        part: Of the measure, that the table is set over.
    """
    size, head, padding = _DENSE if len(table.columns) > _MOST_OPEN else _OPEN
    widths: list[float] = []
    for at, column in enumerate(table.columns[1:]):
        texts = [row.cells[at].text for row in table.rows]
        figures = widest(look.typeface, texts, size, 600, tabular=True)
        width = max(figures, look.typeface.width(column.title, head, 600)) + padding + _SLACK
        widths.append(width + (8.0 if column.opens else 0.0))
    names = widest(look.typeface, [row.name for row in table.rows], size, 600)
    if sum(widths) + min(names + _SLACK, _NAMES) > look.paper.measure * part:
        return table
    sized = (
        replace(column, width=round(width / POINTS_PER_MM, 2))
        for column, width in zip(table.columns[1:], widths, strict=True)
    )
    return replace(table, columns=(table.columns[0], *sized), is_fixed=True)
