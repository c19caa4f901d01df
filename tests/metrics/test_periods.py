"""Months, fiscal quarters and fiscal years: the same numbers, only over other days."""

import polars as pl
import pytest

from fixtures.stories import table_frame

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
FEBRUARY = "fiscal_year_start = 2"
MOVES = ("new", "reactivation", "expansion", "contraction", "churn", "fx", "transfer")


@pytest.fixture
def growing(company):
    """One new account of 1, 2, 4, … each month from January 2025, on its first day."""
    months = [f"{2025 + n // 12}-{n % 12 + 1:02}-01" for n in range(20)]
    return company(
        {
            ITEMS: [
                {"account_id": f"A{n}", "amount": 2**n, "valid_from": month}
                for n, month in enumerate(months)
            ],
            LINES: [{"amount": 2**n, "invoiced_on": month} for n, month in enumerate(months)],
        },
        settings=FEBRUARY,
    )


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("2026Q1", 1, 3), ("2026Q4", 10, 12), ("2027Q1", 13, 15), ("2027Q2", 16, 18), ("2026", 1, 12)],
)
def test_a_fiscal_year_that_starts_in_february(growing, period, first, last):
    """Fiscal 2026 is February 2025 to January 2026; its fourth quarter November to January."""
    cents = sum(2**n for n in range(first, last + 1))
    assert growing.value("mrr_new", "--period", period) == cents / 100
    assert growing.value("recurring_revenue", "--period", period) == cents / 100
    assert growing.value("mrr", "--period", period) == (2 ** (last + 1) - 1) / 100
    assert growing.value("new_accounts", "--period", period) == last - first + 1


def test_the_default_is_the_last_complete_fiscal_quarter(growing):
    """On 1 October 2026 that is May to July."""
    (row,) = growing.rows("--metric", "mrr")
    assert row["period"] == "2027Q2"


def test_quarters_of_february_name_cohorts_as_a_dimension(growing):
    by_cohort = growing.values("accounts", "--by", "cohort", "--period", "2026Q1")
    assert by_cohort == {"2025Q4": 1, "2026Q1": 3}


@pytest.fixture
def lively(company):
    """
    month end   June   July   August   September
    A            100      -       70          70
    B             50     90       90           -
    C              -     20       20          60
    """
    return company(
        {
            ITEMS: [
                {"account_id": "A", "valid_to": "2026-07-31"},
                {"account_id": "A", "amount": 70_00, "valid_from": "2026-08-31"},
                {"account_id": "B", "amount": 50_00, "valid_to": "2026-07-01"},
                {"account_id": "B", "amount": 90_00, "valid_from": "2026-07-01"}
                | {"valid_to": "2026-09-30"},
                {"account_id": "C", "amount": 20_00, "valid_from": "2026-07-31"}
                | {"valid_to": "2026-09-01"},
                {"account_id": "C", "amount": 60_00, "valid_from": "2026-09-01"},
            ],
            ACCOUNTS: [{"account_id": each, "segment": each} for each in "ABC"],
        }
    )


def test_a_quarter_sums_its_monthly_movements_round_trips_included(lively):
    moved = {kind: lively.value(f"mrr_{kind}") for kind in MOVES}
    assert moved == {
        "new": 20,
        "reactivation": 70,
        "expansion": 80,
        "contraction": 0,
        "churn": -190,
        "fx": 0,
        "transfer": 0,
    }
    assert lively.value("mrr", "--period", "2026Q2") + sum(moved.values()) == lively.value("mrr")


def test_an_account_may_be_counted_once_a_month_among_what_churned_and_returned(lively):
    assert lively.value("churned_accounts") == 2
    assert lively.values("churned_accounts", "--by", "segment") == {"A": 1, "B": 1, "C": 0}
    assert lively.values("reactivated_accounts", "--by", "segment") == {"A": 1, "B": 0, "C": 0}


def test_stage_tells_who_first_paid_in_the_period(lively):
    """C is new in the quarter; seen from September alone it exists."""
    assert lively.values("mrr", "--by", "stage") == {"existing": 70, "new": 60}
    assert lively.values("mrr", "--by", "stage", "--period", "2026-09") == {"existing": 130}
    assert lively.values("mrr_new", "--by", "stage") == {"existing": 0, "new": 20}
    assert lively.values("mrr_expansion", "--by", "stage") == {"existing": 40, "new": 40}


def test_a_band_is_of_the_accounts_whole_mrr_and_its_bound_belongs_above(company):
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", "amount": 99_99},
                {"account_id": "B", "amount": 60_00, "product": "Core"},
                {"account_id": "B", "amount": 40_00, "product": "Add-on"},
                {"account_id": "C", "amount": 10_000_00},
                {"account_id": "D", "amount": 0, "seats": 3},
            ]
        }
    )
    assert firm.values("mrr", "--by", "mrr_band") == {
        "below 100": 99.99,
        "100 to 500": 100,
        "10000 and above": 10_000,
        "none": 0,
    }


def test_an_account_that_changes_band_is_transferred(company):
    """80 in September 2026, 120 before: all of it leaves the higher band, 40 as contraction."""
    firm = company(
        {
            ITEMS: [
                {"amount": 120_00, "valid_to": "2026-09-10"},
                {"amount": 80_00, "valid_from": "2026-09-10"},
            ]
        }
    )
    transfers = firm.values("mrr_transfer", "--by", "mrr_band")
    assert transfers == {"100 to 500": -80, "below 100": 80}
    assert firm.values("mrr_contraction", "--by", "mrr_band") == {
        "100 to 500": -40,
        "below 100": 0,
    }


def test_two_dimensions_at_once(company):
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", "interval": "month"},
                {"account_id": "A", "interval": "year", "amount": 600_00, "plan": "Y"},
                {"account_id": "B", "interval": "year", "amount": 1_200_00},
            ],
            ACCOUNTS: [
                {"account_id": "A", "segment": "SMB"},
                {"account_id": "B"} | {"segment": None},
            ],
        }
    )
    assert firm.values("mrr", "--by", "segment,interval") == {
        "SMB/month": 100,
        "SMB/year": 50,
        "Unknown/year": 100,
    }


def test_a_running_period_is_counted_as_far_as_the_snapshot_goes(company):
    firm = company(
        {ITEMS: [{"valid_from": "2026-10-01"}, {"account_id": "B", "valid_from": "2026-10-20"}]},
        as_of="2026-10-15",
    )
    status, _, err = firm.ask("metrics", "--period", "2026-10")
    assert status == 2
    assert "2026-10-31" in err
    assert firm.value("mrr", "--period", "2026-10", "--partial") == 100


def test_february_ends_on_its_own_last_day(company):
    """2024 was a leap year."""
    ends = [
        {"account_id": "A", "valid_from": "2024-01-10", "valid_to": "2024-02-29"},
        {"account_id": "B", "valid_from": "2024-02-29", "valid_to": "2025-02-28"},
        {"account_id": "C", "valid_from": "2025-02-28"},
    ]
    firm = company({ITEMS: ends})
    periods = ("2024-01", "2024-02", "2025-01", "2025-02")
    assert [firm.value("accounts", "--period", period) for period in periods] == [1, 1, 1, 1]
    assert firm.value("churned_accounts", "--period", "2024-02") == 1
    assert firm.value("new_accounts", "--period", "2025-02") == 1


def test_splitting_a_table_into_files_changes_nothing(company, tmp_path):
    """One file, or a folder of three in another order: the same document to the last byte."""
    rows = [
        {"account_id": f"A{n % 5}", "amount": 100 * n, "item_id": f"I{n}", "plan": f"P{n}"}
        | {"valid_from": f"2026-0{n % 8 + 1}-15"}
        for n in range(24)
    ]
    firm = company({ITEMS: rows, LINES: [{}]})
    asked = ("metrics", "--format", "json", "--by", "segment,plan", "--metric", "mrr,accounts,nrr")
    before = firm.ask(*asked)
    folder = tmp_path / "snapshots/2026-10-01"
    (folder / f"{ITEMS}.parquet").unlink()
    (folder / ITEMS).mkdir()
    frame: pl.DataFrame = table_frame(ITEMS, rows).reverse()
    for part in range(3):
        frame[part * 8 : part * 8 + 8].write_parquet(folder / ITEMS / f"part-{part}.parquet")
    assert firm.ask(*asked) == before
    assert before[0] == 0
