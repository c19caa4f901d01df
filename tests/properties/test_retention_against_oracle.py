"""Retention and churn agree, to the micro-unit, with an independent computation of the contract."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.evaluate import evaluate
from engine.period import Period
from tests.oracle import BilledOracle, Oracle
from tests.properties.two_years import (
    CUTS,
    RATES,
    book,
    complete,
    cuts,
    months,
    some_items,
    some_lines,
)
from tests.random_company import micro

SOME = settings(max_examples=30, deadline=None)
ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
fx = st.sampled_from(["reported", "reported", "constant:2026-02"])
rules = st.sampled_from(["days", "months", "invoice_date"])


def oracle_at(choice: str) -> Oracle:
    return Oracle(RATES, None if choice == "reported" else (2026, 2))


def sides(facts, metrics: tuple[str, ...], period: Period, by) -> dict:
    """By metric and group: numerator and denominator in micro-units, unless both are zero."""
    rows = evaluate(facts, metrics, period, by).iter_rows(named=True)
    return {
        (row["metric"], *json.loads(row["group"]).values()): (
            micro(row["numerator"]),
            micro(row["denominator"]),
        )
        for row in rows
        if row["numerator"] or row["denominator"]
    }


def retained(expected: dict) -> dict:
    """The oracle's retention as ``sides`` has it."""
    found = {("nrr", *g): (now, then) for g, (then, now, _) in expected.items()}
    found |= {("grr", *g): (least, then) for g, (then, _, least) in expected.items()}
    return {key: pair for key, pair in found.items() if any(pair)}


def churned(expected: dict) -> dict:
    """The oracle's churn as ``sides`` has it."""
    found = {}
    for g, (left, accounts, lost, mrr, regained) in expected.items():
        found["logo_churn", *g] = left * 1_000_000, accounts * 1_000_000
        found["revenue_churn", *g] = lost, mrr
        found["net_revenue_churn", *g] = lost - regained, mrr
    return {key: pair for key, pair in found.items() if any(pair)}


RETAINED = ("nrr", "grr")
CHURNED = ("logo_churn", "revenue_churn", "net_revenue_churn")


@SOME
@given(some_items, months, cuts, fx)
def test_retention_over_a_year(rows, month, by, choice):
    expected = oracle_at(choice).retention(complete(ITEMS, rows), month.last_day, CUTS[by])
    facts = book(month, by, item_rows=rows, fx=choice)
    assert sides(facts, RETAINED, month, by) == retained(expected)


@SOME
@given(some_items, months, cuts, fx)
def test_churn_over_twelve_months(rows, month, by, choice):
    year, number = month.first_day.year, month.first_day.month
    expected = oracle_at(choice).churn(complete(ITEMS, rows), year, number, CUTS[by])
    facts = book(month, by, item_rows=rows, fx=choice)
    assert sides(facts, CHURNED, month, by) == churned(expected)


@SOME
@given(some_lines, months, cuts, rules)
def test_retention_where_mrr_comes_from_invoices(rows, month, by, rule):
    oracle = BilledOracle(RATES, rule=rule)
    expected = oracle.retention(complete(LINES, rows), month.last_day, CUTS[by])
    facts = book(month, by, line_rows=rows, mrr_source="invoices", recognition=rule)
    assert sides(facts, RETAINED, month, by) == retained(expected)


@SOME
@given(some_lines, months, cuts, rules)
def test_churn_where_mrr_comes_from_invoices(rows, month, by, rule):
    """A month of credits is below zero: the account does not pay, and its MRR still counts."""
    year, number = month.first_day.year, month.first_day.month
    expected = BilledOracle(RATES, rule=rule).churn(complete(LINES, rows), year, number, CUTS[by])
    facts = book(month, by, line_rows=rows, mrr_source="invoices", recognition=rule)
    assert sides(facts, CHURNED, month, by) == churned(expected)
