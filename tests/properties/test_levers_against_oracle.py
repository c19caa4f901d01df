"""Levers agree, to the micro-unit, with an independent computation, and add up as promised."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.period import Period
from tests.oracle import Oracle
from tests.properties.two_years import (
    BY_ACCOUNT,
    RATES,
    book,
    but_zero,
    complete,
    months,
    numbers,
    some_items,
)

SOME = settings(max_examples=40, deadline=None)
ITEMS = "billing/subscription_items"
LEVERS = ("lever_seats", "lever_price", "lever_product")
MOVES = ("mrr_expansion", "mrr_contraction", "mrr_transfer")
CUTS = [(), ("segment",), ("product",), ("segment", "product")]


def booked(by):
    """Which group an account's product falls into on the day that decides."""
    attributes = tuple(name for name in by if name != "product")
    whose = BY_ACCOUNT[attributes]
    own = lambda product: (product,) if "product" in by else ()  # noqa: E731
    return lambda account, product, day: whose(account, day) + own(product)


def text(by, group) -> str:
    return json.dumps(dict(zip(by, group, strict=True)), separators=(",", ":"))


@SOME
@given(some_items, months, st.sampled_from(CUTS))
def test_what_expansion_and_contraction_came_from(rows, month, by):
    year, number = month.first_day.year, month.first_day.month
    expected = Oracle(RATES).levers(complete(ITEMS, rows), year, number, booked(by))
    found = numbers(book(month, by, item_rows=rows), list(LEVERS), month, by)
    for lever in LEVERS:
        kind = lever.removeprefix("lever_")
        known = {text(by, group): parts.get(kind, 0) for group, parts in expected.items()}
        assert found[lever] == but_zero(known)


@pytest.mark.parametrize("by", [(), ("segment",), ("product",)])
@settings(max_examples=15, deadline=None)
@given(some_items, st.sampled_from(["2026Q1", "2026Q2", "2026"]).map(Period.parse))
def test_levers_of_any_period_sum_to_expansion_and_contraction(by, rows, period):
    """By product transfers too; by segment and in all expansion and contraction alone."""
    found = numbers(book(period, by, item_rows=rows), [*LEVERS, *MOVES], period, by)
    moves = MOVES if by == ("product",) else MOVES[:2]
    assert summed(found, LEVERS) == summed(found, moves)


def summed(found, metrics) -> dict[str, int]:
    """By group, over those metrics."""
    groups = {group for metric in metrics for group in found[metric]}
    return but_zero({g: sum(found[metric].get(g, 0) for metric in metrics) for g in groups})
