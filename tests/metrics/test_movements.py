"""What happens to an account is told apart correctly, in total and by group."""

import pytest

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
MOVES = "mrr_new,mrr_reactivation,mrr_expansion,mrr_contraction,mrr_churn,mrr_fx,mrr_transfer"


def moves(firm, period, *arguments):
    """Movements that are not zero, by kind and group."""
    rows = firm.rows("--metric", MOVES, "--period", period, *arguments)
    return {
        "/".join([row["metric"].removeprefix("mrr_"), *row["group"].values()]): row["value"]
        for row in rows
        if row["value"]
    }


def test_an_account_that_pauses_comes_back_as_reactivation(company):
    """50, 50, 0, 0, 50: new, nothing, churn, nothing, reactivation; not expansion."""
    firm = company(
        {
            ITEMS: [
                {"amount": 50_00, "valid_from": "2026-01-10", "valid_to": "2026-03-05"},
                {
                    "amount": 50_00,
                    "valid_from": "2026-03-05",
                    "status": "paused",
                    "valid_to": "2026-05-02",
                },
                {"amount": 50_00, "valid_from": "2026-05-02"},
            ]
        }
    )
    by_month = [moves(firm, f"2026-0{month}") for month in range(1, 6)]
    assert by_month == [{"new": 50}, {}, {"churn": -50}, {}, {"reactivation": 50}]
    assert firm.value("reactivated_accounts", "--period", "2026Q2") == 1


@pytest.mark.parametrize(("window", "kind"), [(0, "reactivation"), (2, "reactivation"), (1, "new")])
def test_after_a_longer_gap_than_the_window_an_account_is_new_again(company, window, kind):
    """March and April were not paid: a gap of two month ends."""
    firm = company(
        {ITEMS: [{"valid_to": "2026-03-05"}, {"valid_from": "2026-05-02"}]},
        toml=f"[policy]\nreactivation_window_months = {window}",
    )
    assert moves(firm, "2026-05") == {kind: 100}


def test_one_of_two_subscriptions_ending_is_contraction(company):
    firm = company(
        {
            ITEMS: [
                {"amount": 70_00},
                {"amount": 30_00, "valid_to": "2026-09-10", "subscription_id": "second"},
            ]
        }
    )
    assert moves(firm, "2026-09") == {"contraction": -30}
    assert firm.value("churned_accounts", "--period", "2026-09") == 0


def test_a_plan_switch_is_one_movement(company):
    firm = company(
        {
            ITEMS: [
                {"plan": "Team", "amount": 50_00, "valid_to": "2026-09-10"},
                {"plan": "Business", "amount": 80_00, "valid_from": "2026-09-10"},
            ]
        }
    )
    assert moves(firm, "2026-09") == {"expansion": 30}
    by_plan = moves(firm, "2026-09", "--by", "plan")
    assert by_plan == {"transfer/Team": -50, "transfer/Business": 50, "expansion/Business": 30}


def test_transfers_are_shared_in_proportion_by_largest_remainder(company):
    """10 cents lost by Core, 30 gained by three: 3 cents and a third each; ties by label."""
    until, since = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
    firm = company(
        {
            ITEMS: [
                {"product": "Stays", "amount": 1_00},
                {"product": "Core", "currency": "KWD", "amount": 1, **until},
                *[{"product": name, "amount": 10, **since} for name in ("C", "A", "B")],
            ],
            "billing/fx_rates": [
                {"month": f"2026-0{month}", "from_currency": "KWD", "rate": 0.1}
                for month in range(1, 10)
            ],
        }
    )
    shared = moves(firm, "2026-09", "--by", "product")
    assert shared["transfer/Core"] == -0.0001
    shares = [shared[f"transfer/{name}"] for name in "ABC"]
    assert shares == [0.000034, 0.000033, 0.000033]
    assert shared["expansion/A"] == 0.099966


def test_an_account_that_changes_segment_is_transferred_not_churned(company):
    firm = company(
        {
            ITEMS: [
                {"amount": 40_00, "valid_to": "2026-09-10"},
                {"amount": 55_00, "valid_from": "2026-09-10"},
            ],
            ACCOUNTS: [
                {"account_id": "A", "segment": "SMB", "valid_to": "2026-09-20"},
                {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-09-20"},
            ],
        }
    )
    assert moves(firm, "2026-09", "--by", "segment") == {
        "transfer/SMB": -40,
        "transfer/Mid-market": 40,
        "expansion/Mid-market": 15,
    }
    assert firm.values("churned_accounts", "--by", "segment", "--period", "2026-09") == {
        "Mid-market": 0,
        "SMB": 0,
    }


def test_a_new_account_counts_in_each_group_where_it_has_mrr_and_once_in_total(company):
    firm = company(
        {ITEMS: [{"product": name, "valid_from": "2026-09-02"} for name in ("Core", "Add-on")]}
    )
    assert firm.value("new_accounts", "--period", "2026-09") == 1
    by_product = firm.values("new_accounts", "--period", "2026-09", "--by", "product")
    assert by_product == {"Core": 1, "Add-on": 1}


def test_credits_that_outweigh_a_month_close(company):
    """
    month    charged   credited   mrr
    March        100          -   100   new
    April          -         30   -30   churn, 130
    May            -          -     0   the 30 come back as churn: 100 were lost
    """
    firm = company(
        {
            LINES: [
                {"amount": 100_00, "invoiced_on": "2026-03-10"},
                {"amount": -30_00, "entry_type": "credit", "invoiced_on": "2026-04-10"},
            ]
        },
        toml='[policy]\nmrr_source = "invoices"',
    )
    assert [moves(firm, f"2026-0{month}") for month in (3, 4, 5)] == [
        {"new": 100},
        {"churn": -130},
        {"churn": 30},
    ]
    assert moves(firm, "2026Q2") == {"churn": -100}
    assert [firm.value("accounts", "--period", f"2026-0{month}") for month in (3, 4, 5)] == [
        1,
        0,
        0,
    ]
    assert firm.value("churned_accounts", "--period", "2026Q2") == 1


def test_the_last_day_of_a_month_is_not_live_when_the_row_ends_on_it(company):
    """Intervals are half-open: a row to 30 September is not live on 30 September."""
    ends = [{"valid_to": "2026-09-30", "plan": "A"}, {"valid_to": "2026-10-01", "plan": "B"}]
    firm = company({ITEMS: ends})
    assert firm.value("mrr", "--period", "2026-09") == 100
