"""Which group a number falls into, and what is said where there is none."""

import json

import pytest

ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
ACCOUNTS, USERS = "crm/accounts", "billing/account_users"


def test_a_null_attribute_is_shown_as_unknown(company):
    firm = company({ITEMS: [{}], ACCOUNTS: [{"account_id": "A", "segment": None}]})
    assert firm.values("mrr", "--by", "segment") == {"Unknown": 100}


def test_an_account_that_the_crm_does_not_know_is_shown_as_unknown(company):
    firm = company(
        {ITEMS: [{}, {"account_id": "ghost"}], ACCOUNTS: [{"account_id": "A", "segment": "SMB"}]}
    )
    assert firm.values("mrr", "--by", "segment") == {"SMB": 100, "Unknown": 100}


def test_a_day_outside_the_history_rows_is_unknown(company):
    history = {"account_id": "A", "segment": "SMB", "valid_from": "2026-08-01"}
    firm = company({ITEMS: [{}], ACCOUNTS: [history]})
    by_segment = ("--by", "segment", "--period")
    assert firm.values("mrr", *by_segment, "2026-07") == {"Unknown": 100}
    assert firm.values("mrr", *by_segment, "2026-08") == {"SMB": 100, "Unknown": 0}


def test_an_extra_column_can_be_segmented_by(company, tmp_path):
    from polars import String

    from fixtures.stories import write_table

    firm = company({ITEMS: [{}]})
    rows = [{"account_id": "A", "size_band": "11-50"}]
    write_table(tmp_path / "snapshots/2026-10-01", ACCOUNTS, rows, extra={"size_band": String})
    assert firm.values("arpa", "--by", "size_band") == {"11-50": 100}


def test_a_tables_own_column_wins_over_the_accounts(company, tmp_path):
    from polars import String

    from fixtures.stories import write_table

    firm = company({ITEMS: [{}]})
    rows = [{"segment": "Self-serve deal"}]
    write_table(tmp_path / "snapshots/2026-10-01", ITEMS, rows, extra={"segment": String})
    assert firm.values("mrr", "--by", "segment") == {"Self-serve deal": 100}


def test_an_account_with_two_products_counts_in_each_and_once_in_total(company):
    firm = company({ITEMS: [{"product": "Core"}, {"product": "Add-on", "seats": 0}]})
    assert firm.values("accounts", "--by", "product") == {"Core": 1, "Add-on": 1}
    assert firm.value("accounts") == 1


def test_an_unknown_dimension_is_refused_with_the_nearest_name(company):
    status, out, err = company({ITEMS: [{}]}).ask("metrics", "--by", "segmant")
    assert (status, out) == (2, "")
    assert "did you mean `segment`" in err


def test_a_dimension_that_a_table_does_not_carry_gives_null_and_the_reason(company):
    firm = company({ITEMS: [{}], LINES: [{}]})
    rows = firm.rows("--metric", "mrr,recurring_revenue", "--by", "billing_unit")
    assert [(row["value"], row["reason"]) for row in rows] == [
        (100, None),
        (None, "billing/invoice_lines is not recorded by billing_unit"),
    ]


def test_a_table_that_was_not_exported_gives_null_and_the_reason(company):
    (row,) = company({ITEMS: [{}]}).rows("--metric", "usage_revenue")
    assert (row["value"], row["reason"]) == (None, "billing/invoice_lines was not exported")


def test_a_ratio_without_a_denominator_is_null_with_the_reason(company):
    firm = company({ITEMS: [{"amount": 0, "seats": 5}]})
    (row,) = firm.rows("--metric", "arpa")
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 0, None)
    assert row["reason"] == "no paying accounts"


def test_a_group_that_ended_is_a_row_with_zero_not_an_absent_one(company):
    firm = company({ITEMS: [{"product": "Core"}, {"product": "Legacy", "valid_to": "2026-08-15"}]})
    assert firm.values("mrr", "--by", "product") == {"Core": 100, "Legacy": 0}


@pytest.fixture
def family(company):
    """A parent that pays nothing itself, a child and a grandchild that do, and a stranger."""
    tables = {
        ITEMS: [{"account_id": "child"}, {"account_id": "grandchild"}, {"account_id": "other"}],
        ACCOUNTS: [
            {"account_id": "parent", "segment": "Enterprise"},
            {"account_id": "child", "parent_account_id": "parent"},
            {"account_id": "grandchild", "parent_account_id": "child"},
            {"account_id": "other"},
        ],
    }
    return company(tables, toml='[policies.group]\naccount_level = "parent"')


def test_accounts_roll_up_to_their_topmost_parent(family):
    assert family.value("accounts") == 3
    assert family.value("accounts", "--policy", "group") == 2
    assert family.value("arpa", "--policy", "group") == 150
    by_segment = family.values("mrr", "--policy", "group", "--by", "segment")
    assert by_segment == {"Enterprise": 200, "SMB": 100}


def test_a_child_that_leaves_is_contraction_of_its_parent(company):
    firm = company(
        {
            ITEMS: [{"account_id": "a"}, {"account_id": "b", "valid_to": "2026-09-10"}],
            ACCOUNTS: [{"account_id": "a"}, {"account_id": "b", "parent_account_id": "a"}],
        },
        toml='[policy]\naccount_level = "parent"',
    )
    assert firm.value("mrr_contraction", "--period", "2026-09") == -100
    assert firm.value("mrr_churn", "--period", "2026-09") == 0


def test_seats_come_from_account_users_where_mrr_comes_from_invoices(company):
    firm = company(
        {
            LINES: [{"account_id": "A", "invoiced_on": "2026-09-10"}],
            USERS: [
                {"account_id": "A", "month": "2026-09", "active_users": 4},
                {"account_id": "B", "month": "2026-09", "active_users": 7},
            ],
        },
        toml='[policy]\nmrr_source = "invoices"',
    )
    assert firm.value("paid_seats") == 4
    assert firm.value("arppu") == 25
    rows = firm.rows("--metric", "arppu", "--by", "product")
    assert rows[0]["reason"] == "billing/account_users is not recorded by product"


def test_arpu_takes_the_users_that_the_policy_names(company):
    firm = company(
        {
            ITEMS: [{"seats": 4}, {"seats": 6, "amount": 0}],
            USERS: [{"month": "2026-09", "active_users": 5}],
        },
        toml='[policies.paid]\narpu_users = "paid_seats"\n'
        '[policies.seen]\narpu_users = "active_users"',
    )
    assert firm.value("arpu") == 10
    assert firm.value("arpu", "--policy", "paid") == 25
    assert firm.value("arpu", "--policy", "seen") == 20


def test_usage_counts_only_where_the_policy_says_so_and_smoothed(company):
    """30, 60 and 90 of usage: a mean of 60; the usage subscription itself has no MRR."""
    firm = company(
        {
            ITEMS: [{}, {"billing_unit": "usage", "amount": 500_00}],
            LINES: [
                {"charge_type": "usage", "amount": amount, "invoiced_on": f"2026-0{month}-10"}
                for month, amount in ((7, 30_00), (8, 60_00), (9, 90_00))
            ],
        },
        toml="[policies.usage]\nusage_in_mrr = true",
    )
    assert firm.value("mrr") == 100
    assert firm.value("mrr", "--policy", "usage") == 160
    assert firm.value("mrr", "--policy", "usage", "--period", "2026-08") == 130


def test_constant_currency_holds_one_months_rate(company):
    firm = company(
        {
            ITEMS: [{"currency": "EUR"}],
            "billing/fx_rates": [
                {"month": f"2026-0{month}", "rate": 1 + month / 10} for month in range(1, 10)
            ],
        },
        toml='[policies.constant]\nfx = "constant:2026-06"',
    )
    assert firm.value("mrr") == 190
    assert firm.value("mrr_fx") == 30
    assert firm.value("mrr", "--policy", "constant") == 160
    assert firm.value("mrr_fx", "--policy", "constant") == 0


def test_usage_counts_only_while_a_usage_row_is_live(company):
    """The row ends on 10 August; the bills of June to August do not outlive it."""
    usage = {"billing_unit": "usage", "amount": 0, "seats": 0}
    firm = company(
        {
            ITEMS: [{**usage, "valid_to": "2026-08-10", "term_ends_on": "2026-08-10"}],
            LINES: [
                {"charge_type": "usage", "amount": 30_00, "invoiced_on": f"2026-0{month}-05"}
                for month in (5, 6, 7, 8)
            ],
        },
        toml="[policy]\nusage_in_mrr = true",
    )
    assert [firm.value("mrr", "--period", f"2026-0{month}") for month in (7, 8)] == [30, 0]
    assert firm.value("churned_accounts", "--period", "2026-08") == 1
    assert firm.values("mrr", "--period", "2026-07", "--by", "billing_unit") == {"usage": 30}


def test_a_cohort_is_known_from_the_period_it_starts_in(company):
    """B is free in June and pays in August: the second quarter cannot know its cohort."""
    free = {"account_id": "B", "amount": 0, "valid_to": "2026-08-10", "seats": 4}
    firm = company(
        {ITEMS: [{}, free, {"account_id": "B", "amount": 300_00, "valid_from": "2026-08-10"}]}
    )
    where = ("--metric", "arpu", "--by", "cohort", "--from", "2026Q2", "--to", "2026Q3")
    status, out, _ = firm.ask("bridge", *where, "--format", "json")
    assert status == 0
    groups = {each["group"]["cohort"]: each for each in json.loads(out)["groups"]}
    assert groups.keys() == {"2026Q1", "2026Q3", "Unknown"}
    assert groups["2026Q3"]["rate"] == 0
    assert groups["2026Q3"]["entered"] != 0


def test_spend_is_not_recorded_by_the_currency_that_customers_pay_in(company):
    firm = company({ITEMS: [{}], "crm/spend": [{"month": "2026-09"}]})
    (row,) = firm.rows("--metric", "cac", "--by", "currency")
    assert row["reason"] == "crm/spend is not recorded by currency"
