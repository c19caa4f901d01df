"""Widths of a table's columns: what its cells ask for, the room left over shared out alike."""

from dataclasses import replace

import pytest

from engine.brand import Brand
from engine.report.breadths import spread
from engine.report.look import TEXT_WIDTH, look
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


def test_a_head_over_two_columns_that_is_wider_than_they_leaves_it_to_the_renderer():
    group = "What all of the accounts of this region came to in the end, year after year" * 2
    headed = replace(
        TABLE,
        columns=(TABLE.columns[0], *(replace(each, group=group) for each in TABLE.columns[1:])),
    )
    assert spread(headed, LOOK) == headed


def test_widths_that_a_page_gave_stay():
    given = replace(TABLE, columns=(TABLE.columns[0], Column("MRR", width=20), TABLE.columns[2]))
    assert spread(given, LOOK) == given
