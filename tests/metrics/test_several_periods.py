"""Periods asked for at once have the numbers that each has alone, to the last bit."""

from itertools import pairwise

import polars as pl
import pytest

from engine.analysis import sources
from engine.facts.book import Book
from engine.facts.sources import Calendar
from engine.intake.snapshot import open_snapshot
from engine.metrics.evaluate import evaluate, evaluated
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import write_snapshot

PERIODS = [Period.parse(f"2026-{month:02}") for month in range(1, 10)]


@pytest.fixture
def book(tmp_path) -> Book:
    """As many accounts each month, 49, that pay a little more from month to month."""
    ends = [f"2026-{month:02}-01" for month in range(1, 11)]
    rows = [
        {"account_id": f"A{n}", "amount": 1000 + 7 * n + month, "valid_from": since}
        | {"valid_to": until, "seats": 3}
        for n in range(49)
        for month, (since, until) in enumerate(pairwise(ends))
    ]
    tables = {"billing/subscription_items": rows}
    snapshot = open_snapshot(str(write_snapshot(tmp_path / "2026-10-01", tables).parent))
    calendar = Calendar(PERIODS[-1].closing, snapshot.as_of)
    return Book(sources(snapshot, "USD"), calendar, Policy())


def test_a_period_among_others_has_the_numbers_that_it_has_alone(book):
    """Polars divides by one value for all rows otherwise than by a column of it."""
    asked = ["arpa", "arpu", "mrr", "quick_ratio", "logo_churn"]
    alone = [evaluate(book, asked, period) for period in PERIODS]
    assert evaluated(book, asked, PERIODS).equals(pl.concat(alone))


def test_a_quotient_is_its_numerator_divided_by_its_denominator(book):
    rows = evaluated(book, ["arpa", "arpu"], PERIODS).to_dicts()
    assert [row["value"] for row in rows] == [row["numerator"] / row["denominator"] for row in rows]
    assert all(row["numerator"] == round(row["numerator"] * 1e6) / 1e6 for row in rows)
