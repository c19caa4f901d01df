"""What a snapshot's check says, table by table and in all."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from engine.intake.verdict import as_json, data_error
from engine.settings.validation import Validation
from fixtures.company import write_company
from fixtures.stories import Row, table_frame, write_table
from fixtures.tables import write
from tests.intake.one_snapshot import (
    ACCOUNTS,
    AS_OF,
    ITEMS,
    LINES,
    OPPORTUNITIES,
    RATES,
    SPEND,
    TARGETS,
    USERS,
    checked,
    only,
    told,
)
from tests.reference import imported_ledger

INF = float("inf")
NAN = float("nan")


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return tmp_path / AS_OF


def test_the_demo_company_holds_without_a_warning(tmp_path: Path) -> None:
    write_company(tmp_path, accounts=60)
    verdict = checked(tmp_path, needed=[ITEMS, LINES], validation=Validation())
    assert (verdict.ok, verdict.failures) == (True, ())
    assert all(each.ok and each.rows for each in verdict.tables)
    assert len(verdict.tables) == 8


def test_a_third_partys_ledger_holds_without_a_warning(tmp_path: Path) -> None:
    imported_ledger(tmp_path)
    verdict = checked(tmp_path, needed=[LINES], validation=Validation())
    assert (verdict.ok, verdict.failures) == (True, ())


@pytest.mark.parametrize(
    ("table", "row", "rule", "column"),
    [
        (ITEMS, {"item_id": None}, "nulls", "item_id"),
        (ITEMS, {"billing_unit": "seats"}, "enumeration", "billing_unit"),
        (ITEMS, {"status": "canceled"}, "enumeration", "status"),
        (ITEMS, {"seats": -1}, "range", "seats"),
        (ITEMS, {"discount": 100_01}, "discount-within-amount", None),
        (ITEMS, {"currency": "usd"}, "currency", "currency"),
        (ITEMS, {"currency": "XXX"}, "currency", "currency"),
        (ITEMS, {"interval": "quarter"}, "enumeration", "interval"),
        (ITEMS, {"interval_count": 0}, "range", "interval_count"),
        (ITEMS, {"valid_from": "2026-02-01", "valid_to": "2026-02-01"}, "interval-ordered", None),
        (LINES, {"charge_type": "setup"}, "enumeration", "charge_type"),
        (LINES, {"entry_type": "void"}, "enumeration", "entry_type"),
        (LINES, {"amount": -1}, "sign-of-entry", None),
        (LINES, {"entry_type": "credit"}, "sign-of-entry", None),
        (LINES, {"entry_type": "refund"}, "sign-of-entry", None),
        (LINES, {"discount": -1}, "range", "discount"),
        (LINES, {"discount": 100_01}, "discount-within-amount", None),
        (LINES, {"tax": None}, "nulls", "tax"),
        (LINES, {"service_from": "2026-01-01"}, "service-dates-together", None),
        (LINES, {"service_to": "2026-01-01"}, "service-dates-together", None),
        (
            LINES,
            {"service_from": "2026-01-01", "service_to": "2026-01-01"},
            "service-dates-ordered",
            None,
        ),
        (USERS, {"month": "2026-01-31"}, "month-start", "month"),
        (USERS, {"active_users": -1}, "range", "active_users"),
        (RATES, {"month": "2026-01-02"}, "month-start", "month"),
        (RATES, {"rate": 0.0}, "range", "rate"),
        (RATES, {"rate": INF}, "finite", "rate"),
        (RATES, {"from_currency": "EURO"}, "currency", "from_currency"),
        (RATES, {"to_currency": "dollar"}, "currency", "to_currency"),
        (ACCOUNTS, {"name": None}, "nulls", "name"),
        (ACCOUNTS, {"signed_up_on": None}, "nulls", "signed_up_on"),
        (
            ACCOUNTS,
            {"valid_from": "2026-01-01", "valid_to": "2025-01-01"},
            "interval-ordered",
            None,
        ),
        (OPPORTUNITIES, {"kind": "upsell"}, "enumeration", "kind"),
        (OPPORTUNITIES, {"is_closed": False}, "won-is-closed", None),
        (OPPORTUNITIES, {"currency": None}, "nulls", "currency"),
        (SPEND, {"month": "2026-01-15"}, "month-start", "month"),
        (SPEND, {"category": None}, "nulls", "category"),
        (TARGETS, {"period": "2026-Q1"}, "format", "period"),
        (TARGETS, {"period": "Q1 2026"}, "format", "period"),
        (TARGETS, {"value": INF}, "finite", "value"),
    ],
)
def test_a_bad_row_breaks_one_rule(
    snapshot: Path, table: str, row: Row, rule: str, column: str | None
) -> None:
    if table != ACCOUNTS:
        write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write_table(snapshot, table, [row])
    verdict = checked(snapshot.parent)
    assert told(verdict) == [(table, rule, column, 1)]
    assert not verdict.ok
    assert only(verdict).hint


def test_a_negative_amount_is_below_its_discount_too(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{"amount": -1}])
    assert told(checked(snapshot.parent)) == [
        (ITEMS, "range", "amount", 1),
        (ITEMS, "discount-within-amount", None, 1),
    ]


def test_nan_is_no_rate(snapshot: Path) -> None:
    """It is no value at all, and not a finite one either."""
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write_table(snapshot, RATES, [{"rate": NAN}])
    assert told(checked(snapshot.parent)) == [
        (RATES, "nulls", "rate", 1),
        (RATES, "finite", "rate", 1),
    ]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (ITEMS, {"currency": "JPY", "amount": 500}),
        (ITEMS, {"amount": 0, "seats": 0}),
        (ITEMS, {"amount": 2**63 - 1, "discount": 2**63 - 1}),
        (ITEMS, {"valid_from": "1970-01-01", "valid_to": date.max, "term_ends_on": date.max}),
        (ACCOUNTS, {"valid_from": date.min, "valid_to": date.max}),
        (LINES, {"entry_type": "credit", "amount": -5}),
        (LINES, {"entry_type": "refund", "amount": 0}),
        (LINES, {"amount": -(2**63), "entry_type": "credit"}),
        (LINES, {"subscription_id": None, "plan": None}),
        (LINES, {"service_from": "1970-01-01", "service_to": "2076-12-31"}),
        (OPPORTUNITIES, {"close_on": "2025-01-01", "is_closed": False, "is_won": False}),
        (OPPORTUNITIES, {"account_id": None}),
        (OPPORTUNITIES, {"is_won": False}),
        (SPEND, {"amount": -5}),
        (TARGETS, {"period": "2026-06", "value": -1.0}),
        (TARGETS, {"period": "2026"}),
    ],
)
def test_an_odd_row_may_be_good(snapshot: Path, table: str, row: Row) -> None:
    """Rates of the yen stand ready; amounts are as large as they can be."""
    currency = str(row.get("currency", "USD"))
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write_table(snapshot, table, [row])
    assert checked(snapshot.parent, currency).failures == ()


def test_a_missing_column_names_the_one_that_is_nearly_it(snapshot: Path) -> None:
    frame = table_frame(USERS, [{}, {"account_id": "B"}]).rename({"account_id": "ACCOUNT_ID"})
    write(snapshot, USERS, frame)
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    failure = only(checked(snapshot.parent))
    assert (failure.rule, failure.column, failure.rows) == (
        "column-missing",
        "account_id",
        2,
    )
    assert failure.hint.startswith("did you mean ACCOUNT_ID? account_id: The account")


@pytest.mark.parametrize(
    ("column", "values", "example"),
    [
        ("amount", pl.lit(12.34), "amount is Float64, not Int64"),
        ("amount", pl.lit("12"), "amount is String, not Int64"),
        ("invoiced_on", pl.lit("2026-01-01"), "invoiced_on is String, not Date"),
        ("product", pl.lit(1), "product is Int32, not String"),
        ("service_from", pl.lit(1), "service_from is Int32, not Date"),
        ("product", pl.concat_list(pl.lit("x")), "product is List(String), not String"),
    ],
)
def test_an_unsafe_type_is_a_failure_of_all_rows(
    snapshot: Path, column: str, values: pl.Expr, example: str
) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write(snapshot, LINES, table_frame(LINES, [{}, {}]).with_columns(values.alias(column)))
    failure = only(checked(snapshot.parent))
    assert (failure.rule, failure.column, failure.rows) == ("type", column, 2)
    assert failure.examples == (example,)
    assert failure.hint.startswith(f"export {column} as ")


def test_safe_types_are_no_failure(snapshot: Path) -> None:
    frame = table_frame(ITEMS, [{"valid_to": "2026-05-01"}]).with_columns(
        pl.col(pl.Int64).cast(pl.Int32),
        pl.col("status", "currency").cast(pl.Categorical),
        pl.col(pl.Date).cast(pl.Datetime).dt.replace_time_zone("America/New_York"),
    )
    write(snapshot, ITEMS, frame.drop("term_ends_on"))
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    assert checked(snapshot.parent).failures == ()


def test_a_partition_key_that_is_no_date_is_null(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write(snapshot, f"{USERS}/month=June/part", table_frame(USERS, [{}]).drop("month"))
    assert told(checked(snapshot.parent)) == [(USERS, "nulls", "month", 1)]


def test_partitions_are_one_table(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    for month in ("2026-01", "2026-02"):
        frame = table_frame(LINES, [{"line_id": "L1", "invoice_id": f"I-{month}"}])
        write(snapshot, f"{LINES}/month={month}/part", frame)
    verdict = checked(snapshot.parent)
    assert told(verdict) == [(LINES, "unique", "line_id", 2)]
    assert only(verdict).file == "billing/invoice_lines/"


def test_a_table_without_rows_is_fine_unless_it_is_needed(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write_table(snapshot, LINES, [])
    assert checked(snapshot.parent).failures == ()
    verdict = checked(snapshot.parent, needed=[LINES])
    assert told(verdict) == [(LINES, "table-empty", None, 0)]
    assert verdict.ok


def test_an_export_of_nothing_may_have_no_types(snapshot: Path) -> None:
    """A column without a value has no type in some writers."""
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    write(snapshot, LINES, table_frame(LINES, []).cast(pl.Null))
    assert checked(snapshot.parent).failures == ()


def test_a_needed_table_that_is_not_there_is_an_error(snapshot: Path) -> None:
    write_table(snapshot, LINES, [{}])
    (snapshot / "crm/accounts.parquet").unlink()
    verdict = checked(snapshot.parent, needed=[ITEMS])
    assert told(verdict) == [
        (ITEMS, "table-missing", None, 0),
        (ACCOUNTS, "table-missing", None, 0),
    ]
    assert [(each.table, each.rows, each.ok) for each in verdict.tables] == [
        (ITEMS, 0, False),
        (LINES, 1, True),
        (ACCOUNTS, 0, False),
    ]


def test_a_misspelt_table_is_a_warning_with_the_nearest_name(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    (snapshot / "billing").mkdir()
    (snapshot / "billing/subscription_itms.parquet").touch()
    verdict = checked(snapshot.parent)
    failure = only(verdict)
    assert (failure.table, failure.rule) == ("billing/subscription_itms", "file-unknown")
    assert "did you mean `billing/subscription_items`" in failure.hint
    assert verdict.ok


def test_thousands_of_unknown_files_are_a_handful_of_warnings(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    (snapshot / "billing").mkdir()
    for number in range(1_000):
        (snapshot / f"billing/{number}.csv").touch()
    failures = checked(snapshot.parent).failures
    assert len(failures) == 21
    assert failures[-1].hint == "980 more files and folders are not read"


def test_overlaps_of_one_item_are_errors_and_of_one_plan_warnings(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{}, {}])
    verdict = checked(snapshot.parent)
    assert (told(verdict), verdict.ok) == ([(ITEMS, "parallel-items", "valid_from", 1)], True)
    write_table(snapshot, ITEMS, [{"item_id": "I"}, {"item_id": "I"}])
    verdict = checked(snapshot.parent)
    assert [rule for _, rule, *_ in told(verdict)] == ["unique", "overlap", "parallel-items"]
    assert not verdict.ok


def test_overlapping_history_of_an_account_is_an_error(snapshot: Path) -> None:
    rows = [
        {"account_id": "A", "segment": "SMB", "valid_to": "2026-05-01"},
        {"account_id": "A", "segment": "Enterprise", "valid_from": "2026-04-01"},
    ]
    write_table(snapshot, ACCOUNTS, rows)
    assert told(checked(snapshot.parent)) == [(ACCOUNTS, "overlap", "valid_from", 1)]


def test_a_missing_rate_is_an_error_of_the_rates(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{"currency": "EUR", "valid_to": "2026-02-15"}])
    write_table(snapshot, RATES, [{"month": "2026-01", "from_currency": "EUR"}])
    failure = only(checked(snapshot.parent))
    assert (failure.table, failure.rule, failure.rows) == (RATES, "rate-missing", 1)
    assert failure.examples == ("EUR to USD, 2026-02: billing/subscription_items",)
    assert failure.severity == "error"


def test_amounts_without_a_table_of_rates_are_its_error(snapshot: Path) -> None:
    write_table(snapshot, SPEND, [{"currency": "JPY"}])
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    verdict = checked(snapshot.parent)
    assert told(verdict) == [(RATES, "rate-missing", "rate", 1)]
    assert only(verdict).file == "billing/fx_rates.parquet"


def test_accounts_that_do_not_match_are_warnings(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}, {"account_id": "Z"}])
    write_table(snapshot, ITEMS, [{"account_id": "A"}, {"account_id": "B"}])
    write_table(snapshot, OPPORTUNITIES, [{"account_id": "C"}])
    verdict = checked(snapshot.parent)
    assert verdict.ok
    assert told(verdict) == [
        (ITEMS, "account-unknown", "account_id", 1),
        (ACCOUNTS, "account-unbilled", "account_id", 1),
        (OPPORTUNITIES, "account-unknown", "account_id", 1),
    ]


def test_accounts_in_a_circle_are_an_error(snapshot: Path) -> None:
    rows = [
        {"account_id": "A", "parent_account_id": "B"},
        {"account_id": "B", "parent_account_id": "A"},
    ]
    write_table(snapshot, ACCOUNTS, rows)
    assert told(checked(snapshot.parent)) == [(ACCOUNTS, "parent-cycle", "parent_account_id", 2)]


def test_errors_come_before_warnings(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "Z"}])
    write_table(snapshot, ITEMS, [{}])
    write_table(snapshot, SPEND, [{"month": "2026-01-02"}])
    severities = [each.severity.value for each in checked(snapshot.parent).failures]
    assert severities == ["error", "warning", "warning"]


def test_values_of_an_export_are_harmless_in_a_message(snapshot: Path) -> None:
    hostile = "\x1b[31m\x00<script>\n" + "x" * 100
    write_table(snapshot, ITEMS, [{"item_id": hostile, "status": hostile}])
    failure = only(checked(snapshot.parent))
    (text,) = failure.examples
    assert text.startswith("item_id=[31m<script>xxx")
    assert text.isprintable()
    assert len(text) < 150


def test_the_document_is_that_of_the_contract(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{"seats": -1}])
    document = as_json(checked(snapshot.parent))
    assert json.loads(json.dumps(document)) == {
        "ok": False,
        "tables": [
            {"table": ITEMS, "rows": 1, "ok": False},
            {"table": ACCOUNTS, "rows": 1, "ok": True},
        ],
        "failures": [
            {
                "table": ITEMS,
                "rule": "range",
                "column": "seats",
                "rows": 1,
                "severity": "error",
                "examples": ["item_id=I1: seats=-1"],
                "file": "billing/subscription_items.parquet",
                "hint": "seats is at least 0",
            }
        ],
        "severities": {"drift": "off", "rows-repeated": "off", "stale": "off"},
        "changes": [
            "drift turned off by the workspace",
            "rows-repeated turned off by the workspace",
            "stale turned off by the workspace",
        ],
        "settings": {"freshness_days": 45, "drift_share": 0.05},
        "compared_with": None,
        "set_aside": [],
    }


def test_an_error_names_file_column_rule_rows_examples_and_what_to_do(snapshot: Path) -> None:
    write_table(snapshot, ITEMS, [{"seats": -1}] * 1_200)
    error = data_error(checked(snapshot.parent))
    assert error.exit_status == 3
    assert error.where == (
        "billing/subscription_items.parquet, column `seats`, range: 1,200 rows, such as "
        "item_id=I1: seats=-1; item_id=I2: seats=-1; item_id=I3: seats=-1 (seats is at least 0)"
    )
    assert str(snapshot) in error.message
    assert "export again" in error.hint


def test_of_many_errors_ten_are_told_and_the_rest_counted(snapshot: Path) -> None:
    frame = table_frame(LINES, [{}])
    write(snapshot, LINES, frame.select(nothing=pl.lit(1)))
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    error = data_error(checked(snapshot.parent))
    assert error.message.startswith("11 rules do not hold")
    assert error.where.count("\n") == 10
    assert error.where.endswith("and 1 more")


def test_warnings_are_no_part_of_an_error(snapshot: Path) -> None:
    write_table(snapshot, ACCOUNTS, [{"account_id": "Z"}])
    write_table(snapshot, ITEMS, [{"seats": -1}])
    assert "account-unknown" not in str(data_error(checked(snapshot.parent)))


def test_the_same_snapshot_has_the_same_verdict(snapshot: Path) -> None:
    """Examples too, over many files and threads."""
    for number in range(4):
        rows = [{"line_id": f"L{number}-{n}", "amount": -1} for n in range(5_000)]
        write(snapshot, f"{LINES}/{number}", table_frame(LINES, rows))
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    verdicts = [as_json(checked(snapshot.parent)) for _ in range(5)]
    assert all(each == verdicts[0] for each in verdicts)


def test_timestamps_of_every_year_are_dates(snapshot: Path) -> None:
    first = datetime(1, 1, 1, 12)
    moments = pl.Series([first, first.replace(year=9999), first + timedelta(days=800_000)])
    frame = table_frame(LINES, [{}, {}, {}]).with_columns(invoiced_on=moments)
    write(snapshot, LINES, frame)
    write_table(snapshot, ACCOUNTS, [{"account_id": "A"}])
    assert told(checked(snapshot.parent)) == [(LINES, "date-range", "invoiced_on", 3)]
