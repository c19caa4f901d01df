"""An export may call its own columns what it likes; the engine's columns never get in their way."""

import pytest
from polars import Binary, DataType, Int64, List, String, Struct

from fixtures.stories import write_table

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
SNAPSHOT = "snapshots/2026-10-01"

#: Names of columns inside facts and sheets.
TAKEN = (
    "account_median",
    "accounts_opening",
    "active_users",
    "age",
    "amount",
    "base",
    "before",
    "bottom",
    "change",
    "churn",
    "closing",
    "day",
    "event",
    "group",
    "kind",
    "leads",
    "metric",
    "month_number",
    "mrr",
    "net",
    "part",
    "period",
    "rate",
    "revenue",
    "seats",
    "since",
    "total",
    "transfer",
    "until",
    "users",
    "value",
)


def named(company, tmp_path, table: str, column: str):
    """Two accounts, of which one grows in the period, told apart by a column of that name."""
    rows = {
        ACCOUNTS: [{"account_id": "A"}, {"account_id": "B"}],
        ITEMS: [
            {"account_id": "A", "amount": 100_00, "valid_to": "2026-08-05"},
            {"account_id": "A", "amount": 150_00, "valid_from": "2026-08-05"},
            {"account_id": "B", "amount": 50_00},
        ],
        LINES: [
            {"account_id": "A", "invoiced_on": "2026-08-01"},
            {"account_id": "B", "invoiced_on": "2026-08-01", "amount": 30_00},
        ],
    }
    firm = company(rows)
    marked = [{**row, column: f"of {row['account_id']}"} for row in rows[table]]
    write_table(tmp_path / SNAPSHOT, table, marked, extra={column: String})
    return firm


@pytest.mark.parametrize("column", [each for each in TAKEN if each not in {"amount", "seats"}])
def test_an_accounts_column_of_any_name_can_be_segmented_by(company, tmp_path, column):
    firm = named(company, tmp_path, ACCOUNTS, column)
    assert firm.values("mrr", "--by", column) == {"of A": 150, "of B": 50}
    assert firm.values("mrr_expansion", "--by", column) == {"of A": 50, "of B": 0}
    assert firm.values("nrr", "--by", column) == {"of A": None, "of B": None}
    assert firm.values("recurring_revenue", "--by", column) == {"of A": 100, "of B": 30}
    assert len(firm.rows("--by", f"{column},product")) > 0


@pytest.mark.parametrize("column", [each for each in TAKEN if each not in {"amount", "seats"}])
def test_an_items_column_of_any_name_can_be_segmented_by(company, tmp_path, column):
    firm = named(company, tmp_path, ITEMS, column)
    assert firm.values("mrr", "--by", column) == {"of A": 150, "of B": 50}
    assert firm.values("mrr_expansion", "--by", column) == {"of A": 50, "of B": 0}
    assert len(firm.rows("--by", f"{column},product")) > 0


@pytest.mark.parametrize("column", [each for each in TAKEN if each not in {"amount", "seats"}])
def test_a_lines_column_of_any_name_can_be_segmented_by(company, tmp_path, column):
    firm = named(company, tmp_path, LINES, column)
    assert firm.values("recurring_revenue", "--by", column) == {"of A": 100, "of B": 30}


@pytest.mark.parametrize("column", ["rate", "change", "numerator", "metric", "group", "age"])
@pytest.mark.parametrize("how", ["table", "csv", "json"])
def test_a_column_of_any_name_can_be_shown(company, tmp_path, column, how):
    firm = named(company, tmp_path, ACCOUNTS, column)
    ends = ("--from", "2026-07", "--to", "2026-08")
    for command in (("metrics",), ("bridge", "--metric", "arpa", *ends), ("cohorts",)):
        status, out, err = firm.ask(*command, "--by", f"{column},segment", "--format", how)
        assert (status, "of A" in out or command[0] == "cohorts") == (0, True), err


def test_what_cannot_be_had_is_said_in_the_names_that_were_asked_for(company, tmp_path):
    rows = named(company, tmp_path, ACCOUNTS, "value").rows("--metric", "cac", "--by", "value")
    assert {row["reason"] for row in rows} == {"crm/spend was not exported"}
    write_table(tmp_path / SNAPSHOT, "crm/spend", [{}])
    rows = named(company, tmp_path, ACCOUNTS, "value").rows("--metric", "cac", "--by", "value")
    assert {row["reason"] for row in rows} == {"crm/spend is not recorded by value"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [(List(Int64), [1]), (Struct({"a": Int64}), {"a": 1}), (Binary(), b"\xff\x00")],
    ids=str,
)
def test_a_column_that_is_no_plain_value_is_refused(
    company, tmp_path, kind: DataType, value: object
):
    firm = company({ITEMS: [{}]})
    rows = [{"account_id": "A", "odd": value}]
    write_table(tmp_path / SNAPSHOT, ACCOUNTS, rows, extra={"odd": kind})
    assert firm.value("mrr") == 100
    status, out, err = firm.ask("metrics", "--by", "odd")
    assert (status, out) == (2, ""), err
    assert "odd" in err
