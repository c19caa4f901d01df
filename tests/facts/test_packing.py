"""Rows are added up the same whether their keys have room in one number or not."""

from itertools import product

import polars as pl
import pytest

from engine.facts import packing
from engine.facts.keys import LABEL
from engine.facts.packing import added_up

KIND = pl.Enum(["charge", "credit"])
ROWS = pl.DataFrame(
    {
        "account_id": ["a", "b", "a", None, "a", None],
        "product": ["Core", None, "Core", "Core", None, "Core"],
        "kind": ["charge", "credit", "charge", None, "charge", None],
        "month_number": [24_319, 1, 24_319, 5, 24_319, 5],
        "money": [1, 2, 4, 8, 16, 32],
    },
    schema={
        "account_id": LABEL,
        "product": LABEL,
        "kind": KIND,
        "month_number": pl.Int32,
        "money": pl.Int64,
    },
)
BY = ("account_id", "product", "kind", "month_number")
SUMMED = {
    ("a", "Core", "charge", 24_319): 5,
    ("a", None, "charge", 24_319): 16,
    ("b", None, "credit", 1): 2,
    (None, "Core", None, 5): 40,
}


def summed(rows=ROWS):
    found = added_up(rows.lazy(), BY, [pl.col("money").sum()])
    assert found.schema == rows.schema
    return {row[:-1]: row[-1] for row in found.iter_rows()}


def test_rows_of_the_same_keys_are_added_up_and_nothing_is_a_key_too():
    assert summed() == SUMMED


def test_keys_with_room_are_read_once():
    """Only what turns out to have no room is read again, to be grouped by column."""
    reads = []

    def noted(rows):
        reads.append(rows.height)
        return rows

    added_up(ROWS.lazy().map_batches(noted), BY, [pl.col("money").sum()])
    assert reads == [ROWS.height]


def test_labels_without_room_are_grouped_by_column(monkeypatch):
    pl.Series([f"label {number}" for number in range(20)]).cast(LABEL)
    monkeypatch.setattr(packing, "_LABEL_BITS", 1)
    assert summed() == SUMMED


def test_too_many_keys_for_one_number_are_grouped_by_column():
    months = {f"month_{place}": [place, 9, place] for place in range(5)}
    rows = pl.DataFrame(
        {**months, "money": [1, 2, 4]}, schema_overrides=dict.fromkeys(months, pl.Int32)
    )
    found = added_up(rows.lazy(), tuple(months), [pl.col("money").sum()])
    assert sorted(found.rows()) == [(0, 1, 2, 3, 4, 5), (9, 9, 9, 9, 9, 2)]


def test_no_keys_take_more_bits_than_a_number_has_beside_its_sign():
    for labels, months in product(range(1, 9), range(4)):
        kinds = dict(enumerate([LABEL] * labels + [pl.Int32] * months + [KIND]))
        widths = packing._widths(kinds)
        assert sum(widths.values()) < 64
        assert min(widths.values()) > 0


@pytest.mark.parametrize("other", [pl.String, pl.Date, pl.Float64])
def test_keys_of_other_kinds_are_grouped_by_column(other):
    rows = ROWS.with_columns(pl.lit(None, other).alias("product"))
    assert summed(rows) == {
        (account, None, kind, month): sum(
            money for key, money in SUMMED.items() if key[0] == account and key[3] == month
        )
        for account, _, kind, month in SUMMED
    }
