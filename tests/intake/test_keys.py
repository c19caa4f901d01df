"""Keys that tell rows apart, and intervals that do not overlap."""

import polars as pl
import pytest

from engine.intake import intervals, keys
from engine.intake.checked import Checked
from engine.intake.findings import Finding
from engine.intake.intervals import TIMELINES, Timeline, overlapping
from engine.intake.keys import repeated_keys
from fixtures.stories import Row, table_frame
from schemas.canonical import TABLES
from tests.intake.one_snapshot import ACCOUNTS, LINES, USERS

BY_ITEM, BY_PLAN, BY_ACCOUNT = TIMELINES


def table(name: str, rows: list[Row]) -> Checked:
    return Checked(name, table_frame(name, rows).lazy(), TABLES[name].key)


def repeated(name: str, rows: list[Row]) -> Finding | None:
    return repeated_keys(table(name, rows))


def overlaps(timeline: Timeline, *rows: Row) -> int:
    """Rows that overlap."""
    finding = overlapping(table(timeline.table, list(rows)), timeline)
    return finding.rows if finding else 0


def test_distinct_keys_are_no_finding() -> None:
    assert repeated(LINES, [{}, {}, {}]) is None


def test_a_table_without_rows_has_no_repeated_key() -> None:
    assert repeated(LINES, []) is None


def test_every_row_of_a_repeated_key_counts() -> None:
    rows = [{"line_id": each} for each in ("a", "b", "b", "c", "c", "c")]
    found = repeated(LINES, rows)
    assert found is not None
    assert (found.rule, found.column, found.rows) == ("unique", "line_id", 5)
    assert found.examples == ("line_id=b: 2 rows", "line_id=c: 3 rows")


def test_a_key_of_several_columns_repeats_only_as_a_whole() -> None:
    rows = [
        {"account_id": "A", "month": "2026-01"},
        {"account_id": "A", "month": "2026-02"},
        {"account_id": "B", "month": "2026-01"},
    ]
    assert repeated(USERS, rows) is None
    found = repeated(USERS, [*rows, rows[2]])
    assert found is not None
    assert (found.column, found.rows) == (None, 2)


def test_an_account_without_history_is_there_once() -> None:
    found = repeated(ACCOUNTS, [{"account_id": "A"}, {"account_id": "A"}])
    assert found is not None
    assert found.rows == 2


def test_an_account_with_history_is_there_once_a_start() -> None:
    rows = [
        {"account_id": "A", "valid_to": "2026-03-01"},
        {"account_id": "A", "valid_from": "2026-03-01"},
    ]
    assert repeated(ACCOUNTS, rows) is None


def test_equal_hashes_of_different_values_are_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """As two of many values may have: here all have the same."""
    monkeypatch.setattr(keys, "hashed", lambda _: pl.col("amount").hash())
    assert repeated(LINES, [{}, {}]) is None
    rows = [{"line_id": each} for each in ("a", "b", "b")]
    found = repeated(LINES, rows)
    assert found is not None
    assert found.rows == 2


def test_beyond_many_repeated_keys_the_count_is_that_of_the_hashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "_CONFIRMED", 1)
    found = repeated(LINES, [{"line_id": each} for each in "aaabbc"])
    assert found is not None
    assert found.rows == 5
    assert len(found.examples) == 1


def test_an_interval_that_starts_where_another_ends_does_not_overlap() -> None:
    """
    A  |--------)
    A           |------->
    """
    first = {"item_id": "I", "valid_from": "2026-01-01", "valid_to": "2026-03-01"}
    assert overlaps(BY_ITEM, first, {"item_id": "I", "valid_from": "2026-03-01"}) == 0


def test_an_interval_that_starts_before_another_ends_overlaps() -> None:
    """
    A  |--------)
    A          |------->
    """
    first = {"item_id": "I", "valid_from": "2026-01-01", "valid_to": "2026-03-01"}
    assert overlaps(BY_ITEM, first, {"item_id": "I", "valid_from": "2026-02-28"}) == 1


def test_all_that_start_within_one_long_interval_overlap() -> None:
    """
    A  |------------------>
    A    |---)
    A           |---)
    """
    rows = [
        {"item_id": "I", "valid_from": "2026-01-01"},
        {"item_id": "I", "valid_from": "2026-02-01", "valid_to": "2026-03-01"},
        {"item_id": "I", "valid_from": "2026-05-01", "valid_to": "2026-06-01"},
    ]
    assert overlaps(BY_ITEM, *rows) == 2


def test_two_things_may_last_at_the_same_time() -> None:
    assert overlaps(BY_ITEM, {"item_id": "I"}, {"item_id": "J"}) == 0


def test_an_interval_that_ends_before_it_starts_overlaps_nothing() -> None:
    first = {"item_id": "I", "valid_from": "2026-01-01"}
    upside_down = {"item_id": "I", "valid_from": "2026-03-01", "valid_to": "2026-02-01"}
    assert overlaps(BY_ITEM, first, upside_down) == 0


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 1),
        ({"plan": "Business"}, 0),
        ({"product": "Analytics"}, 0),
        ({"subscription_id": "S2"}, 0),
        ({"billing_unit": "account"}, 0),
        ({"discount": 100_00}, 0),
        ({"status": "cancelled"}, 0),
        ({"valid_from": "2026-05-01"}, 0),
    ],
)
def test_one_plan_of_a_subscription_paid_twice_on_a_day_is_suspicious(
    change: Row, count: int
) -> None:
    first = {"valid_from": "2026-01-01", "valid_to": "2026-05-01"}
    second = {"valid_from": "2026-04-30", "seats": 12, **change}
    assert overlaps(BY_PLAN, first, second) == count


def test_an_overlap_names_the_row_and_its_days() -> None:
    rows = [{"account_id": "A", "valid_to": "2026-03-01"}, {"account_id": "A"}]
    finding = overlapping(table(ACCOUNTS, rows), BY_ACCOUNT)
    assert finding is not None
    assert finding.examples == ("account_id=A, valid_from=null: valid_to=null",)


def test_beyond_many_overlaps_the_count_is_that_of_the_hashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intervals, "_CONFIRMED", 1)
    assert overlaps(BY_ITEM, *[{"item_id": "I"}] * 9) == 8


def test_rows_without_a_name_overlap_nothing() -> None:
    assert overlaps(BY_ITEM, {"item_id": None}, {"item_id": None}) == 0


def test_different_things_of_equal_hash_do_not_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "hashed", lambda _: pl.col("amount").hash())
    assert overlaps(BY_ITEM, {"item_id": "I"}, {"item_id": "J"}) == 0
