"""What is recognised in a period, what was taken off, and averages over it, by hand."""

import pytest

ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
RATES = "billing/fx_rates"
YEAR = {"service_from": "2026-01-01", "service_to": "2027-01-01", "amount": 365_00}


def test_a_year_is_spread_by_day(company):
    firm = company({LINES: [YEAR], ITEMS: [{}]})
    assert firm.value("recurring_revenue", "--period", "2026-02") == 28
    assert firm.value("recurring_revenue", "--period", "2026Q3") == 92


def test_a_year_is_spread_evenly_over_months_by_policy(company):
    """And by day where it does not begin and end with a month."""
    part = {"service_from": "2026-02-15", "service_to": "2026-03-15", "amount": 28_00}
    firm = company(
        {LINES: [{**YEAR, "amount": 120_00}, part], ITEMS: [{}]},
        toml='[policy]\nrecognition = "months"',
    )
    assert firm.value("recurring_revenue", "--period", "2026-02") == 10 + 14
    assert firm.value("recurring_revenue", "--period", "2026Q1") == 30 + 28


def test_months_of_a_line_add_up_to_it_and_each_takes_its_own_rate(company):
    """100 yen over 90 days: 34.444444, 31.111112 and 34.444444 yen."""
    line = {"service_from": "2026-01-01", "service_to": "2026-04-01", "currency": "JPY"}
    firm = company(
        {
            LINES: [{**line, "amount": 100}],
            ITEMS: [{}],
            RATES: [
                {"month": f"2026-0{n}", "from_currency": "JPY", "rate": rate}
                for n, rate in ((1, 1.0), (2, 0.5), (3, 2.0))
            ],
        }
    )
    months = [firm.value("recurring_revenue", "--period", f"2026-0{n}") for n in (1, 2, 3)]
    assert months == [34.444444, 15.555556, 68.888888]


def test_a_line_without_service_dates_falls_on_its_invoice(company):
    firm = company({LINES: [{"invoiced_on": "2026-09-30"}], ITEMS: [{}]})
    assert firm.value("recurring_revenue", "--period", "2026-09") == 100


@pytest.fixture
def reduced(company):
    """A charge of 100 less 10, a fee of 50 less 5, a credit of 30, refunds of 7 and 3."""
    day = {"invoiced_on": "2026-09-10"}
    return company(
        {
            ITEMS: [{}],
            LINES: [
                {"discount": 10_00, "tax": 20_00, **day},
                {"charge_type": "one_time", "amount": 50_00, "discount": 5_00, **day},
                {"entry_type": "credit", "amount": -30_00, **day},
                {"entry_type": "refund", "amount": -7_00, **day},
                {"entry_type": "refund", "charge_type": "usage", "amount": -3_00, **day},
                {"entry_type": "credit", "amount": -900_00, "invoiced_on": "2026-10-01"},
            ],
        }
    )


def test_revenue_is_net_of_discounts_credits_and_refunds_without_tax(reduced):
    assert reduced.value("recurring_revenue") == 53
    assert reduced.value("one_time_revenue") == 45
    assert reduced.value("usage_revenue") == -3


def test_what_was_taken_off_is_shown_as_magnitudes(reduced):
    taken = [reduced.value(name) for name in ("discounts", "credits", "refunds")]
    assert taken == [15, 30, 10]


def test_a_credit_with_service_dates_is_recognised_over_them(company):
    line = {"entry_type": "credit", "amount": -60_00, "service_from": "2026-09-16"}
    firm = company({LINES: [{**line, "service_to": "2026-10-16"}], ITEMS: [{}]})
    assert firm.value("credits", "--period", "2026-09") == 30


def test_averages_of_revenue_are_over_the_months_users_and_accounts(company):
    """
    month end     July   August   September
    users            2        2           6      10 user-months
    accounts         1        1           2       4 account-months
    """
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", "seats": 2, "valid_from": "2026-07-10"},
                {"account_id": "B", "seats": 3, "valid_from": "2026-09-10"},
                {"account_id": "C", "seats": 1, "amount": 0, "valid_from": "2026-09-10"},
            ],
            LINES: [
                {"amount": 300_00, "invoiced_on": "2026-08-10"},
                {"charge_type": "one_time", "invoiced_on": "2026-08-10"},
            ],
        }
    )
    assert firm.value("arpu_revenue") == 30
    assert firm.value("arpa_revenue") == 75


def test_revenue_is_booked_in_the_segment_of_each_months_end(company):
    """A is SMB until 15 August: July is SMB's, August and September Mid-market's."""
    line = {"service_from": "2026-07-01", "service_to": "2026-10-01", "amount": 92_00}
    firm = company(
        {
            LINES: [line],
            ITEMS: [{}],
            "crm/accounts": [
                {"account_id": "A", "segment": "SMB", "valid_to": "2026-08-15"},
                {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-08-15"},
            ],
        }
    )
    by_segment = firm.values("recurring_revenue", "--by", "segment")
    assert by_segment == {"SMB": 31, "Mid-market": 61}
