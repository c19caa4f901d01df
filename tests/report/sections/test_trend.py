"""Nine periods side by side, and the months behind them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.report.board import Board, Drawing
from engine.report.context import PackContext
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Cell, Table

Contexts = Callable[..., PackContext]
Invent = Callable[..., PackContext]


def chapter(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "trend")


def blocks(context: PackContext) -> tuple[object, ...]:
    return chapter(context).blocks


@pytest.fixture(scope="module")
def board(counted: Contexts) -> Board:
    found = blocks(counted("trend"))[0]
    assert isinstance(found, Board)
    return found


def test_nine_quarters_stand_side_by_side_the_reported_one_marked(board: Board) -> None:
    titles = [column.title for column in board.columns[2:]]
    assert titles[0] == "Q3 2024"
    assert titles[-1] == "Q3 2026"
    assert len(titles) == 9
    assert [column.is_reported for column in board.columns[2:]] == [False] * 8 + [True]


def test_every_line_has_a_drawing_that_tells_its_ends(board: Board) -> None:
    mrr = board.families[0].lines[0]
    drawing = mrr.entries[0]
    assert isinstance(drawing, Drawing)
    assert "Monthly recurring revenue, Q3 2024 to Q3 2026: $" in drawing.svg


def test_every_number_is_in_the_tidy_table(board: Board, counted: Contexts) -> None:
    numbers, found = counted("trend").numbers, 0
    for family in board.families:
        for line in family.lines:
            for cell in line.entries:
                if isinstance(cell, Cell) and cell.number and cell.number.value is not None:
                    number, found = cell.number, found + 1
                    assert numbers.one(number.metric, number.period) == number
    assert found > 150


def test_months_fill_the_rest_of_the_page_newest_first(counted: Contexts) -> None:
    table = blocks(counted("trend"))[1]
    assert isinstance(table, Table)
    assert table.rows[0].name == "Sep 2026"
    assert len(table.rows) >= 3


def test_a_monthly_pack_tells_months_once(counted: Contexts) -> None:
    board, *rest = blocks(counted("trend", period="2026-09"))
    assert isinstance(board, Board)
    assert next(column.title for column in board.columns[2:]) == "Jan ’26"
    (table,) = rest
    assert isinstance(table, Table)
    assert (table.title, table.rows[0].name) == ("The months before", "Dec 2025")


def test_a_company_of_one_quarter_has_no_trend(invent: Invent) -> None:
    names = [section.name for section in report(invent(history=3)).sections]
    assert "Trend" not in names


def test_a_young_company_shows_only_the_quarters_it_has(invent: Invent) -> None:
    found = blocks(_trend(invent, 5))
    board = found[0]
    assert isinstance(board, Board)
    assert [column.title for column in board.columns[2:]] == ["Q2 2026", "Q3 2026"]


def _trend(invent: Invent, history: int) -> PackContext:
    return replace(invent(history=history), sections=("trend",))


@pytest.mark.parametrize(("history", "said"), [(5, "on the quarter before"), (27, "in a row")])
def test_the_headline_counts_how_long_it_has_moved_that_way(
    invent: Invent, history: int, said: str
) -> None:
    headline = chapter(_trend(invent, history)).headline
    assert said in headline
    assert "for\u00a01 " not in headline
