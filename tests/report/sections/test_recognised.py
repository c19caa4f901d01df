"""Recognised revenue: its kinds, and its recurring part beside MRR."""

from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.policy import Policy
from engine.report.blocks import Figure, Pair
from engine.report.context import PackContext
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Table

Q3 = "2026Q3"


def pages(context: PackContext) -> Section:
    """The chapter's own, behind the contents."""
    return next(each for each in report(context).sections if each.anchor == "revenue")


@pytest.fixture(scope="module")
def context(counted) -> PackContext:
    return counted("revenue")


@pytest.fixture(scope="module")
def section(context) -> Section:
    return pages(context)


def beside(section: Section) -> Table:
    pair = next(each for each in section.blocks if isinstance(each, Pair))
    assert isinstance(pair.right, Table)
    return pair.right


def test_revenue_a_month_is_the_periods_over_its_months(context, section) -> None:
    revenue = context.numbers.one("recurring_revenue", Q3).value or 0.0
    mrr = context.numbers.one("mrr", Q3).value or 0.0
    cells = beside(section).rows[0].cells
    assert cells[1].text == f"${revenue / 3 / 1000:.0f}k"
    assert cells[2].text == f"{(revenue / 3 / mrr - 1) * 100:+.1f}%".replace("-", "−")


def test_averages_of_revenue_stand_beside_those_of_mrr(context, section) -> None:
    names = [[cell.number.metric for cell in row.cells[:2]] for row in beside(section).rows[1:]]
    assert names == [["arpa", "arpa_revenue"], ["arpu", "arpu_revenue"]]


def test_every_period_has_its_averages_of_revenue(context, section) -> None:
    made = next(each for each in section.blocks if isinstance(each, Table))
    last = made.rows[0].cells[-2:]
    assert [cell.number for cell in last] == [
        context.numbers.one(name, Q3) for name in ("arpa_revenue", "arpu_revenue")
    ]


def test_what_does_not_recur_is_told_with_how_it_moved(section) -> None:
    assert "usage revenue" in section.lead.lower()
    assert "neither is in any average per user or account" in section.lead


def test_where_all_revenue_recurs_nothing_is_told_of_the_rest(context) -> None:
    others = pl.col("metric").is_in(["usage_revenue", "one_time_revenue"])
    value = pl.when(others).then(0.0).otherwise("value").alias("value")
    recurring = Numbers(context.numbers.frame.with_columns(value))
    lead = pages(replace(context, numbers=recurring)).lead
    assert lead == "MRR is a state on one day; this is what the period itself earned."


def test_where_mrr_is_what_was_recognised_the_two_are_not_set_side_by_side(context) -> None:
    invoiced = replace(context, policy=Policy(mrr_source="invoices"))
    made = pages(invoiced)
    assert not [each for each in made.blocks if isinstance(each, Pair)]
    assert isinstance(made.blocks[0], Figure)
