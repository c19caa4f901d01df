"""Cohort tables agree, to the micro-unit, with an independent computation of the contract."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.cohorts import cohorts
from tests.oracle import BilledOracle, Oracle
from tests.properties.two_years import (
    BY_ACCOUNT,
    RATES,
    book,
    complete,
    months,
    some_items,
    some_lines,
)
from tests.random_company import micro

SOME = settings(max_examples=30, deadline=None)
ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
cuts = st.sampled_from(list(BY_ACCOUNT))


def quarter(day: date) -> str:
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def table(facts, month, by, *, by_month: bool) -> dict:
    """By cohort, group and age: what the engine shows."""
    frame = cohorts(facts, month.closing, by, by_month=by_month)
    return {
        (row["cohort"], tuple(json.loads(row["group"]).values()), row["age"]): row
        for row in frame.iter_rows(named=True)
    }


@SOME
@given(some_items, months, cuts, st.booleans())
def test_every_cohort_at_every_age_that_it_has_reached(rows, month, by, by_month):
    label = month_of if by_month else quarter
    expected = Oracle(RATES).cohorts(complete(ITEMS, rows), month.last_day, label, BY_ACCOUNT[by])
    found = table(book(month, by, item_rows=rows), month, by, by_month=by_month)
    assert found.keys() == expected.keys()
    for key, (acquired, active, mrr, users) in expected.items():
        row = found[key]
        assert (row["acquired"], row["active"], micro(row["mrr"])) == (acquired, active, mrr)
        assert row["arpa"] == (mrr / 1e6 / active if active else None)
        assert row["arpu"] == (mrr / 1e6 / users if users else None)
        assert row["mrr_per_acquired"] == mrr / 1e6 / acquired
        assert row["logo_retention"] == active / acquired
        assert row["revenue_retention"] == mrr / expected[*key[:2], 0][2]


@SOME
@given(some_lines, months, cuts)
def test_cohorts_where_mrr_comes_from_invoices(rows, month, by):
    expected = BilledOracle(RATES).cohorts(
        complete(LINES, rows), month.last_day, quarter, BY_ACCOUNT[by]
    )
    facts = book(month, by, line_rows=rows, mrr_source="invoices")
    found = table(facts, month, by, by_month=False)
    assert found.keys() == expected.keys()
    for key, (acquired, active, mrr, _) in expected.items():
        row = found[key]
        assert (row["acquired"], row["active"], micro(row["mrr"])) == (acquired, active, mrr)
