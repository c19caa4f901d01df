"""What each month's opening lost, over the trailing twelve months, by hand."""

import pytest

ITEMS, ACCOUNTS, RATES = "billing/subscription_items", "crm/accounts", "billing/fx_rates"
SEPTEMBER = ("--period", "2026-09")


@pytest.fixture
def four_accounts(company):
    """
    month end     June   July   August   September
    shrinks        100     60       60          60
    leaves         100    100        -           -
    grows          100    100      100         130
    stays          100    100      100         100
    comes            -      -        -          70
    """
    june = {"valid_from": "2026-06-15"}
    return company(
        {
            ITEMS: [
                {"account_id": "shrinks", **june, "valid_to": "2026-07-20"},
                {"account_id": "shrinks", "amount": 60_00, "valid_from": "2026-07-20"},
                {"account_id": "leaves", **june, "valid_to": "2026-08-31"},
                {"account_id": "grows", **june, "valid_to": "2026-09-30"},
                {"account_id": "grows", "amount": 130_00, "valid_from": "2026-09-30"},
                {"account_id": "stays", **june},
                {"account_id": "comes", "amount": 70_00, "valid_from": "2026-09-02"},
            ]
        }
    )


def sides(firm, metric, *arguments):
    """The two sums of one number."""
    (row,) = firm.rows("--metric", metric, *arguments)
    return row["numerator"], row["denominator"]


def test_churned_accounts_are_divided_by_the_openings_that_there_are(four_accounts):
    """One of 4 + 4 + 3; June has no opening."""
    assert sides(four_accounts, "logo_churn") == (1, 11)
    assert four_accounts.value("logo_churn") == 1 / 11


def test_revenue_churn_is_churn_and_contraction(four_accounts):
    """40 and 100 of 400 + 360 + 260."""
    assert sides(four_accounts, "revenue_churn") == (140, 1_020)


def test_net_revenue_churn_is_less_expansion_but_not_less_what_is_new(four_accounts):
    assert sides(four_accounts, "net_revenue_churn") == (110, 1_020)


def test_a_month_and_a_quarter_with_the_same_end_have_the_same_trailing_churn(four_accounts):
    assert sides(four_accounts, "logo_churn", *SEPTEMBER) == (1, 11)
    assert sides(four_accounts, "logo_churn", "--period", "2026-08") == (1, 8)


def test_reactivation_is_taken_off_net_churn(company):
    """B pays to July, not in August, and half of it again in September."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", "valid_from": "2026-06-01"},
                {"account_id": "B", "valid_from": "2026-06-01", "valid_to": "2026-08-10"},
                {"account_id": "B", "amount": 50_00, "valid_from": "2026-09-10"},
            ]
        }
    )
    assert sides(firm, "revenue_churn") == (100, 500)
    assert sides(firm, "net_revenue_churn") == (50, 500)


def test_an_account_that_leaves_and_returns_within_a_month_did_not_leave(company):
    firm = company(
        {
            ITEMS: [
                {"valid_from": "2026-06-01", "valid_to": "2026-08-10"},
                {"valid_from": "2026-08-20"},
            ]
        }
    )
    assert firm.value("logo_churn") == 0


def test_an_account_that_leaves_and_returns_within_the_quarter_did_leave(company):
    firm = company(
        {
            ITEMS: [
                {"valid_from": "2026-06-01", "valid_to": "2026-07-10"},
                {"valid_from": "2026-08-20"},
            ]
        }
    )
    assert sides(firm, "logo_churn") == (1, 2)
    assert firm.value("churned_accounts") == firm.value("reactivated_accounts") == 1


def test_two_percent_a_month_compounds_to_a_fifth_a_year(company):
    """One of fifty: 1 − 0.98¹² = 21.5%, not 24%."""
    ends = [{"valid_to": "2026-09-10"}] + [{}] * 49
    firm = company(
        {
            ITEMS: [
                {"account_id": f"A{n}", "valid_from": "2026-08-10", **end}
                for n, end in enumerate(ends)
            ]
        }
    )
    assert firm.value("logo_churn") == 0.02
    assert round(firm.value("annual_logo_churn"), 3) == 0.215


def test_thirteen_months_ago_is_out_of_the_window(company):
    """B left in September 2025, C in October: a year to September 2026 knows C alone."""
    since = {"valid_from": "2025-01-01"}
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", **since},
                {"account_id": "B", **since, "valid_to": "2025-09-10"},
                {"account_id": "C", **since, "valid_to": "2025-10-10"},
            ]
        }
    )
    assert sides(firm, "logo_churn") == (1, 13)


def test_the_opening_is_valued_at_the_later_months_rate(company):
    """100 euros, 120 dollars at the opening, leave in September, when they are 150."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "euro", "currency": "EUR", "valid_from": "2026-08-01"}
                | {"valid_to": "2026-09-10"},
                {"account_id": "dollar", "valid_from": "2026-08-01"},
            ],
            RATES: [{"month": "2026-08", "rate": 1.2}, {"month": "2026-09", "rate": 1.5}],
        }
    )
    assert sides(firm, "revenue_churn") == (150, 250)


MOVES_UP = [
    {"account_id": "A", "segment": "SMB", "valid_to": "2026-09-05"},
    {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-09-05"},
]


def test_churn_is_the_segments_that_the_account_was_in_at_the_opening(company):
    firm = company(
        {
            ITEMS: [{"valid_from": "2026-08-01", "valid_to": "2026-09-20"}],
            ACCOUNTS: MOVES_UP,
        }
    )
    assert firm.values("logo_churn", "--by", "segment") == {"SMB": 1}
    assert firm.values("revenue_churn", "--by", "segment") == {"SMB": 1}


def test_expansion_is_taken_off_the_net_churn_of_the_openings_segment(company):
    """A moves up and grows by 60: SMB, which opened with it, shrank by −60%."""
    firm = company(
        {
            ITEMS: [
                {"valid_from": "2026-08-01", "valid_to": "2026-09-20"},
                {"amount": 160_00, "valid_from": "2026-09-20"},
            ],
            ACCOUNTS: MOVES_UP,
        }
    )
    assert firm.values("net_revenue_churn", "--by", "segment")["SMB"] == -0.6


def test_a_product_given_up_by_an_account_that_stays_is_no_churned_account(company):
    """It contracts by 40 of that product's 40, and churns from none."""
    firm = company(
        {
            ITEMS: [
                {"product": "Core", "valid_from": "2026-08-01"},
                {"product": "Add-on", "amount": 40_00, "valid_from": "2026-08-01"}
                | {"valid_to": "2026-09-10"},
            ]
        }
    )
    assert firm.values("logo_churn", "--by", "product") == {"Core": 0, "Add-on": 0}
    assert firm.values("revenue_churn", "--by", "product") == {"Core": 0, "Add-on": 1}


def test_gains_over_losses_are_the_quick_ratio(company):
    """New 100, reactivated 50 and expanded 30 over contracted 20 and churned 40: 3."""
    before, after = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
    firm = company(
        {
            ITEMS: [
                {"account_id": "new", **after},
                {"account_id": "back", "amount": 50_00, "valid_to": "2026-05-05"},
                {"account_id": "back", "amount": 50_00, **after},
                {"account_id": "grows", "amount": 10_00, **before},
                {"account_id": "grows", "amount": 40_00, **after},
                {"account_id": "shrinks", "amount": 30_00, **before},
                {"account_id": "shrinks", "amount": 10_00, **after},
                {"account_id": "leaves", "amount": 40_00, **before},
            ]
        }
    )
    assert sides(firm, "quick_ratio", *SEPTEMBER) == (180, 60)
    assert firm.value("quick_ratio", *SEPTEMBER) == 3


def test_the_quick_ratio_of_no_losses_is_null_with_the_reason(company):
    (row,) = company({ITEMS: [{"valid_from": "2026-09-10"}]}).rows("--metric", "quick_ratio")
    assert (row["value"], row["reason"]) == (None, "nothing contracted or churned")
