"""What a past period was and is: every cause by hand, on companies of one to three accounts."""

import json
from fractions import Fraction

import pytest

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
USERS, RATES = "billing/account_users", "billing/fx_rates"
OPPORTUNITIES, SPEND, TARGETS = "crm/opportunities", "crm/spend", "crm/targets"
JULY, OCTOBER = "2026-07-01", "2026-10-01"


@pytest.fixture
def diff(company):
    """Writes both snapshots and answers ``qbr diff --format json`` of the second quarter."""

    def ask(before, after, *arguments, toml=""):
        company(before, toml, as_of=JULY)
        firm = company(after, toml, as_of=OCTOBER)
        command = ("diff", JULY, OCTOBER, "--period", "2026Q2", "--format", "json")
        status, out, err = firm.ask(*command, *arguments)
        assert status == 0, err
        return json.loads(out)

    return ask


def total(document, metric):
    (row,) = [each for each in document["metrics"] if each["metric"] == metric]
    return row


def told(row):
    """Was, is, and the causes that are not zero."""
    causes = {cause: size for cause, size in row["causes"].items() if size}
    return row["was"], row["is"], causes


def test_a_line_that_came_after_the_first_export_is_late(diff):
    base = {"item_id": "1"}
    late = {"item_id": "2", "account_id": "B", "amount": 50_00, "valid_from": "2026-06-10"}
    document = diff({ITEMS: [base]}, {ITEMS: [base, late]}, "--metric", "mrr")
    assert told(total(document, "mrr")) == (100, 150, {"late": 50})
    assert document["rows"]["late"] == {ITEMS: 1}


def test_a_line_with_other_terms_is_amended(diff):
    document = diff(
        {ITEMS: [{"item_id": "1", "amount": 100_00}, {"item_id": "2"}]},
        {ITEMS: [{"item_id": "1", "amount": 120_00}, {"item_id": "2"}]},
        "--metric",
        "mrr",
    )
    assert told(total(document, "mrr")) == (200, 220, {"amended": 20})
    assert document["rows"]["amended"] == {ITEMS: 1}


def test_a_line_that_is_gone_was_removed(diff):
    two = [{"item_id": "1"}, {"item_id": "2", "account_id": "B", "amount": 30_00}]
    document = diff({ITEMS: two}, {ITEMS: two[:1]}, "--metric", "mrr")
    assert told(total(document, "mrr")) == (130, 100, {"removed": -30})


def test_a_revised_rate_moves_what_it_converts(diff):
    item = {"currency": "EUR", "amount": 100_00, "valid_from": "2026-06-01"}
    june = {"month": "2026-06", "from_currency": "EUR"}
    before = {ITEMS: [item], RATES: [{**june, "rate": 1.1}]}
    later = [{**june, "rate": 1.25}] + [
        {"month": month, "from_currency": "EUR", "rate": 1.0} for month in ("2026-07", "2026-08")
    ]
    september = {"month": "2026-09", "from_currency": "EUR", "rate": 1.0}
    document = diff(before, {ITEMS: [item], RATES: [*later, september]}, "--metric", "mrr")
    assert told(total(document, "mrr")) == (110, 125, {"rates": 15})
    assert document["rows"]["rates"] == {RATES: 1}


def test_rates_that_are_exported_no_more_still_convert_what_was_removed(diff):
    """The CRM changed too, so the EUR line is counted once more before it goes."""
    item = {"item_id": "2", "currency": "EUR", "amount": 100_00, "valid_from": "2026-06-01"}
    june = {"month": "2026-06", "from_currency": "EUR", "rate": 1.5}
    crm = {"account_id": "A"}
    document = diff(
        {ITEMS: [{"item_id": "1"}, item], RATES: [june], ACCOUNTS: [crm]},
        {ITEMS: [{"item_id": "1"}], ACCOUNTS: [{**crm, "segment": "Enterprise"}]},
        "--metric",
        "mrr",
    )
    assert told(total(document, "mrr")) == (250, 100, {"removed": -150})


def test_an_account_in_another_segment_moves_groups_and_not_the_total(diff):
    """A was SMB; later the CRM says that it had been Mid-market since May."""
    moved = [
        {"account_id": "A", "segment": "SMB", "valid_to": "2026-05-10"},
        {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-05-10"},
    ]
    document = diff(
        {ITEMS: [{}], ACCOUNTS: [{"account_id": "A", "segment": "SMB"}]},
        {ITEMS: [{}], ACCOUNTS: moved},
        "--metric",
        "mrr",
        "--by",
        "segment",
    )
    assert told(total(document, "mrr")) == (100, 100, {})
    assert {each["group"]["segment"]: told(each) for each in document["groups"]} == {
        "SMB": (100, 0, {"accounts": -100}),
        "Mid-market": (0, 100, {"accounts": 100}),
    }


def test_an_account_that_moved_after_the_period_is_not_told(diff):
    moved = [
        {"account_id": "A", "segment": "SMB", "valid_to": "2026-08-10"},
        {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-08-10"},
    ]
    before = {ITEMS: [{}], ACCOUNTS: [{"account_id": "A", "segment": "SMB"}]}
    document = diff(before, {ITEMS: [{}], ACCOUNTS: moved}, "--metric", "mrr", "--by", "segment")
    assert document["rows"] == {}
    assert [told(each) for each in document["groups"]] == [(100, 100, {}), (0, 0, {})][:1]


def test_head_counts_spend_and_targets_are_causes_of_their_own(diff):
    item = {"valid_from": "2026-05-02"}
    spent = {"month": "2026-05", "amount": 400_00}
    deal = {
        "opportunity_id": "1",
        "is_closed": False,
        "is_won": False,
        "amount": 900_00,
        "created_on": "2026-05-01",
        "close_on": "2026-09-01",
        "account_id": "A",
    }
    target = {"period": "2026Q3", "metric": "new_arr"}

    def tables(users, amount, value):
        return {
            ITEMS: [item],
            USERS: [{"month": "2026-06", "active_users": users}],
            SPEND: [{**spent, "amount": amount}],
            OPPORTUNITIES: [deal],
            TARGETS: [{**target, "value": value}],
        }

    document = diff(
        tables(5, 400_00, 900.0),
        tables(7, 500_00, 1_800.0),
        "--metric",
        "active_users,cac,pipeline_coverage",
    )
    assert told(total(document, "active_users")) == (5, 7, {"head_counts": 2})
    assert told(total(document, "cac")) == (400, 500, {"spend": 100})
    assert told(total(document, "pipeline_coverage")) == (1, 0.5, {"targets": -0.5})


def test_head_counts_of_later_months_are_no_change(diff):
    def tables(*months):
        return {ITEMS: [{}], USERS: [{"month": month, "active_users": 5} for month in months]}

    document = diff(tables("2026-06"), tables("2026-06", "2026-07"), "--metric", "active_users")
    assert told(total(document, "active_users")) == (5, 5, {})


def test_a_period_that_was_running_gets_its_days(company):
    """On 10 June nobody could know what began on the 20th, though billing had entered it."""
    item = {"valid_from": "2026-06-20", "item_id": "1"}
    company({ITEMS: [item]}, as_of="2026-06-10")
    firm = company({ITEMS: [item]}, as_of=JULY)
    command = ("diff", "2026-06-10", JULY, "--period", "2026Q2", "--metric", "mrr", "--partial")
    status, out, err = firm.ask(*command, "--format", "json")
    assert status == 0, err
    assert told(total(json.loads(out), "mrr")) == (0, 100, {"day": 100})


def test_another_policy_is_told_before_the_data(diff):
    """Users count free seats, paid seats do not; then a late line is counted by the new rule."""
    items = [
        {"item_id": "1", "seats": 10, "amount": 600_00},
        {"item_id": "2", "seats": 10, "amount": 0},
    ]
    late = {"item_id": "3", "seats": 5, "amount": 0, "account_id": "B"}
    toml = '[policies.old]\narpu_users = "users"\n[policy]\narpu_users = "paid_seats"\n'
    document = diff(
        {ITEMS: items},
        {ITEMS: [*items, late]},
        "--metric",
        "arpu,users",
        "--policy-a",
        "old",
        toml=toml,
    )
    assert told(total(document, "arpu")) == (30, 60, {"definitions": 30})
    assert told(total(document, "users")) == (20, 25, {"late": 5})
    assert document["policy"]["from"]["name"] == "old"


def test_an_old_rate_of_recognition_is_a_change_of_definitions(diff):
    line = {"line_id": "1", "amount": 300_00, "invoiced_on": "2026-06-01"}
    dated = {**line, "service_from": "2026-06-01", "service_to": "2026-09-01"}
    toml = '[policies.billed]\nrecognition = "invoice_date"\n[policy]\nrecognition = "months"\n'
    tables = {ITEMS: [{}], LINES: [dated]}
    arguments = ("--metric", "recurring_revenue", "--policy-a", "billed")
    document = diff(tables, tables, *arguments, toml=toml)
    assert told(total(document, "recurring_revenue")) == (300, 100, {"definitions": -200})


def test_a_ratio_is_split_at_the_means_of_both_ends(diff):
    """100 / 10 = 10 becomes 180 / 20 = 9: mean ratio 9.5, mean denominator 15.

    Amended: +20 on no seats = 20 / 15; late: 60 on 10 seats = (60 − 9.5 × 10) / 15.
    """
    base = {"item_id": "1", "seats": 10, "amount": 100_00}
    late = {"item_id": "2", "account_id": "B", "seats": 10, "amount": 60_00}
    document = diff(
        {ITEMS: [base]}, {ITEMS: [{**base, "amount": 120_00}, late]}, "--metric", "arpu"
    )
    was, now, causes = told(total(document, "arpu"))
    assert (was, now) == (10, 9)
    assert causes == pytest.approx({"amended": 4 / 3, "late": -7 / 3})


def test_accounts_and_groups_make_the_change_of_a_ratio(diff):
    """The same company: A did 20 / 15, B the rest."""
    base = {"item_id": "1", "seats": 10, "amount": 100_00}
    late = {"item_id": "2", "account_id": "B", "seats": 10, "amount": 60_00}
    document = diff(
        {ITEMS: [base]},
        {ITEMS: [{**base, "amount": 120_00}, late]},
        "--metric",
        "arpu",
        "--by",
        "region",
    )
    shares = {each["account"]: each["contribution"] for each in document["accounts"]}
    assert shares == pytest.approx({"B": -7 / 3, "A": 4 / 3})
    assert list(shares) == ["B", "A"]
    (group,) = document["groups"]
    assert group["contribution"] == pytest.approx(-1)
    (late_row, _) = document["accounts"]
    assert (late_row["was"], late_row["is"], late_row["change"]) == (None, 6, None)


def test_what_is_not_one_ratio_changes_cause_by_cause(diff):
    """LTV = ARPA × margin / churn: removed first, then late, each at what came before it."""
    churned = {"item_id": "c", "account_id": "C", "valid_to": "2026-05-10"}
    base = [{"item_id": "1", "amount": 100_00}, churned]
    gone = {"item_id": "2", "account_id": "B", "amount": 300_00}
    document = diff({ITEMS: [*base, gone]}, {ITEMS: base}, "--metric", "ltv,mrr")
    row = total(document, "ltv")
    assert row["causes"] == {"removed": pytest.approx(row["is"] - row["was"])}
    assert row["change"] != 0


def test_a_median_moves_only_as_a_whole(diff):
    """Without groups that add up there are no accounts to tell of it."""
    base = [{"item_id": "1"}, {"item_id": "2", "account_id": "B", "amount": 300_00}]
    late = {"item_id": "3", "account_id": "C", "amount": 500_00}
    document = diff({ITEMS: base}, {ITEMS: [*base, late]}, "--metric", "arpa_median")
    assert told(total(document, "arpa_median")) == (200, 300, {"late": 100})
    assert document["accounts"] == []


def test_accounts_by_product_do_not_add_up_and_say_no_contribution(diff):
    base = [{"item_id": "1"}, {"item_id": "2", "product": "Add-on"}]
    late = {"item_id": "3", "account_id": "B"}
    document = diff(
        {ITEMS: base}, {ITEMS: [*base, late]}, "--metric", "accounts", "--by", "product"
    )
    assert {each["group"]["product"]: each["contribution"] for each in document["groups"]} == {
        "Core": None,
        "Add-on": None,
    }
    assert [told(each) for each in document["groups"]] == [(1, 2, {"late": 1}), (1, 1, {})]


def test_all_causes_together_sum_to_the_change(diff):
    """Two accounts; a rate, a segment, a removed, an amended and a late line."""
    rates = [{"month": "2026-06", "from_currency": "EUR", "rate": 1.5}]
    item = {"valid_from": "2026-06-01"}
    before = {
        ITEMS: [
            {**item, "item_id": "1", "amount": 100_00, "currency": "EUR"},
            {**item, "item_id": "2", "account_id": "B", "amount": 40_00},
            {**item, "item_id": "3", "account_id": "B", "amount": 7_00},
        ],
        RATES: rates,
        ACCOUNTS: [{"account_id": "A"}, {"account_id": "B"}],
    }
    months = [
        {"month": f"2026-0{n}", "from_currency": "EUR", "rate": rate}
        for n, rate in ((6, 2.0), (7, 2.0), (8, 2.0), (9, 2.0))
    ]
    after = {
        ITEMS: [
            {**item, "item_id": "1", "amount": 110_00, "currency": "EUR"},
            {**item, "item_id": "2", "account_id": "B", "amount": 40_00},
            {**item, "item_id": "4", "account_id": "B", "amount": 9_00},
        ],
        RATES: months,
        ACCOUNTS: [{"account_id": "A", "segment": "Enterprise"}, {"account_id": "B"}],
    }
    document = diff(before, after, "--metric", "mrr", "--by", "segment")
    assert told(total(document, "mrr")) == (
        197,
        269,
        {"rates": 50, "removed": -7, "amended": 20, "late": 9},
    )
    assert {each["group"]["segment"]: told(each) for each in document["groups"]} == {
        "SMB": (197, 49, {"rates": 50, "accounts": -200, "removed": -7, "late": 9}),
        "Enterprise": (0, 220, {"accounts": 200, "amended": 20}),
    }
    assert {each["account"]: each["contribution"] for each in document["accounts"]} == {
        "A": 70,
        "B": 2,
    }


def test_an_account_that_is_gone_leaves_from_its_own_group(diff):
    """Not from Unknown, where it would be if its attributes were taken away first."""
    lone = {"item_id": "2", "account_id": "B"}
    crm = [{"account_id": "A"}, {"account_id": "B", "segment": "Enterprise"}]
    document = diff(
        {ITEMS: [{"item_id": "1"}, lone], ACCOUNTS: crm},
        {ITEMS: [{"item_id": "1"}], ACCOUNTS: crm[:1]},
        "--metric",
        "mrr",
        "--by",
        "segment",
    )
    assert {each["group"]["segment"]: told(each) for each in document["groups"]} == {
        "Enterprise": (100, 0, {"removed": -100}),
        "SMB": (100, 100, {}),
    }


def test_lines_that_were_all_numbered_anew_are_matched_by_their_terms(diff):
    """Nothing is called removed and late for a new numbering; a changed amount is amended."""
    first = [{"item_id": f"old-{n}", "account_id": n, "amount": 100_00} for n in "ABC"]
    again = [{**each, "item_id": f"new-{n}"} for n, each in enumerate(first)]
    again[1]["amount"] = 150_00
    document = diff({ITEMS: first}, {ITEMS: again}, "--metric", "mrr")
    assert told(total(document, "mrr")) == (300, 350, {"amended": 50})
    assert document["rows"] == {"amended": {ITEMS: 1}}
    (note,) = document["notes"]
    assert note.startswith(f"Every item_id of {ITEMS} is another one than before")


def test_a_line_that_ended_after_the_period_is_not_told_as_amended(diff):
    document = diff(
        {ITEMS: [{"item_id": "1"}]},
        {ITEMS: [{"item_id": "1", "valid_to": "2026-08-15"}]},
        "--metric",
        "mrr",
    )
    assert told(total(document, "mrr")) == (100, 100, {})
    assert document["rows"] == {}


def test_a_table_that_came_later_leaves_its_metrics_without_a_past(diff):
    line = {"service_from": "2026-06-01", "service_to": "2026-07-01"}
    document = diff({ITEMS: [{}]}, {ITEMS: [{}], LINES: [line]}, "--metric", "recurring_revenue")
    row = total(document, "recurring_revenue")
    assert (row["was"], row["is"], row["change"], row["causes"]) == (None, 100, None, None)
    assert row["reason"] == "billing/invoice_lines was not exported"


def test_the_contributions_of_a_recorded_run_are_exact_fractions():
    """The values behind the document are fractions; floating point comes last."""
    from engine.metrics.restatement.reading import Reading
    from engine.metrics.restatement.split import split

    readings = [
        Reading(Fraction(n), Fraction(d), Fraction(n, d), "ratio")
        for n, d in ((1, 3), (2, 7), (5, 9))
    ]
    assert sum(split(readings)) == Fraction(5, 9) - Fraction(1, 3)


def test_a_step_without_a_value_is_told_with_the_next():
    from engine.metrics.restatement.reading import Reading
    from engine.metrics.restatement.split import split

    values = [Fraction(4), None, Fraction(6), Fraction(5)]
    readings = [Reading(each, None, each, "other") for each in values]
    assert split(readings) == (0, 2, -1)
