"""The page of restatements, from rows as the engine makes them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from engine.metrics.model import Unit
from engine.metrics.numbers import SCHEMA, Numbers
from engine.metrics.restatement import Cause, Restated, Restatement, Rules
from engine.metrics.restatement.rows import LARGEST, rows
from engine.period import Period
from engine.policy import Policy
from engine.report.blocks import Terms
from engine.report.look import look
from engine.report.material import Material
from engine.report.sections.restated import CHAPTER, METRICS, periods
from engine.report.span import Span
from engine.report.table import Table
from engine.report.words import Words

Q2, Q3 = Period.parse("2026Q2"), Period.parse("2026Q3")
UNITS = dict.fromkeys(METRICS, Unit.MONEY) | {"accounts": Unit.COUNT, "nrr": Unit.RATIO}


def restatement(was, causes, accounts=()):
    """MRR of the second quarter as it was, with what moved it; the other metrics stood still."""
    parts = {cause: Fraction(size) for cause, size in causes.items()}
    now = was + sum(parts.values())
    moved = [
        Restated(
            "mrr",
            Unit.MONEY,
            (("account_id", name),),
            None,
            None,
            {},
            {Cause.LATE: Fraction(size)},
        )
        for name, size in accounts
    ]
    still = [Restated(n, UNITS[n], (), Fraction(2), Fraction(2), {}, None) for n in METRICS[1:]]
    mrr = Restated("mrr", Unit.MONEY, (), Fraction(was), now, parts, None)
    names = {name: f"Firm {name}" for name, _ in accounts}
    rules = (Rules(Policy()), Rules(Policy()))
    before, after = date(2026, 7, 1), date(2026, 10, 1)
    return Restatement(Q2, before, after, (mrr, *still), (), tuple(moved), names, {}, rules)


@pytest.fixture
def page(context):
    """The section of a pack whose engine answered with these restatements."""

    def made(*found):
        told = [
            (name, each.period.label, "", "{}", None, None, float(each.one(name).now), unit, None)
            for each in found
            for name, unit in ((n, UNITS[n].value) for n in METRICS)
        ]
        frame = pl.concat([pl.DataFrame(told, schema=SCHEMA, orient="row"), rows(found)])
        words = Words(context.locale, context.currency)
        whole = replace(context, numbers=Numbers(frame), period=Q3)
        return CHAPTER.section(Material(whole, words, look(context.brand, None, context.paper)))

    return made


def cells(table):
    return [(row.name, *(cell.text for cell in row.cells)) for row in table.rows]


def test_four_periods_and_that_of_a_year_ago_are_held_against_their_first_report():
    assert [each.label for each in periods(Span(Q3))] == ["2026Q2", "2026Q1", "2025Q4", "2025Q3"]
    june = periods(Span(Period.parse("2026-06")))
    assert [each.label for each in june] == ["2026-05", "2026-04", "2026-03", "2026-02", "2025-06"]


def test_the_page_says_what_was_reported_what_moved_it_and_what_it_is(page):
    section = page(restatement(10_000, {Cause.AMENDED: -700, Cause.LATE: 450}))
    assert section.headline == "MRR of Q2 2026 is $250 below what was first reported"
    table = section.blocks[0]
    assert [each.title for each in table.columns[2:]] == [
        "Then",
        "Amended",
        "Late",
        "Change",
        "Now",
    ]
    assert cells(table) == [
        ("Q2 2026", "2026-07-01", "10,000", "−700.00", "+450.00", "−250.00", "9,750"),
    ]


def test_every_cause_that_is_told_is_explained(page):
    section = page(restatement(10_000, {Cause.AMENDED: -700, Cause.LATE: 450}))
    terms = section.blocks[-1]
    assert isinstance(terms, Terms)
    assert [each.name for each in terms.terms] == ["Amended", "Late"]


def test_the_accounts_that_moved_most_stand_first_and_those_that_did_not_nowhere(page):
    found = restatement(1_000, {Cause.LATE: 65}, [("A", 5), ("B", 60), ("C", 0)])
    table = page(found).blocks[2]
    assert isinstance(table, Table)
    assert cells(table) == [("Firm B", "+60.00"), ("Firm A", "+5.00")]


def test_nothing_moved_is_a_finding_too(page):
    section = page(restatement(1_000, {}))
    assert section.headline == "MRR of every earlier period is what was first reported"
    assert len(section.blocks) == 3


def test_without_an_earlier_snapshot_there_is_no_page(page):
    assert page() == "no earlier snapshot holds a period that is compared with"


def test_rows_hold_the_largest_accounts_alone():
    many = [(f"A{n:02}", n + 1) for n in range(LARGEST + 5)]
    frame = rows([restatement(0, {Cause.LATE: 120}, many)])
    assert frame.filter(by="first_reported,account,name").height == LARGEST
    assert frame.filter(by="first_reported,cause")["value"].to_list() == [120.0]
