"""What a year made of the accounts that paid at its start, by hand."""

import pytest

ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
ACCOUNTS, RATES = "crm/accounts", "billing/fx_rates"

#: What was paid on 30 September 2025, and what is since: the default period ends a year later.
THEN, NOW = {"valid_from": "2025-01-01", "valid_to": "2026-03-10"}, {"valid_from": "2026-03-10"}
ALWAYS = {"valid_from": "2025-01-01"}


def euros(*rates: tuple[str, float]) -> list[dict]:
    """Rates of every month from January 2025 to September 2026; each holds until the next."""
    months = [f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(21)]
    known = dict(rates)
    rows, rate = [], rates[0][1]
    for month in months:
        rate = known.get(month, rate)
        rows.append({"month": month, "rate": rate})
    return rows


@pytest.fixture
def published(company):
    """100,000 a month a year ago, + 15,000 − 5,000 − 3,000; and 9,000 that came since."""
    return company(
        {
            ITEMS: [
                {"account_id": "stays", "amount": 27_000_00, **ALWAYS},
                {"account_id": "grows", "amount": 40_000_00, **THEN},
                {"account_id": "grows", "amount": 55_000_00, **NOW},
                {"account_id": "shrinks", "amount": 30_000_00, **THEN},
                {"account_id": "shrinks", "amount": 25_000_00, **NOW},
                {"account_id": "leaves", "amount": 3_000_00, **THEN},
                {"account_id": "comes", "amount": 9_000_00, **NOW},
            ]
        }
    )


def test_the_published_example(published):
    """NRR 107%, GRR 92%: GRR takes the lesser account by account, not of the totals."""
    assert published.value("nrr") == 1.07
    assert published.value("grr") == 0.92


def test_without_accounts_a_year_ago_there_is_no_retention(published):
    (row,) = published.rows("--metric", "nrr", "--period", "2025-06")
    assert (row["value"], row["reason"]) == (None, "no account paid twelve months before")


def test_an_account_that_left_and_returned_is_retained(company):
    firm = company({ITEMS: [{"amount": 100_00, **THEN, "valid_to": "2025-11-05"}, {**NOW}]})
    assert (firm.value("nrr"), firm.value("grr")) == (1, 1)


def test_a_free_account_that_converted_is_not_in_it(company):
    firm = company(
        {ITEMS: [{"account_id": "A", "amount": 0, **THEN}, {**NOW}, {"account_id": "B", **ALWAYS}]}
    )
    assert firm.value("nrr") == 1


def test_both_ends_are_valued_at_the_last_days_rate(company):
    """100 euros were 120 dollars and are 150: nothing was gained. 50 dollars lost are 50."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "euro", "currency": "EUR", **ALWAYS},
                {"account_id": "dollar", **THEN},
                {"account_id": "dollar", "amount": 50_00, **NOW},
            ],
            RATES: euros(("2025-01", 1.2), ("2026-09", 1.5)),
        }
    )
    (row,) = firm.rows("--metric", "nrr")
    assert (row["numerator"], row["denominator"]) == (200, 250)


def test_a_segment_keeps_the_accounts_that_it_had_a_year_ago(company):
    """A was SMB and is Mid-market: its growth is SMB's retention."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", **THEN},
                {"account_id": "A", "amount": 160_00, **NOW},
                {"account_id": "B", **ALWAYS},
            ],
            ACCOUNTS: [
                {"account_id": "A", "segment": "SMB", "valid_to": "2026-05-01"},
                {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-05-01"},
                {"account_id": "B", "segment": "Mid-market"},
            ],
        }
    )
    assert firm.values("nrr", "--by", "segment") == {"SMB": 1.6, "Mid-market": 1}
    assert firm.values("grr", "--by", "segment") == {"SMB": 1, "Mid-market": 1}


@pytest.fixture
def adds_a_product(company):
    """Core 100 a year ago; now Core 80 and an Add-on of 50."""
    return company(
        {
            ITEMS: [
                {"product": "Core", **THEN},
                {"product": "Core", "amount": 80_00, **NOW},
                {"product": "Add-on", "amount": 50_00, "seats": 0, **NOW},
            ]
        }
    )


def test_a_product_is_each_rows_own_at_both_ends(adds_a_product):
    assert adds_a_product.values("nrr", "--by", "product") == {"Core": 0.8, "Add-on": None}
    assert adds_a_product.value("nrr") == 1.3


def test_the_lesser_of_an_accounts_two_ends_is_taken_within_each_product(adds_a_product):
    """In total the add-on makes up for what Core lost; in Core nothing does."""
    assert adds_a_product.values("grr", "--by", "product") == {"Core": 0.8, "Add-on": None}
    assert adds_a_product.value("grr") == 1


def test_a_family_is_retained_as_one_account(company):
    """One child leaves with 100, another grows by 100: GRR 1 as a family, 0.5 by account."""
    tables = {
        ITEMS: [
            {"account_id": "a", **THEN},
            {"account_id": "b", **THEN},
            {"account_id": "b", "amount": 200_00, **NOW},
        ],
        ACCOUNTS: [{"account_id": "a"}, {"account_id": "b", "parent_account_id": "a"}],
    }
    firm = company(tables, toml='[policies.group]\naccount_level = "parent"')
    assert firm.value("grr") == 0.5
    assert firm.value("grr", "--policy", "group") == 1


def test_a_row_that_ends_on_the_day_a_year_before_did_not_pay_on_it(company):
    """The year before 28 February 2026 is the end of February 2025, the 28th."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", "valid_from": "2025-01-01", "valid_to": "2025-02-28"},
                {"account_id": "B", "valid_from": "2025-02-28"},
            ]
        }
    )
    (row,) = firm.rows("--metric", "nrr", "--period", "2026-02")
    assert (row["numerator"], row["denominator"]) == (100, 100)


USAGE = [
    {"charge_type": "usage", "currency": "EUR", "amount": 100_00, "invoiced_on": f"{month}-10"}
    for month in (*(f"2025-{n:02}" for n in range(1, 13)), *(f"2026-{n:02}" for n in range(1, 10)))
]


def test_flat_usage_is_retained_whatever_the_exchange_rate_does(company):
    """100 euros of usage every month; the rate falls in September 2026: still 100%."""
    firm = company(
        {
            ITEMS: [{"amount": 0, "billing_unit": "usage", **ALWAYS}],
            LINES: USAGE,
            RATES: euros(("2025-01", 1.5), ("2026-09", 1.2)),
        },
        toml="[policy]\nusage_in_mrr = true",
    )
    assert firm.value("nrr") == 1


def test_flat_usage_moves_with_the_exchange_rate_alone(company):
    firm = company(
        {
            ITEMS: [{"amount": 0, "billing_unit": "usage", **ALWAYS}],
            LINES: USAGE,
            RATES: euros(("2025-01", 1.5), ("2026-09", 1.2)),
        },
        toml="[policy]\nusage_in_mrr = true",
    )
    assert firm.value("mrr_contraction") == 0
    assert firm.value("mrr_fx") == firm.value("mrr") - 150
