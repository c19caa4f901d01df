"""Movements where a month's MRR is what was recognised in it, against the oracle."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import BilledOracle
from tests.properties.two_years import (
    CUTS,
    RATES,
    book,
    but_zero,
    complete,
    cuts,
    months,
    numbers,
    some_lines,
)

KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx", "transfer")
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")


@settings(max_examples=40, deadline=None)
@given(
    some_lines,
    months,
    cuts,
    st.sampled_from(["days", "months", "invoice_date"]),
    st.sampled_from(["reported", "reported", "constant:2025-11"]),
)
def test_every_kind_of_a_month(rows, month, by, rule, choice):
    """Credits can take an account below zero; currencies and their rates move."""
    oracle = BilledOracle(RATES, None if choice == "reported" else (2025, 11), rule)
    year, number = month.first_day.year, month.first_day.month
    expected = oracle.movements(complete("billing/invoice_lines", rows), year, number, CUTS[by])
    metrics = ["mrr", *(f"mrr_{kind}" for kind in KINDS), *COUNTS]
    facts = book(month, by, line_rows=rows, mrr_source="invoices", recognition=rule, fx=choice)
    found = numbers(facts, metrics, month, by)
    names = ("closing", *KINDS, *COUNTS)
    for metric, name in zip(metrics, names, strict=True):
        factor = 1_000_000 if metric in COUNTS else 1
        known = {
            json.dumps(dict(zip(by, group, strict=True)), separators=(",", ":")): kinds[name]
            * factor
            for group, kinds in expected.items()
        }
        assert found[metric] == but_zero(known)
