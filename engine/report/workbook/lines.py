"""Blocks of a report as lines of a sheet: what stands in each cell, and what kind of line it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.report.blocks import (
    Block,
    Cards,
    Change,
    Contents,
    Equation,
    Figure,
    Findings,
    Legend,
    Pair,
    Panels,
    Ranking,
    Terms,
    Tiles,
)
from engine.report.table import Cell, RowKind, Table

Field = str | Cell


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
    match block:
        case Pair(left, right):
            yield from (*lines(left), *lines(right))
        case Contents() | Legend():
            return
        case Tiles():
            yield from _tiles(block)
        case Cards():
            yield from _cards(block)
        case _:
            yield from _heading(block.title, getattr(block, "unit", ""))
            yield from _content(block)
            yield from (Line(Kind.NOTE, (note,)) for note in getattr(block, "notes", ()))


def _heading(title: str, about: str) -> Iterator[Line]:
    yield Line(Kind.TITLE, (title,))
    if about:
        yield Line(Kind.ABOUT, (about,))


def _content(block: Block) -> Iterator[Line]:
    match block:
        case Table():
            yield from _table(block)
        case Panels(panels=panels):
            yield _head("", "Value", "Change")
            for panel in panels:
                yield _row(panel.name, panel.value, _changed(panel.change))
        case Findings(findings=findings):
            for each in findings:
                yield _row(each.figure, each.headline, each.text)
        case Terms(terms=terms):
            yield from (_row(term.name, term.text) for term in terms)
        case Equation(lines=products):
            for product in products:
                yield from (_row(each.label, each.cell) for each in product)
        case Figure(svg=svg) | Ranking(svg=svg):
            yield Line(Kind.NOTE, (told(svg),))
        case _:
            return


def _table(table: Table) -> Iterator[Line]:
    if any(column.group for column in table.columns):
        yield _head(*(column.group for column in table.columns))
    yield _head(*(column.title for column in table.columns))
    for row in table.rows:
        kind = Kind.TOTAL if row.kind is RowKind.TOTAL else Kind.ROW
        yield Line(kind, (row.name, *row.cells))


def _tiles(block: Tiles) -> Iterator[Line]:
    yield _head("", "Value", "Unit", *_against(tile.changes for tile in block.tiles))
    for tile in block.tiles:
        changes = (_changed(change) for change in tile.changes)
        yield _row(tile.label, tile.value, tile.unit, *changes)


def _cards(block: Cards) -> Iterator[Line]:
    yield _head("", "Value", "Unit", *_against(card.changes for card in block.cards))
    for card in block.cards:
        changes = (_changed(change) for change in card.changes)
        yield _row(card.title, card.value, card.unit, *changes)


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
    from html import unescape

    return unescape(svg.partition("<title>")[2].partition("</title>")[0])
