"""Widths of a table's columns, from what is in them: fixed ones are laid out faster."""

from collections.abc import Sequence
from dataclasses import replace

from engine.report.blocks import Block
from engine.report.halves import WIDTH, Halves
from engine.report.look import POINTS_PER_MM, Look
from engine.report.model import Section
from engine.report.table import Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.typeface import widest

#: Sizes of figures and heads and the padding before a column, of dense tables and of others, as
#: the styles set them; a head is a little tracked, and a figure may round up.
_DENSE, _OPEN = (7.25, 6.75, 5.0), (8.0, 7.25, 9.0)
_MOST_OPEN, _SLACK = 9, 2.0

#: Tones that are set in a heavier weight.
_STRONG = {Tone.GOOD, Tone.BAD}

#: The least that long names need.
_NAMES = 84.0


def laid_out(section: Section, look: Look) -> Section:
    """The section with a width for every column of its tables, where there is room for all."""

    def sized(block: Block) -> Block:
        if isinstance(block, Halves):
            sides = (block.left, block.right)
            left, right = (
                spread(each, look, WIDTH) if isinstance(each, Table) else each for each in sides
            )
            return Halves(left, right)
        return spread(block, look) if isinstance(block, Table) else block

    return replace(section, blocks=tuple(sized(block) for block in section.blocks))


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


def spread(table: Table, look: Look, part: float = 1.0) -> Table:
    """The table with the widths that its cells ask for, the room left over shared out as they do.

    So would the renderer have it, which sets every cell twice more to find out. One that has
    widths, drawings or more words than room stays as it is.

    Args:
        part: Of the measure, that the table is set over.
    """
    room = look.paper.measure * part
    is_plain = not any(cell.drawing for row in table.rows for cell in row.cells)
    if table.is_fixed or any(column.width for column in table.columns) or not is_plain:
        return table
    asked = [_asked(table, at, look, is_half=part < 1) for at in range(len(table.columns))]
    if sum(asked) + len(asked) > room or _is_span_wide(table, asked, look):
        return table
    widths = (round(each * room / sum(asked) / POINTS_PER_MM, 3) for each in asked)
    sized = (
        replace(column, width=width) for column, width in zip(table.columns, widths, strict=True)
    )
    return replace(table, columns=tuple(sized), is_fixed=True)


def _asked(table: Table, at: int, look: Look, *, is_half: bool) -> float:
    """Points that the column takes, its padding included, where nothing in it is broken."""
    column, face = table.columns[at], look.typeface
    is_dense = len(table.columns) > _MOST_OPEN
    size, head, padding = _DENSE if is_dense else _OPEN
    padding = 0.0 if at == 0 else 13.0 if column.opens and is_dense else 6.0 if is_half else padding
    if at == 0:
        names = 7.5 if is_half else size
        widths = [_name_width(row, names, look) for row in table.rows]
    else:
        size = 7.25 if column.is_text else size
        widths = [
            face.width(
                row.cells[at - 1].text,
                size,
                600 if row.kind is RowKind.TOTAL or row.cells[at - 1].tone in _STRONG else 400,
                tabular=not column.is_text,
            )
            for row in table.rows
        ]
    return max([face.width(column.title, head, 600), *widths]) + padding


def _name_width(row: Row, size: float, look: Look) -> float:
    weight = {RowKind.TOTAL: 600, RowKind.PART: 400}.get(row.kind, 500)
    indent = 8.0 if row.kind is RowKind.PART else 0.0
    return look.typeface.width(row.name, size, weight) + indent


def _is_span_wide(table: Table, asked: Sequence[float], look: Look) -> bool:
    """Whether a head over several columns asks for more than they do."""
    at = 0
    for title, count in table.spans:
        if title and look.typeface.width(title, _OPEN[1], 600) + _OPEN[2] > sum(
            asked[at : at + count]
        ):
            return True
        at += count
    return False
