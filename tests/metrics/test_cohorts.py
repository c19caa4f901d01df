"""The cohort table through the command line, by hand."""

import json

import pytest

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
USERS, RATES = "billing/account_users", "billing/fx_rates"


def cohorts(firm, *arguments):
    """Rows by cohort, group's labels, and age."""
    status, out, err = firm.ask("cohorts", "--format", "json", *arguments)
    assert status == 0, err
    return {
        "/".join([row["cohort"], *row["group"].values(), str(row["age"])]): row
        for row in json.loads(out)
    }


def column(found, name):
    return {key: row[name] for key, row in found.items()}


@pytest.fixture
def quarter(company):
    """
    month end     April   May   June   July   August   September
    A, 2 seats      100   100    150    150      150         150
    B, 1 seat         -     -     80      -        -          40
    C, 5 seats        -     -      -      -       60          60
    """
    return company(
        {
            ITEMS: [
                {"account_id": "A", "seats": 2, "valid_from": "2026-04-10"}
                | {"valid_to": "2026-06-30"},
                {"account_id": "A", "seats": 2, "amount": 150_00, "valid_from": "2026-06-30"},
                {"account_id": "B", "amount": 80_00, "valid_from": "2026-06-02"}
                | {"valid_to": "2026-07-31"},
                {"account_id": "B", "amount": 40_00, "valid_from": "2026-09-30"},
                {"account_id": "C", "seats": 5, "amount": 0, "valid_from": "2026-05-02"}
                | {"valid_to": "2026-08-02"},
                {"account_id": "C", "seats": 5, "amount": 60_00, "valid_from": "2026-08-02"},
            ]
        }
    )


def test_ages_count_from_each_accounts_own_first_paying_month_end(quarter):
    """A's April and B's June are age 0 alike."""
    found = cohorts(quarter)
    assert column(found, "mrr") == {
        "2026Q2/0": 180,
        "2026Q2/1": 100,
        "2026Q2/2": 150,
        "2026Q2/3": 190,
        "2026Q3/0": 60,
        "2026Q3/1": 60,
    }
    assert column(found, "active")["2026Q2/1"] == 1


def test_an_age_that_one_account_has_not_reached_is_absent(quarter):
    """A is five months old in September, B three; in August A is four and B two."""
    assert max(row["age"] for row in cohorts(quarter).values() if row["cohort"] == "2026Q2") == 3
    august = cohorts(quarter, "--period", "2026-08")
    assert max(row["age"] for row in august.values() if row["cohort"] == "2026Q2") == 2


def test_averages_and_retention_of_a_cohort(quarter):
    """At age 1 A alone pays 100, on its 2 seats; 180 were acquired."""
    row = cohorts(quarter)["2026Q2/1"]
    assert (row["acquired"], row["active"]) == (2, 1)
    assert (row["arpa"], row["arpu"], row["mrr_per_acquired"]) == (100, 50, 50)
    assert (row["logo_retention"], row["revenue_retention"]) == (0.5, 100 / 180)


def test_by_month(quarter):
    found = cohorts(quarter, "--monthly")
    assert column(found, "revenue_retention") == {
        "2026-04/0": 1,
        "2026-04/1": 1,
        "2026-04/2": 1.5,
        "2026-04/3": 1.5,
        "2026-04/4": 1.5,
        "2026-04/5": 1.5,
        "2026-06/0": 1,
        "2026-06/1": 0,
        "2026-06/2": 0,
        "2026-06/3": 0.5,
        "2026-08/0": 1,
        "2026-08/1": 1,
    }


def test_an_age_at_which_nobody_pays_has_no_average(quarter):
    row = cohorts(quarter, "--monthly")["2026-06/1"]
    assert (row["arpa"], row["arpu"], row["mrr_per_acquired"]) == (None, None, 0)


def test_by_sign_up_accounts_that_never_paid_are_acquired_too(company):
    """Signed up in February and in March; the one pays from April, the other never."""
    firm = company(
        {
            ITEMS: [{"account_id": "A", "valid_from": "2026-04-10"}],
            ACCOUNTS: [
                {"account_id": "A", "signed_up_on": "2026-02-28"},
                {"account_id": "B", "signed_up_on": "2026-03-01"},
            ],
        },
        toml='[policy]\ncohort_by = "signed_up"',
    )
    found = cohorts(firm, "--period", "2026-06")
    assert column(found, "active") == {
        "2026Q1/0": 0,
        "2026Q1/1": 0,
        "2026Q1/2": 1,
        "2026Q1/3": 1,
    }
    row = found["2026Q1/3"]
    assert (row["acquired"], row["mrr_per_acquired"]) == (2, 50)
    assert row["revenue_retention"] is None


def test_an_account_stays_in_the_segment_of_its_cohort_month(company):
    firm = company(
        {
            ITEMS: [{"valid_from": "2026-08-10"}, {"account_id": "B", "valid_from": "2026-08-10"}],
            ACCOUNTS: [
                {"account_id": "A", "segment": "SMB", "valid_to": "2026-09-01"},
                {"account_id": "A", "segment": "Enterprise", "valid_from": "2026-09-01"},
                {"account_id": "B", "segment": None},
            ],
        }
    )
    found = column(cohorts(firm, "--by", "segment"), "mrr")
    assert found == {
        "2026Q3/SMB/0": 100,
        "2026Q3/SMB/1": 100,
        "2026Q3/Unknown/0": 100,
        "2026Q3/Unknown/1": 100,
    }


def test_mrr_is_as_reported_at_each_months_rate(company):
    firm = company(
        {
            ITEMS: [{"currency": "EUR", "valid_from": "2026-08-10"}],
            RATES: [{"month": "2026-08", "rate": 1.2}, {"month": "2026-09", "rate": 1.5}],
        }
    )
    assert column(cohorts(firm), "mrr") == {"2026Q3/0": 120, "2026Q3/1": 150}


def test_fiscal_quarters_name_cohorts(company):
    """With a year that starts in February, January 2026 is in the last quarter of 2026."""
    firm = company(
        {ITEMS: [{"valid_from": "2026-01-10"}, {"account_id": "B", "valid_from": "2026-02-10"}]},
        settings="fiscal_year_start = 2",
    )
    assert {row["cohort"] for row in cohorts(firm).values()} == {"2026Q4", "2027Q1"}


def test_arpu_where_seats_come_from_account_users(company):
    """SPEC §3: everything works alike where MRR comes from invoices."""
    firm = company(
        {
            LINES: [{"invoiced_on": "2026-09-10"}],
            USERS: [{"month": "2026-09", "active_users": 4}],
        },
        toml='[policy]\nmrr_source = "invoices"',
    )
    assert firm.value("arpu") == 25
    assert cohorts(firm)["2026Q3/0"]["arpu"] == 25


def test_arpu_takes_the_users_that_the_policy_names(company):
    firm = company(
        {
            ITEMS: [
                {"seats": 4, "valid_from": "2026-09-01"},
                {"seats": 6, "amount": 0, "valid_from": "2026-09-01"},
            ]
        },
        toml='[policy]\narpu_users = "paid_seats"',
    )
    assert firm.value("arpu") == 25
    assert cohorts(firm)["2026Q3/0"]["arpu"] == 25


@pytest.mark.parametrize("dimension", ["stage", "cohort"])
def test_a_derived_dimension_is_taken_or_refused_but_no_fault(quarter, dimension):
    assert quarter.ask("cohorts", "--by", dimension)[0] in {0, 2}
