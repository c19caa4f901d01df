"""Widths of a table's columns: what its cells ask for, the room left over shared out alike."""

from dataclasses import replace

import pytest

from engine.brand import Brand
from engine.report.blocks import HALF, Pair
from engine.report.board import Board, Drawing, Family, Line
from engine.report.breadths import laid_out, spread
from engine.report.look import TEXT_WIDTH, look
from engine.report.model import Section
from engine.report.table import Cell, Column, Row, Table

LOOK = look(Brand(name="Acme"), None)
TABLE = Table(
    "By region",
    "$",
    (Column("Region"), Column("MRR"), Column("Accounts")),
    (Row("EMEA", (Cell("1,234,567"), Cell("12"))), Row("APAC", (Cell("99"), Cell("3")))),
)


def test_the_columns_fill_the_measure_and_hold():
    table = spread(TABLE, LOOK)
    assert table.is_fixed
    assert sum(column.width for column in table.columns) == pytest.approx(TEXT_WIDTH, abs=0.1)


def test_a_column_with_longer_figures_is_wider():
    longer = replace(TABLE, rows=(Row("EMEA", (Cell("1,234,567,890"), Cell("12"))),))
    assert spread(longer, LOOK).columns[1].width > spread(TABLE, LOOK).columns[1].width


def test_a_table_with_more_words_than_room_is_left_to_the_renderer():
    wordy = replace(TABLE, rows=(Row("a very long name " * 12, (Cell("1"), Cell("2"))),))
    assert spread(wordy, LOOK) == wordy


def test_columns_under_a_wide_head_share_what_it_asks_for():
    group = "What all of the accounts of this region came to in the end"
    wide = replace(TABLE, columns=(TABLE.columns[0], *headed(group)))
    before, after = spread(TABLE, LOOK).columns, spread(wide, LOOK).columns
    assert after[1].width + after[2].width > before[1].width + before[2].width


def test_a_table_with_a_longer_head_than_room_is_left_to_the_renderer():
    group = "What all of the accounts of this region came to in the end, year after year" * 2
    wide = replace(TABLE, columns=(TABLE.columns[0], *headed(group)))
    assert spread(wide, LOOK) == wide


def headed(group: str) -> tuple[Column, ...]:
    return tuple(replace(each, group=group) for each in TABLE.columns[1:])


def test_a_width_that_a_page_gave_stays_and_the_others_fill_the_measure():
    given = replace(TABLE, columns=(TABLE.columns[0], Column("MRR", width=50), TABLE.columns[2]))
    columns = spread(given, LOOK).columns
    assert columns[1].width == 50
    assert sum(column.width for column in columns) == pytest.approx(TEXT_WIDTH, abs=0.1)


def test_a_given_width_that_is_too_narrow_grows_to_what_the_column_asks_for():
    given = replace(TABLE, columns=(TABLE.columns[0], Column("MRR", width=1), TABLE.columns[2]))
    assert spread(given, LOOK).columns[1].width > 10


def test_a_board_with_widths_for_its_drawings_is_fixed_too():
    columns = (Column("Metric", width=30), Column("", width=20), Column("Q3 2026"))
    line = Line("MRR", (Drawing("<svg/>"), Cell("1,234")))
    board = Board("Board", "$", columns, (Family("Revenue", (line,)),))
    (laid,) = laid_out(Section("a", "A", "Finding", "", (board,)), LOOK).blocks
    assert isinstance(laid, Board)
    assert laid.is_fixed
    assert [column.width for column in laid.columns[:2]] == [30, 20]
    assert laid.columns[2].width == pytest.approx(TEXT_WIDTH - 50, abs=0.1)


def test_tables_of_an_even_pair_share_the_measure():
    pair = Pair(TABLE, TABLE, is_even=True)
    (laid,) = laid_out(Section("a", "A", "Finding", "", (pair,)), LOOK).blocks
    assert isinstance(laid, Pair)
    assert isinstance(laid.left, Table)
    assert sum(each.width for each in laid.left.columns) == pytest.approx(
        TEXT_WIDTH * HALF, abs=0.1
    )
