"""Widths of a table's columns, from what is in them: fixed ones are laid out faster."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.report.blocks import HALF, LEFT, Block, Pair
from engine.report.board import Board
from engine.report.halves import WIDTH, Halves
from engine.report.look import POINTS_PER_MM, Look
from engine.report.model import Section
from engine.report.table import Cell, Row, RowKind, Table
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


@dataclass(frozen=True, slots=True)
class Setting:
    """How the styles set a table, in points; ``part`` of the measure is what it is set over.

    Attributes:
        padding: Before a column.
        opening: Before one that opens a group.
    """

    part: float
    names: float
    figures: float
    heads: float
    padding: float
    opening: float


_WIDE = Setting(1.0, 8.0, 8.0, 7.25, 9.0, 9.0)
_WIDE_DENSE = Setting(1.0, 7.25, 7.25, 6.75, 5.0, 13.0)
_BOARD = Setting(1.0, 7.25, 7.25, 6.75, 5.0, 11.0)
_HALVES = Setting(WIDTH, 7.5, 8.0, 7.25, 6.0, 6.0)
_EVEN = Setting(HALF, 7.25, 7.25, 6.75, 6.0, 6.0)
_LEFT = replace(_WIDE, part=LEFT)
_RIGHT = replace(_WIDE, part=0.364)


def laid_out(section: Section, look: Look) -> Section:
    """The section with a width for every column of its tables, where there is room for all."""
    return replace(section, blocks=tuple(_sized(block, look) for block in section.blocks))


def _sized(block: Block, look: Look) -> Block:
    match block:
        case Halves():
            return Halves(_beside(block.left, look, _HALVES), _beside(block.right, look, _HALVES))
        case Pair():
            left, right = (_EVEN, _EVEN) if block.is_even else (_LEFT, _RIGHT)
            sides = _beside(block.left, look, left), _beside(block.right, look, right)
            return replace(block, left=sides[0], right=sides[1])
        case Board():
            return replace(block, columns=spread(_as_table(block), look, _BOARD).columns)
        case Table():
            return spread(block, look)
        case _:
            return block


def _beside(block: Block, look: Look, setting: Setting) -> Block:
    return spread(block, look, setting) if isinstance(block, Table) else block


def _as_table(board: Board) -> Table:
    """The board with an empty cell for each drawing and standing, whose columns have widths."""
    rows = tuple(
        Row(line.name, tuple(each if isinstance(each, Cell) else Cell("") for each in line.entries))
        for family in board.families
        for line in family.lines
    )
    return Table(board.title, board.unit, board.columns, rows)


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


def spread(table: Table, look: Look, setting: Setting | None = None) -> Table:
    """The table with the widths that its cells ask for, the room left over shared out as they do.

    So would the renderer have it, which sets every cell twice more to find out. A column with a
    width has no part in what is left over, but takes what it asks for. A table that has drawings
    or more words than room stays as it is.

    Args:
        setting: How it is set; if None, over the whole measure.
    """
    if table.is_fixed or any(cell.drawing for row in table.rows for cell in row.cells):
        return table
    setting = setting or (_WIDE_DENSE if len(table.columns) > _MOST_OPEN else _WIDE)
    given = [column.width * POINTS_PER_MM for column in table.columns]
    asked = [_asked(table, at, look, setting) for at in range(len(table.columns))]
    asked = [max(each, own) for each, own in zip(given, asked, strict=True)]
    asked = _spanned(table, asked, look)
    room = look.paper.measure * setting.part
    free = sum(each for each, own in zip(asked, given, strict=True) if not own)
    if sum(asked) + len(asked) > room or not free:
        return table
    more = (room - sum(asked)) / free
    sized = (
        replace(column, width=_millimetres(each if column.width else each * (1 + more)))
        for column, each in zip(table.columns, asked, strict=True)
    )
    return replace(table, columns=tuple(sized), is_fixed=True)


def _millimetres(points: float) -> float:
    return round(points / POINTS_PER_MM, 3)


def _asked(table: Table, at: int, look: Look, setting: Setting) -> float:
    """Points that the column takes, its padding included, where nothing in it is broken."""
    column, face = table.columns[at], look.typeface
    padding = 0.0 if at == 0 else setting.opening if column.opens else setting.padding
    if at == 0:
        widths = [_name_width(row, setting.names, look) for row in table.rows]
    else:
        size = 7.25 if column.is_text else setting.figures
        widths = [
            face.width(
                row.cells[at - 1].text,
                size,
                600 if row.kind is RowKind.TOTAL or row.cells[at - 1].tone in _STRONG else 400,
                tabular=not column.is_text,
            )
            for row in table.rows
        ]
    return max([face.width(column.title, setting.heads, 600), *widths]) + padding


def _name_width(row: Row, size: float, look: Look) -> float:
    weight = {RowKind.TOTAL: 600, RowKind.PART: 400}.get(row.kind, 500)
    indent = 8.0 if row.kind is RowKind.PART else 0.0
    return look.typeface.width(row.name, size, weight) + indent


def _spanned(table: Table, asked: Sequence[float], look: Look) -> Sequence[float]:
    """What the columns ask for with a head over several of them that asks for more."""
    at, spanned = 0, list(asked)
    for title, count in table.spans:
        under = slice(at, at + count)
        head = look.typeface.width(title, _OPEN[1], 600) + _OPEN[2] if title else 0.0
        stretch = max(1.0, head / sum(asked[under])) if head else 1.0
        spanned[under] = [each * stretch for each in asked[under]]
        at += count
    return spanned
