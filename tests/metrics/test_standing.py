"""The typical account, concentration, renewals and conversion on the last day, by hand."""

import pytest

ITEMS, ACCOUNTS = "billing/subscription_items", "crm/accounts"
RATES = "billing/fx_rates"


def accounts(*amounts: int) -> list[dict]:
    return [{"account_id": f"A{n}", "amount": amount * 100} for n, amount in enumerate(amounts)]


def test_the_median_of_an_odd_number_is_the_account_in_the_middle(company):
    assert company({ITEMS: accounts(10, 1_000, 70)}).value("arpa_median") == 70


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two(company):
    """Free accounts are not among them, and an account's rows count together."""
    rows = [*accounts(10, 1_000, 70, 0), {"account_id": "A0", "amount": 35_00, "plan": "Extra"}]
    assert company({ITEMS: rows}).value("arpa_median") == 70
    assert company({ITEMS: accounts(10, 20, 31, 1_000)}).value("arpa_median") == 25.5


def test_without_paying_accounts_there_is_no_median(company):
    (row,) = company({ITEMS: accounts(0)}).rows("--metric", "arpa_median")
    assert (row["value"], row["reason"]) == (None, "no paying accounts")


def test_the_ten_largest_of_twelve_hold_their_share(company):
    """1 to 12: 3 to 12 are 75 of 78."""
    firm = company({ITEMS: accounts(*range(1, 13))})
    assert firm.value("top10_share") == 75 / 78


def test_a_segment_has_ten_largest_accounts_of_its_own(company):
    people = [{"account_id": f"A{n}", "segment": "AB"[n == 11]} for n in range(12)]
    firm = company({ITEMS: accounts(*range(1, 13)), ACCOUNTS: people})
    assert firm.values("top10_share", "--by", "segment") == {"A": 65 / 66, "B": 1}


def term(account: str, day: str, **more: object) -> dict:
    return {"account_id": account, "term_ends_on": day, **more}


@pytest.fixture
def terms(company):
    """Terms that end around the fourth quarter of 2026 and October in it."""
    return company(
        {
            ITEMS: [
                term("last-day", "2026-09-30", amount=1_00),
                term("first-day", "2026-10-01", amount=2_00),
                term("october", "2026-10-31", amount=4_00),
                term("november", "2026-11-01", amount=8_00),
                term("year-end", "2026-12-31", amount=16_00),
                term("later", "2027-01-01", amount=32_00),
                term("open", None, amount=64_00),
                term("gone", "2026-10-10", amount=128_00, valid_to="2026-09-30"),
                term("trial", "2026-10-10", amount=256_00, status="trialing"),
                term("yearly", "2026-12-01", amount=1_200_00, discount=600_00, interval="year"),
                {"account_id": "october", "amount": 512_00, "plan": "Monthly"},
            ]
        }
    )


def test_renewals_due_are_the_paying_rows_whose_term_ends_in_the_next_period(terms):
    """2 + 4 + 8 + 16 and 50 of the yearly one; the account's other row is not due."""
    assert terms.value("renewals_due") == 80


def test_the_next_period_of_a_month_is_a_month(terms):
    assert terms.value("renewals_due", "--period", "2026-09") == 6


@pytest.fixture
def free_accounts(company):
    """Four accounts live and free at the end of June; two pay at the end of September."""
    free = {"amount": 0, "valid_from": "2026-05-01"}
    return company(
        {
            ITEMS: [
                {"account_id": "converts", "product": "Core", **free, "valid_to": "2026-08-01"},
                {"account_id": "converts", "product": "Core", "valid_from": "2026-08-01"},
                {"account_id": "adds", "product": "Core", **free},
                {"account_id": "adds", "product": "Add-on", "valid_from": "2026-09-30"},
                {"account_id": "tries", "product": "Core", **free, "valid_to": "2026-07-15"},
                {"account_id": "tries", "valid_from": "2026-07-15", "valid_to": "2026-09-30"},
                {"account_id": "stays-free", "product": "Add-on", **free},
                {"account_id": "pays", "product": "Core", "valid_from": "2026-05-01"},
                {"account_id": "trial", "status": "trialing", "valid_from": "2026-05-01"},
                {"account_id": "comes-free", "amount": 0, "valid_from": "2026-07-01"},
                {"account_id": "comes", "valid_from": "2026-07-01"},
            ]
        }
    )


def test_free_accounts_of_the_opening_that_pay_on_the_last_day(free_accounts):
    (row,) = free_accounts.rows("--metric", "free_to_paid")
    assert (row["numerator"], row["denominator"]) == (2, 4)


def test_a_free_account_converts_in_the_product_that_it_had_for_free(free_accounts):
    by_product = free_accounts.values("free_to_paid", "--by", "product")
    assert by_product == {"Core": 2 / 3, "Add-on": 0}


def test_a_trial_is_not_live_unless_the_policy_says_so(company):
    firm = company(
        {
            ITEMS: [
                {"status": "trialing", "amount": 0, "valid_to": "2026-08-01"},
                {"valid_from": "2026-08-01"},
            ]
        },
        toml='[policies.trials]\nlive_statuses = ["active", "trialing"]',
    )
    (row,) = firm.rows("--metric", "free_to_paid")
    assert row["reason"] == "no account was live and free at the opening"
    assert firm.value("free_to_paid", "--policy", "trials") == 1
    assert firm.value("mrr_new") == 100


@pytest.mark.parametrize(
    ("interval", "count", "mrr"),
    [
        ("day", 1, 3_041.666667),
        ("day", 30, 101.388889),
        ("week", 1, 433.333333),
        ("week", 2, 216.666667),
        ("month", 1, 100),
        ("month", 3, 33.333333),
        ("year", 1, 8.333333),
        ("year", 2, 4.166667),
    ],
)
def test_every_interval_is_turned_into_months(company, interval, count, mrr):
    firm = company({ITEMS: [{"interval": interval, "interval_count": count}]})
    assert firm.value("mrr") == mrr


@pytest.mark.parametrize(
    ("currency", "amount", "rate", "mrr"),
    [("JPY", 15_000, 0.0067, 100.5), ("KWD", 15_001, 3.25, 48.75325), ("EUR", 15_01, 1.1, 16.511)],
)
def test_minor_units_have_the_currencys_own_exponent(company, currency, amount, rate, mrr):
    firm = company(
        {
            ITEMS: [{"currency": currency, "amount": amount}],
            RATES: [
                {"month": f"2026-0{n}", "from_currency": currency, "rate": rate}
                for n in range(1, 10)
            ],
        }
    )
    assert firm.value("mrr") == mrr


def test_half_a_micro_unit_is_rounded_to_the_even_one_once_a_row(company):
    """1 cent a month over 8 months at 1.0004 is 1,250.5 micro-units: 1,250 a row, not 1,251."""
    rates = [{"month": f"2026-0{n}", "rate": 1.0004} for n in range(1, 10)]
    row = {"currency": "EUR", "amount": 1, "interval_count": 8}
    firm = company({ITEMS: [row, {**row, "plan": "B"}], RATES: rates})
    assert firm.value("mrr") == 0.0025
