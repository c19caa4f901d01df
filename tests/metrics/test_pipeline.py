"""What sales created, won and lost, and what is open, by hand."""

import pytest

ITEMS, OPPORTUNITIES = "billing/subscription_items", "crm/opportunities"
ACCOUNTS, TARGETS, RATES = "crm/accounts", "crm/targets", "billing/fx_rates"


def won(amount: int, created: str, closed: str, **more: object) -> dict:
    return {"amount": amount * 100, "created_on": created, "close_on": closed, **more}


def lost(amount: int, created: str, closed: str, **more: object) -> dict:
    return won(amount, created, closed, is_won=False, **more)


def still_open(amount: int, created: str, expected: str, **more: object) -> dict:
    return lost(amount, created, expected, is_closed=False, **more)


@pytest.fixture
def quarter(company):
    """The third quarter of 2026, its edges, and what lies beyond them."""
    return company(
        {
            ITEMS: [{}],
            OPPORTUNITIES: [
                won(1_000, "2026-06-01", "2026-07-01"),
                won(2_000, "2026-07-01", "2026-09-30"),
                won(4_000, "2026-08-01", "2026-08-11"),
                lost(9_000, "2026-07-15", "2026-08-15"),
                won(100, "2026-06-01", "2026-06-30"),
                won(200, "2026-09-30", "2026-10-01"),
                still_open(300, "2026-09-01", "2026-12-31"),
                still_open(500, "2026-05-01", "2026-10-01"),
                still_open(700, "2026-05-01", "2027-01-01"),
                still_open(800, "2026-10-01", "2026-11-01"),
                still_open(900, "2026-05-01", "2026-09-30"),
            ],
            TARGETS: [
                {"period": "2026Q4", "metric": "new_arr", "value": 2_500.0},
                {"period": "2026Q3", "metric": "new_arr", "value": 1.0},
                {"period": "2026Q4", "metric": "mrr", "value": 2.0},
                {"period": "2026Q4", "metric": "new_arr", "value": 500.0, "segment": "SMB"},
            ],
        }
    )


def test_won_of_won_and_lost_that_closed_in_the_period(quarter):
    assert quarter.value("win_rate") == 3 / 4
    assert quarter.value("win_rate_value") == 7_000 / 16_000
    assert quarter.value("opportunities_won") == 3
    assert quarter.value("won_value") == 7_000


def test_what_was_created_counts_by_the_day_it_was_created(quarter):
    """2,000, 4,000, the lost 9,000, 200 on the last day, and 300."""
    assert quarter.value("opportunities_created") == 5
    assert quarter.value("pipeline_created") == 15_500


def test_the_cycle_is_the_median_of_the_won(quarter):
    """30, 91 and 10 days; of two in September and July alone, the mean of the middle ones."""
    assert quarter.value("sales_cycle_days") == 30
    assert quarter.value("sales_cycle_days", "--period", "2026-08") == 10


def test_the_cycle_of_an_even_number_is_the_mean_of_the_middle_two(company):
    rows = [won(1, "2026-07-01", f"2026-07-{day}") for day in (11, 14, 31)]
    firm = company({ITEMS: [{}], OPPORTUNITIES: [*rows, won(1, "2026-07-01", "2026-07-02")]})
    assert firm.value("sales_cycle_days") == 11.5


def test_what_came_after_the_period_needs_no_rate_of_the_period(company):
    """A deal of July in euro; rates begin in July, and June is asked for."""
    rate = {"month": "2026-07-01", "from_currency": "EUR", "to_currency": "USD", "rate": 1.1}
    deal = won(100, "2026-07-02", "2026-07-20", currency="EUR")
    firm = company({ITEMS: [{}], OPPORTUNITIES: [deal], RATES: [rate]})
    assert firm.value("pipeline_open", "--period", "2026-06") == 0


def test_open_pipeline_is_what_was_open_on_the_last_day_and_closes_in_the_next_period(quarter):
    """300 and 500, and 200, which closed the day after."""
    assert quarter.value("pipeline_open") == 1_000
    assert quarter.value("pipeline_open", "--period", "2026-09") == 700


def test_coverage_is_against_the_next_periods_target(quarter):
    assert quarter.value("pipeline_coverage") == 0.4


def test_coverage_by_segment_is_against_the_segments_target(quarter):
    """An opportunity without an account is in no segment known."""
    found = quarter.rows("--metric", "pipeline_coverage", "--by", "segment")
    sides = {row["group"]["segment"]: (row["numerator"], row["denominator"]) for row in found}
    assert sides["SMB"] == (0, 500)
    assert sides["Unknown"][0] == 1_000


def test_without_a_target_there_is_no_coverage(quarter):
    (row,) = quarter.rows("--metric", "pipeline_coverage", "--period", "2026Q2")
    assert row["denominator"] == 1
    (row,) = quarter.rows("--metric", "pipeline_coverage", "--period", "2026-09")
    assert (row["value"], row["reason"]) == (None, "no new_arr target for the next period")


def test_without_decisions_there_is_no_win_rate(quarter):
    (row,) = quarter.rows("--metric", "win_rate", "--period", "2026-05")
    assert (row["value"], row["reason"]) == (None, "no opportunities closed")


def test_an_opportunitys_own_column_wins_over_its_accounts(company):
    firm = company(
        {
            ITEMS: [{}],
            ACCOUNTS: [{"account_id": "A", "owner": "Ada", "segment": "SMB"}],
            OPPORTUNITIES: [
                won(10, "2026-07-01", "2026-07-11", account_id="A", owner="Grace"),
                lost(10, "2026-07-01", "2026-07-11", account_id="A", owner="Linus"),
            ],
        }
    )
    by_owner = firm.values("win_rate", "--by", "owner")
    assert (by_owner["Grace"], by_owner["Linus"]) == (1, 0)
    assert firm.values("win_rate", "--by", "segment") == {"SMB": 0.5}


def test_opportunities_convert_at_the_last_days_rate(company):
    """Not at the rates of the days that they were created or closed on."""
    rates = [(7, 3.0), (8, 2.0), (9, 1.5)]
    firm = company(
        {
            ITEMS: [{}],
            OPPORTUNITIES: [won(100, "2026-07-01", "2026-08-10", currency="EUR")],
            RATES: [{"month": f"2026-0{n}", "rate": rate} for n, rate in rates],
        }
    )
    assert firm.value("won_value") == 150
    assert firm.value("won_value", "--period", "2026-08") == 200


def test_an_opportunity_of_a_child_is_its_parents_where_accounts_roll_up(company):
    """MRR of the family is Enterprise, and so is what it may yet buy."""
    firm = company(
        {
            ITEMS: [{"account_id": "child"}],
            ACCOUNTS: [
                {"account_id": "parent", "segment": "Enterprise"},
                {"account_id": "child", "segment": "SMB", "parent_account_id": "parent"},
            ],
            OPPORTUNITIES: [won(10, "2026-07-01", "2026-07-11", account_id="child")],
        },
        toml='[policy]\naccount_level = "parent"',
    )
    assert firm.values("mrr", "--by", "segment") == {"Enterprise": 100}
    assert firm.values("won_value", "--by", "segment") == {"Enterprise": 10}


def test_an_opportunity_of_another_time_needs_no_rate_of_this_one(company):
    """The euro came in 2026; the numbers of 2025 do not need its rate."""
    firm = company(
        {
            ITEMS: [{"valid_from": "2025-01-01"}],
            OPPORTUNITIES: [
                won(100, "2025-07-01", "2025-08-10"),
                won(100, "2026-02-01", "2026-03-10", currency="EUR"),
            ],
            RATES: [{"month": f"2026-0{n}", "rate": 1.5} for n in range(1, 10)],
        }
    )
    assert firm.value("won_value", "--period", "2025Q3") == 100
