"""Rows that break a rule are set aside, and the rest holds."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from engine.intake.conversion import Conversion
from engine.intake.quarantine import Quarantine, quarantined
from engine.intake.quarantine_files import write as write_aside
from engine.intake.set_aside import SetAside
from engine.intake.snapshot import open_snapshot
from engine.intake.verdict import verdict
from engine.settings.validation import Validation
from fixtures.stories import Row, table_frame, write_table
from fixtures.tables import write
from schemas.canonical import TABLES
from tests.intake.one_snapshot import ACCOUNTS, AS_OF, ITEMS, LINES, RATES, USERS
from tests.intake.test_pandera_agreement import frames


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return tmp_path / AS_OF


def split(folder: Path, validation: Validation = Validation()) -> Quarantine:  # noqa: B008
    opened = open_snapshot(str(folder.parent))
    return quarantined(opened, Conversion("USD", opened.as_of), validation)


def left(folder: Path, table: str, column: str) -> list[object]:
    """The column's values in the rows to count on."""
    found = split(folder)
    return found.good[table].collect()[column].to_list() if found.bad else ["all"]


def aside(folder: Path, table: str, *columns: str) -> list[tuple[object, ...]]:
    return split(folder).aside(table).select(columns).collect().rows()


def test_each_bad_row_is_set_aside_with_its_rule(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{}, {"seats": -1}, {"status": None}, {"discount": 200_00}])
    assert left(snapshot, ITEMS, "item_id") == ["I1"]
    assert aside(snapshot, ITEMS, "item_id", "rule", "rule_column") == [
        ("I2", "range", "seats"),
        ("I3", "nulls", "status"),
        ("I4", "discount-within-amount", None),
    ]


def test_a_row_that_breaks_several_rules_counts_once(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{}, {"status": None, "seats": -1, "discount": 200_00}])
    assert [each.rows for each in split(snapshot).summary] == [1]


def test_what_was_set_aside_is_told_in_rows_and_money(snapshot: Path) -> None:
    yen = {"currency": "JPY", "amount": 5_000, "charge_type": "?"}
    rows = [{}, {"charge_type": "setup", "discount": 10_00}, {"charge_type": ""}, yen, yen]
    write_table(snapshot, LINES, [*rows, {"currency": "XXX", "charge_type": "?"}])
    (first,) = split(snapshot).summary
    money = {"JPY": Decimal(10_000), "USD": Decimal("190.00")}
    assert first == SetAside(LINES, "enumeration", "charge_type", 5, money)
    assert str(first) == (
        "billing/invoice_lines, column `charge_type`, enumeration: "
        "5 rows worth JPY 10,000, USD 190.00"
    )


def test_of_rows_with_one_key_the_first_is_kept(snapshot: Path) -> None:
    """First in the order of the files; a broken one does not stand in for a good one."""
    for number, amount in enumerate((1, 2, 3)):
        rows = [{"line_id": "L", "amount": amount, "tax": None if amount == 1 else 0}]
        write(snapshot, f"{LINES}/{number}", table_frame(LINES, rows))
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    assert left(snapshot, LINES, "amount") == [2]
    assert aside(snapshot, LINES, "amount", "rule") == [(1, "nulls"), (3, "unique")]


def test_of_rows_that_overlap_the_later_is_set_aside(snapshot: Path) -> None:
    rows = [
        {"account_id": "A", "segment": "late", "valid_from": "2026-04-01"},
        {"account_id": "A", "segment": "early", "valid_to": "2026-05-01"},
    ]
    write_table(snapshot, ACCOUNTS, rows)
    assert left(snapshot, ACCOUNTS, "segment") == ["early"]


def test_rows_without_a_rate_are_set_aside_and_no_others(snapshot: Path) -> None:
    """There is a rate for January alone."""
    rows: list[Row] = [
        {"item_id": "dollars"},
        {"item_id": "january", "currency": "EUR", "valid_to": "2026-01-31"},
        {"item_id": "on", "currency": "EUR"},
        {"item_id": "later", "currency": "EUR", "valid_from": "2026-03-01"},
        {"item_id": "free", "currency": "EUR", "amount": 0},
    ]
    write_table(snapshot, ITEMS, rows)
    write_table(snapshot, RATES, [{}])
    assert left(snapshot, ITEMS, "item_id") == ["dollars", "january", "free"]


def test_a_bad_rate_takes_with_it_what_needs_it(snapshot: Path) -> None:
    write_table(snapshot, LINES, [{}, {"currency": "EUR"}])
    write_table(snapshot, RATES, [{"rate": -1.0}])
    assert {each.table: each.rule for each in split(snapshot).summary} == {
        LINES: "rate-missing",
        RATES: "range",
    }


def test_extra_columns_stay_with_their_rows(snapshot: Path) -> None:
    """Also such as are called like ours."""
    frame = table_frame(USERS, [{}, {"active_users": -1}])
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write(snapshot, USERS, frame.with_columns(rule=pl.Series(["x", "y"])))
    assert aside(snapshot, USERS, "rule", "rule_") == [("y", "range")]


def test_a_rule_that_is_no_error_sets_nothing_aside(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{}, {"discount": 200_00}])
    lowered = Validation(severities={"discount-within-amount": "warning"})
    assert not split(snapshot, lowered).bad


def test_rows_set_aside_lie_in_a_folder_of_their_own_once(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{}, {"seats": -1}])
    state = snapshot.parent / "state"
    opened = open_snapshot(str(snapshot.parent))
    folder = write_aside(split(snapshot), opened, state)
    assert folder.parent == state / "quarantine"
    assert folder.name.startswith(f"{AS_OF}-")
    rows = pl.read_parquet(folder / f"{ITEMS}.parquet")
    assert rows.select("item_id", "rule", "rule_column").rows() == [("I2", "range", "seats")]
    assert write_aside(split(snapshot), opened, state) == folder
    assert len(list(folder.parent.iterdir())) == 1


@pytest.mark.parametrize("table", [ITEMS, LINES, ACCOUNTS, RATES, USERS])
def test_whatever_is_wrong_with_rows_the_rest_holds(tmp_path: Path, table: str) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(frames(TABLES[table]))
    def holds(frame: pl.DataFrame) -> None:
        folder = tmp_path / AS_OF
        write_table(folder, ACCOUNTS, [{"account_id": "a"}])
        write(folder, table, frame)
        opened = open_snapshot(str(tmp_path))
        conversion = Conversion("USD", opened.as_of)
        found = split(folder)
        rest = verdict(opened, conversion, quarantine=found)
        assert rest.ok, rest.errors
        rows = {each.table: each.rows for each in rest.tables}
        gone = sum(each.rows for each in rest.set_aside if each.table == table)
        assert rows[table] + gone == frame.height

    holds()
