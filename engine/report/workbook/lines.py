"""Blocks of a report as lines of a sheet: what stands in each cell, and what kind of line it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch
from html import unescape

from engine.report.actions import Actions
from engine.report.blocks import (
    Block,
    Brief,
    Cards,
    Change,
    Contents,
    Equation,
    Findings,
    Legend,
    Pair,
    Panels,
    Terms,
    Tiles,
)
from engine.report.board import Board, Drawing, Entry, Mark
from engine.report.cases import Cases
from engine.report.dictionary import Dictionary
from engine.report.halves import Halves
from engine.report.heat import Heat
from engine.report.prose import Prose
from engine.report.table import Cell, RowKind, Table

Field = str | Cell

#: Title of the sheet with every definition.
FORMULAS = "Formulas"


class Kind(StrEnum):
    """What a line is to those around it."""

    TITLE = "title"
    ABOUT = "about"
    HEAD = "head"
    ROW = "row"
    TOTAL = "total"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet; its first field stands in the column of names."""

    kind: Kind
    fields: tuple[Field, ...]


def lines(block: Block) -> Iterator[Line]:
    """The block's title, what it is measured in, its rows and its notes.

    A drawing gives what it tells those who cannot see it: its figures are in the tables.
    """
    if title := getattr(block, "title", ""):
        yield Line(Kind.TITLE, (title,))
    if about := getattr(block, "unit", ""):
        yield Line(Kind.ABOUT, (about,))
    yield from content(block)
    yield from (Line(Kind.NOTE, (note,)) for note in getattr(block, "notes", ()))


@singledispatch
def content(block: object) -> Iterator[Line]:
    """The rows of a block of each kind; of a drawing, what it tells."""
    if svg := getattr(block, "svg", ""):
        yield Line(Kind.NOTE, (told(svg),))


@content.register(Contents)
@content.register(Legend)
def _(block: Contents | Legend) -> Iterator[Line]:  # noqa: ARG001
    return iter(())


@content.register(Pair)
@content.register(Halves)
def _(block: Pair | Halves) -> Iterator[Line]:
    yield from (*lines(block.left), *lines(block.right))


@content.register
def _(block: Brief) -> Iterator[Line]:
    yield from (line for part in block.lists for line in lines(part))


@content.register
def _(block: Table) -> Iterator[Line]:
    if any(column.group for column in block.columns):
        yield _head(*(column.group for column in block.columns))
    yield _head(*(column.title for column in block.columns))
    for row in block.rows:
        kind = Kind.TOTAL if row.kind is RowKind.TOTAL else Kind.ROW
        yield Line(kind, (row.name, *row.cells))


@content.register
def _(block: Panels) -> Iterator[Line]:
    yield _head("", "Value", "Change")
    for panel in block.panels:
        yield _row(panel.name, panel.value, _changed(panel.change))


@content.register
def _(block: Findings) -> Iterator[Line]:
    for each in block.findings:
        yield _row(each.figure, f"{each.headline}. {each.text}".strip())


@content.register
def _(block: Terms) -> Iterator[Line]:
    yield from (_row(term.name, term.text) for term in block.terms)


@content.register
def _(block: Equation) -> Iterator[Line]:
    for product in block.lines:
        yield from (_row(each.label, each.cell) for each in product)


@content.register
def _(block: Tiles) -> Iterator[Line]:
    yield _head("", "Value", "Unit", *_against(tile.changes for tile in block.tiles))
    for tile in block.tiles:
        changes = (_changed(change) for change in tile.changes)
        yield _row(tile.label, tile.value, tile.unit, *changes)


@content.register
def _(block: Cards) -> Iterator[Line]:
    yield _head("", "Value", "Unit", *_against(card.changes for card in block.cards))
    for card in block.cards:
        changes = (_changed(change) for change in card.changes)
        yield _row(card.title, card.value, card.unit, *changes)


@content.register
def _(block: Board) -> Iterator[Line]:
    yield _head(*(column.title for column in block.columns))
    for family in block.families:
        yield Line(Kind.TOTAL, (family.name,))
        for line in family.lines:
            yield _row(line.name, *(_entered(entry) for entry in line.entries))


@content.register
def _(block: Heat) -> Iterator[Line]:
    yield _head(block.corner, *block.sizes, *block.heads)
    for row in block.rows:
        cells = (each.cell or "" for each in row.cells)
        kind = Kind.TOTAL if row.is_average else Kind.ROW
        yield Line(kind, (row.name, *row.sizes, *cells))


@content.register
def _(block: Cases) -> Iterator[Line]:
    for row in block.rows:
        yield from (_row(case.name, f"{case.text} {case.mark}".strip()) for case in row.cases)


@content.register
def _(block: Prose) -> Iterator[Line]:
    yield Line(Kind.ABOUT, (f"{block.author or 'Somebody'}, in {block.source}:",))
    yield from (_row(passage) for passage in block.words)


@content.register
def _(block: Actions) -> Iterator[Line]:
    yield _head("Action", "Owner", "Due", "State", "What became of it")
    for row in () if block.is_blank else block.rows:
        yield _row(row.text, row.owner, row.due, row.state.value, row.outcome)


@content.register
def _(block: Dictionary) -> Iterator[Line]:  # noqa: ARG001 - a sheet of its own has them
    yield Line(Kind.NOTE, (f"See the sheet {FORMULAS}.",))


def _entered(entry: Entry) -> Field:
    """A standing as its word; a drawing has none."""
    match entry:
        case Cell():
            return entry
        case Mark(standing):
            return standing.value if standing else ""
        case Drawing():
            return ""


def _against(changes: Iterable[tuple[Change, ...]]) -> tuple[str, ...]:
    """Titles of the columns of changes, as the fullest row has them."""
    fullest = max(changes, key=len, default=())
    return tuple(f"vs {each.against}" for each in fullest)


def _changed(change: Change) -> Cell:
    return Cell(change.text, None, change.tone, change.value)


def _head(*fields: Field) -> Line:
    return Line(Kind.HEAD, fields)


def _row(*fields: Field) -> Line:
    return Line(Kind.ROW, fields)


def told(svg: str) -> str:
    """What a drawing says of itself."""
    return unescape(svg.partition("<title>")[2].partition("</title>")[0])
