"""The pipeline: its cover of the next target, its course, and who won."""

from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.blocks import Figure, Panels
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import report
from engine.report.pdf import pdf
from engine.report.strips import Strips
from engine.report.table import Table

Q3 = "2026Q3"
NEW = {"kind": "new"}


def pages(context: PackContext) -> Section:
    """The chapter's own, behind the contents."""
    return next(each for each in report(context).sections if each.anchor == "pipeline")


@pytest.fixture(scope="module")
def context(counted) -> PackContext:
    return counted("pipeline")


@pytest.fixture(scope="module")
def section(context) -> Section:
    return pages(context)


def blocks(section: Section, kind: type) -> list:
    return [each for each in section.blocks if isinstance(each, kind)]


def table(section: Section, title: str) -> Table:
    return next(each for each in blocks(section, Table) if each.title == title)


def kept(context: PackContext, wanted: pl.Expr) -> PackContext:
    """The context with only those of its numbers."""
    return replace(context, numbers=Numbers(context.numbers.frame.filter(wanted)))


def test_the_headline_tells_new_business_apart_from_all_that_covers_the_target(
    context, section
) -> None:
    """A target of new ARR is not met by renewals."""
    whole = context.numbers.one("pipeline_coverage", Q3)
    new = context.numbers.one("pipeline_open", Q3, NEW).value or 0.0
    assert section.headline == (
        f"Open pipeline covers Q4 2026’s new ARR target {whole.value:.1f} times, "
        f"new business alone {new / whole.denominator:.1f}"
    )


def test_the_parts_of_the_bar_are_the_kinds_and_its_outline_is_the_target(context, section) -> None:
    figure = blocks(section, Figure)[0]
    target = context.numbers.one("pipeline_coverage", Q3).denominator or 0.0
    for kind, name in (("new", "New business"), ("renewal", "Renewals")):
        value = context.numbers.one("pipeline_open", Q3, {"kind": kind}).value or 0.0
        assert f"{name} {value / 1000:,.1f}" in figure.svg
    assert f"Target of new ARR {target / 1000:,.1f}" in figure.svg
    assert 'fill="#ffffff" stroke=' in figure.svg


def test_the_lead_tells_how_new_business_moved_beneath_the_total(context, section) -> None:
    now, before = (context.numbers.one("won_value", each, NEW).value for each in (Q3, "2026Q2"))
    change = f"{(now / before - 1) * 100:+.1f}%".replace("-", "−")
    assert f"New business is ${now / 1000:.1f}k of it ({change} since Q2 2026)." in section.lead


def test_without_a_target_the_headline_tells_what_was_won_and_why_there_is_no_cover(
    context,
) -> None:
    frame, it = context.numbers.frame, pl.col("metric") == "pipeline_coverage"
    gone = [
        pl.when(it).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("value", "denominator")
    ]
    why = pl.when(it).then(pl.lit("no target")).otherwise(pl.col("reason")).alias("reason")
    made = pages(replace(context, numbers=Numbers(frame.with_columns(*gone, why))))
    assert made.headline.endswith("is open for Q4 2026")
    assert blocks(made, Figure)[0].notes == ("No coverage: no target.",)


def test_where_deals_have_no_kinds_the_pages_tell_of_all_of_them(context) -> None:
    made = pages(kept(context, ~pl.col("by").str.contains("kind")))
    assert "new business" not in made.headline
    assert "of the deals decided were won" in made.lead
    assert "By kind" not in [each.title for each in blocks(made, Table)]


def test_owners_stand_in_the_order_of_what_they_won_and_the_unnamed_last(context, section) -> None:
    names = blocks(section, Strips)[0].names
    won = [
        context.numbers.one("won_value", Q3, {"owner": name}).value or 0.0 for name in names[:-1]
    ]
    assert won == sorted(won, reverse=True)
    assert names[-1] == "No owner named"


def test_the_unnamed_stand_last_even_where_they_won_most(context) -> None:
    it = (pl.col("metric") == "won_value") & (pl.col("group") == '{"owner":"Unknown"}')
    most = pl.when(it).then(1e9).otherwise(pl.col("value")).alias("value")
    rich = replace(context, numbers=Numbers(context.numbers.frame.with_columns(most)))
    assert blocks(pages(rich), Strips)[0].names[-1] == "No owner named"


def test_forty_owners_are_a_dozen_and_the_others_together(context) -> None:
    frame = context.numbers.frame
    deals = frame.filter(pl.col("group") == '{"owner":"Priya Raman"}')
    more = [
        deals.with_columns(pl.lit(f'{{"owner":"Owner {at:02}"}}').alias("group"))
        for at in range(40)
    ]
    many = replace(context, numbers=Numbers(pl.concat([frame, *more])))
    names = blocks(pages(many), Strips)[0].names
    assert len(names) == 14
    assert names[12].endswith(" others")


def test_too_few_decided_deals_have_no_win_rate(context, section) -> None:
    made = table(section, "By vendor")
    assert made.rows[-1].name == "No vendor named"
    for each in made.rows:
        label = "Unknown" if each.name == "No vendor named" else each.name
        rate = context.numbers.one("win_rate", Q3, {"vendor": label})
        shown = [cell.text for cell in each.cells]
        assert (TOO_FEW in shown) == ((rate.denominator or 0) < FEW), each.name


def test_the_kinds_add_up_to_the_total(section) -> None:
    rows = table(section, "By kind").rows
    for at, column in enumerate(table(section, "By kind").columns[1:]):
        if column.title == "Deals" and column.group == "Won":
            values = [each.cells[at].number.value for each in rows]
            assert sum(values[:-1]) == values[-1]


def test_that_targets_are_not_set_by_owner_is_told_once(section) -> None:
    assert blocks(section, Figure)[0].notes[-1] == "Targets are not set by kind, owner or vendor."
    titles = [column.group for each in blocks(section, Table) for column in each.columns]
    assert "Covered" not in titles


def test_every_number_is_in_the_tidy_table(context, section) -> None:
    cells = [cell for each in blocks(section, Table) for line in each.rows for cell in line.cells]
    cells += [panel.value for each in blocks(section, Panels) for panel in each.panels]
    numbers = [cell.number for cell in cells if cell.number and cell.number.value is not None]
    assert len(numbers) > 100
    for each in numbers:
        assert each == context.numbers.one(each.metric, each.period, dict(each.group))


def test_without_opportunities_there_is_no_page_but_the_reason(context) -> None:
    frame = context.numbers.frame
    gone = [pl.lit(None, pl.Float64).alias(name) for name in ("value", "numerator", "denominator")]
    why = pl.lit("crm/opportunities was not exported").alias("reason")
    none = replace(context, numbers=Numbers(frame.with_columns(*gone, why)))
    assert dict(report(none).left_out) == {"Pipeline": "crm/opportunities was not exported"}


def test_a_pack_of_a_region_says_that_lost_prospects_may_be_missing(counted) -> None:
    """A deal that was lost with no account has no region; it has an owner."""
    for filters, said in (({"region": "DACH"}, 1), ({"owner": "Priya Raman"}, 0)):
        markup = html(report(counted("pipeline", filters=filters)))
        assert markup.count("lost prospects may be missing here") == said


def test_a_pack_of_one_owner_has_a_page(counted) -> None:
    made = report(counted("pipeline", filters={"owner": "Priya Raman"}))
    assert any(each.name == "Pipeline" for each in made.sections)
    assert html(made)


def test_a_pack_with_it_is_drawn_without_a_complaint(context) -> None:
    assert pdf(html(report(context))).startswith(b"%PDF")
