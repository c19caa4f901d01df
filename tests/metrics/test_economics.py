"""What accounts cost and bring: LTV, CAC, payback and margin, by hand."""

import pytest

ITEMS, SPEND, ACCOUNTS = "billing/subscription_items", "crm/spend", "crm/accounts"
RATES = "billing/fx_rates"


def accounts(count: int, prefix: str = "A", **more: object) -> list[dict]:
    return [{"account_id": f"{prefix}{n}", **more} for n in range(count)]


@pytest.fixture
def published(company):
    """ARPA 500, margin 75%, churn 2.5%, CAC 6,000: of forty one leaves, one comes for 6,000."""
    each = {"amount": 500_00, "seats": 4}
    return company(
        {
            ITEMS: [
                *accounts(39, **each, valid_from="2026-08-10"),
                *accounts(1, "left", **each, valid_from="2026-08-10", valid_to="2026-09-10"),
                *accounts(1, "new", **each, valid_from="2026-09-10"),
            ],
            SPEND: [{"month": "2026-09", "amount": 6_000_00}],
        },
        toml="[policy]\ngross_margin = 0.75",
    )


def test_the_published_lifetime_value(published):
    """LTV 15,000; 2.5 times the cost."""
    assert published.value("logo_churn") == 0.025
    assert published.value("ltv") == pytest.approx(15_000)
    assert published.value("cac", "--period", "2026-09") == 6_000
    assert published.value("ltv_cac", "--period", "2026-09") == pytest.approx(2.5)


def test_the_same_per_user(published):
    """ARPU 125: LTV 3,750 a user; 6,000 for the four seats that came: 1,500; 2.5 times."""
    september = ("--period", "2026-09")
    assert published.value("ltv_user") == pytest.approx(3_750)
    assert published.value("cac_user", *september) == 1_500
    assert published.value("ltv_cac_user", *september) == pytest.approx(2.5)
    assert published.value("cac_payback_months", *september) == 6_000 / 375
    assert published.value("cac_payback_months_user", *september) == 1_500 / 93.75


def test_a_published_user_pays_back_in_six_months(company):
    """ARPU 121.21, margin 75%, CAC 545 a user: 6.0 months; at ARPU 150, 4.8."""
    for arpu, months in ((121_21, 6.0), (150_00, 4.8)):
        firm = company(
            {
                ITEMS: [{"amount": arpu, "valid_from": "2026-09-01"}],
                SPEND: [{"month": "2026-09", "amount": 545_00}],
            },
            toml="[policy]\ngross_margin = 0.75",
        )
        assert round(firm.value("cac_payback_months_user", "--period", "2026-09"), 1) == months


def test_a_published_user_is_worth_eight_times_its_cost(company):
    """ARPU 121.21, margin 75%, churn 2%, CAC 545 a user: LTV 4,545, 8.3 times; 21.5% a year."""
    each = {"amount": 121_21, "valid_from": "2026-08-10"}
    firm = company(
        {
            ITEMS: [
                *accounts(49, **each),
                *accounts(1, "left", **each, valid_to="2026-09-10"),
                *accounts(1, "new", **each | {"valid_from": "2026-09-10"}),
            ],
            SPEND: [{"month": "2026-09", "amount": 545_00}],
        },
        toml="[policy]\ngross_margin = 0.75",
    )
    september = ("--period", "2026-09")
    assert round(firm.value("ltv_user", *september)) == 4_545
    assert round(firm.value("ltv_cac_user", *september), 1) == 8.3
    assert round(firm.value("annual_logo_churn", *september), 3) == 0.215


def test_without_churn_there_is_no_lifetime(company):
    firm = company({ITEMS: [{}], SPEND: [{"month": "2026-09"}]})
    reasons = {row["metric"]: row["reason"] for row in firm.rows("--metric", "ltv,ltv_user")}
    assert reasons == dict.fromkeys(("ltv", "ltv_user"), "no churn observed")
    assert firm.value("ltv") is None
    assert firm.value("logo_churn") == 0


def test_a_lifetime_may_be_capped(company):
    """Without churn 36 months of 100 at 80%; where it leaves sooner, the cap changes nothing."""
    tables = {ITEMS: accounts(3) + accounts(1, "left", valid_to="2026-09-10")}
    capped = "[policy]\nmax_lifetime_months = {}"
    assert company(tables, toml=capped.format(36)).value("ltv", "--period", "2026-08") == 2_880
    assert company(tables, toml=capped.format(10)).value("ltv") == pytest.approx(800)
    churn = company(tables, toml=capped.format(10_000)).value("logo_churn")
    assert company(tables, toml=capped.format(10_000)).value("ltv") == pytest.approx(80 / churn)


def test_a_cap_is_no_lifetime_where_there_was_no_opening_to_lose_from(company):
    """A value is null exactly where a reason says why."""
    firm = company(
        {ITEMS: [{"valid_from": "2026-09-01"}]}, toml="[policy]\nmax_lifetime_months = 60"
    )
    (row,) = firm.rows("--metric", "ltv", "--period", "2026-09")
    assert (row["value"] is None) == (row["reason"] is not None)


def test_cac_is_the_spend_of_the_periods_months_over_new_accounts(company):
    """900 over three new accounts, one of which has left again; returned ones do not count."""
    firm = company(
        {
            ITEMS: [
                *accounts(2, "new", seats=5, valid_from="2026-08-10"),
                {"account_id": "gone", "valid_from": "2026-07-10", "valid_to": "2026-09-10"},
                {"account_id": "back", "valid_to": "2026-05-10"},
                {"account_id": "back", "valid_from": "2026-09-10"},
            ],
            SPEND: [
                {"month": month, "amount": amount}
                for month, amount in (
                    ("2026-06", 7_00),
                    ("2026-07", 400_00),
                    ("2026-09", 500_00),
                    ("2026-10", 9_00),
                )
            ],
        }
    )
    assert firm.value("cac") == 300
    assert firm.value("cac_user") == 90


def test_a_lag_shifts_the_spend_back(company):
    tables = {
        ITEMS: [{"valid_from": "2026-08-10"}],
        SPEND: [
            {"month": f"2026-0{n}", "amount": 10**k * 100} for k, n in enumerate((4, 5, 6, 7, 8, 9))
        ],
    }
    firm = company(tables, toml="[policy]\ncac_lag_months = 2")
    assert firm.value("cac") == 10 + 100 + 1_000
    assert firm.value("cac", "--period", "2026-08") == 100


def test_spend_is_converted_at_its_own_months_rate(company):
    rates = [("2026-06", 2.0), ("2026-07", 1.0), ("2026-08", 3.0), ("2026-09", 1.0)]
    firm = company(
        {
            ITEMS: [{"valid_from": "2026-08-10"}],
            SPEND: [{"month": month, "currency": "EUR"} for month in ("2026-06", "2026-08")],
            RATES: [{"month": month, "rate": rate} for month, rate in rates],
        },
        toml='[policies.lagging]\ncac_lag_months = 1\n[policies.constant]\nfx = "constant:2026-09"',
    )
    assert firm.value("cac") == 3_000
    assert firm.value("cac", "--policy", "lagging") == 5_000
    assert firm.value("cac", "--policy", "constant") == 1_000


def test_cac_by_channel_sets_spend_against_the_accounts_of_that_channel(company):
    firm = company(
        {
            ITEMS: accounts(3, valid_from="2026-09-10"),
            ACCOUNTS: [
                {"account_id": f"A{n}", "channel": "Outbound" if n else "Partner"} for n in range(3)
            ],
            SPEND: [
                {"month": "2026-09", "channel": channel, "amount": amount}
                for channel, amount in (
                    ("Outbound", 600_00),
                    ("Partner", 100_00),
                    ("Events", 50_00),
                )
            ],
        }
    )
    rows = firm.rows("--metric", "cac", "--by", "channel")
    found = {row["group"]["channel"]: (row["value"], row["reason"]) for row in rows}
    assert found == {
        "Outbound": (300, None),
        "Partner": (100, None),
        "Events": (None, "no new accounts"),
    }


@pytest.mark.parametrize("dimension", ["segment", "product"])
def test_cac_by_what_spend_does_not_carry_is_null_with_the_reason(company, dimension):
    firm = company({ITEMS: [{"valid_from": "2026-09-10"}], SPEND: [{"month": "2026-09"}]})
    (row,) = firm.rows("--metric", "cac", "--by", dimension)
    assert row["value"] is None
    assert row["reason"] == f"crm/spend is not recorded by {dimension}"


def test_payback_is_of_newcomers_still_paying_at_what_they_pay_now(company):
    """CAC 240; of three newcomers two pay, 40 and 80: ARPA 60 × 80% = 48 a month: 5 months."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "old", "amount": 9_000_00},
                {"account_id": "a", "amount": 10_00, "valid_from": "2026-07-10"}
                | {"valid_to": "2026-08-20"},
                {"account_id": "a", "amount": 40_00, "valid_from": "2026-08-20"},
                {"account_id": "b", "amount": 80_00, "valid_from": "2026-09-10"},
                {"account_id": "c", "valid_from": "2026-07-10", "valid_to": "2026-08-10"},
            ],
            SPEND: [{"month": "2026-07", "amount": 720_00}],
        }
    )
    assert firm.value("cac") == 240
    assert firm.value("cac_payback_months") == pytest.approx(5)


def test_margin_is_weighted_by_what_each_product_brings(company):
    """100 at 90% and 300 at the default 50%: 60%."""
    firm = company(
        {ITEMS: [{"product": "Core"}, {"product": "Services", "amount": 300_00}]},
        toml="[policy]\ngross_margin = 0.5\ngross_margin_by_product = { Core = 0.9 }",
    )
    assert firm.value("gross_margin") == 0.6
    assert firm.values("gross_margin", "--by", "product") == {"Core": 0.9, "Services": 0.5}


def test_one_margin_for_all_products_holds_for_each(company):
    firm = company({ITEMS: [{"product": "Core"}, {"product": "Add-on"}]})
    by_product = firm.values("gross_margin", "--by", "product")
    assert by_product == {"Core": 0.8, "Add-on": 0.8}


def test_all_metrics_can_be_asked_for_by_product(company):
    assert company({ITEMS: [{}]}).ask("metrics", "--by", "product")[0] == 0


def test_a_payback_without_margin_says_why_it_has_no_value(company):
    firm = company(
        {ITEMS: [{"valid_from": "2026-09-01"}], SPEND: [{"month": "2026-09"}]},
        toml="[policy]\ngross_margin = 0.0",
    )
    (row,) = firm.rows("--metric", "cac_payback_months", "--period", "2026-09")
    assert row["value"] is None
    assert row["reason"]
