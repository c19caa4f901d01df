"""The executive summary: one page, whatever there is."""

import re
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.metrics.standard import Standing
from engine.period import Period
from engine.report.blocks import Brief, Figure, Tiles
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import asks, report
from engine.report.words import DASH
from tests.report.test_layout import laid_out

Contexts = Callable[..., PackContext]
Invent = Callable[..., PackContext]


def summary(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "summary")


def block(section: Section, kind: type) -> object:
    return next(each for each in section.blocks if isinstance(each, kind))


@pytest.fixture(scope="module")
def made(counted: Contexts) -> Section:
    return summary(counted("summary"))


def test_eight_tiles_in_the_order_of_preference(made: Section) -> None:
    tiles = block(made, Tiles)
    assert isinstance(tiles, Tiles)
    assert [each.label for each in tiles.tiles] == [
        "MRR",
        "ARPU",
        "ARPA",
        "Accounts",
        "NRR",
        "LTV to CAC",
        "Account churn",
        "Paid seats",
    ]
    assert all(each.value.text != DASH for each in tiles.tiles)


def test_a_tile_says_its_standing_in_a_word(made: Section, counted: Contexts) -> None:
    tiles = block(made, Tiles)
    assert isinstance(tiles, Tiles)
    standings = {each.label: each.standing for each in tiles.tiles}
    assert standings["MRR"] is Standing.GOOD
    assert None not in standings.values()
    markup = html(report(counted("summary")))
    assert re.search(r'class="standing is-good">Good</span>', markup)


def test_a_metric_that_is_not_known_gives_its_tile_to_the_next(counted: Contexts) -> None:
    """Spend has no region, so there is neither LTV to CAC nor payback: the quick ratio follows."""
    tiles = block(summary(counted("summary", filters={"region": "DACH"})), Tiles)
    assert isinstance(tiles, Tiles)
    labels = [each.label for each in tiles.tiles]
    assert labels[-2:] == ["Paid seats", "Quick ratio"]
    assert "LTV to CAC: no value, crm/spend is not recorded by region." in tiles.notes[0]


def test_at_most_three_findings_and_three_risks_stand_side_by_side(made: Section) -> None:
    brief = block(made, Brief)
    assert isinstance(brief, Brief)
    assert [each.title for each in brief.lists] == ["What moved", "What to watch"]
    assert all(1 <= len(each.findings) <= 3 for each in brief.lists)


def test_the_average_is_explained_by_its_bridge(counted: Contexts) -> None:
    """The amounts of the sentence are the rows of the bridge, so rounded that they add up."""
    context = counted("summary")
    text = html(report(context))
    label = "2026Q2..2026Q3"
    for effect, way in (("rate", ("took", "added")), ("mix", ("took", "added"))):
        key = {"dimension": "segment", "effect": effect}
        value = context.numbers.one("arpu", label, key).value or 0.0
        name = {"rate": "ates within segments", "mix": "ix between segments"}[effect]
        said = re.search(rf"{name} (\w+) \$([\d.]+)", text)
        assert said, name
        assert said[1] == way[value > 0]
        assert float(said[2]) == pytest.approx(abs(value), abs=0.01)


def test_the_columns_show_every_plan(made: Section, counted: Contexts) -> None:
    figure, numbers = block(made, Figure), counted("summary").numbers
    assert isinstance(figure, Figure)
    plan = numbers.one("mrr", "2026Q3", {"scenario": "plan"}).value
    actual = numbers.one("mrr", "2026Q3").value
    assert plan
    assert actual
    assert f"{actual / plan - 1:+.1%} to plan".replace("-", "−") in figure.svg


def test_nothing_is_read_into_noise_or_into_few_accounts(invent: Invent, company: object) -> None:
    only = replace(company.segments[2], accounts=3)  # type: ignore[attr-defined]
    brief = block(summary(invent(segments=[only])), Brief)
    assert isinstance(brief, Brief)
    said = " ".join(brief.lists[0].notes)
    assert "Not read as findings: ARPU" in said
    assert re.search(r"\d accounts?: too few to read", said)


@pytest.fixture(params=["2026Q3", "2026-09", "2026Q3 letter", "2024Q1", "DACH"])
def edition(request: pytest.FixtureRequest, counted: Contexts) -> PackContext:
    label, _, paper = request.param.partition(" ")
    if label == "DACH":
        return counted("summary", "scorecard", "trend", filters={"region": label}, paper="letter")
    return counted("summary", "scorecard", "trend", period=label, paper=paper or "A4")


def test_each_chapter_is_one_whole_page(edition: PackContext) -> None:
    """Were one too long, a page without the start of a chapter would follow it."""
    pages = laid_out(edition)[2:]
    assert [page.chapter for page in pages[:3]] == ["Summary", "Scorecard", "Trend"]
    assert all(page.chapter for page in pages[3:4])
    for page in pages[:3]:
        assert not page.outside, page.chapter
        assert not page.overflowing, page.chapter
        assert page.fill > 0.6, page.chapter


def test_a_pack_of_an_unknown_plan_period_asks_for_the_next_one() -> None:
    wanted = asks(Period.parse("2026Q3"), ("segment",), ("summary",))
    assert any("2026Q4" in getattr(each, "periods", ()) for each in wanted)


def test_a_company_that_bills_no_seats_has_no_tile_of_zero_seats(counted: Contexts) -> None:
    context = counted("summary")
    seats = pl.col("metric").is_in(["paid_seats", "users", "seats_per_account"])
    none = pl.when(seats).then(0.0).otherwise(pl.col("value"))
    frame = context.numbers.frame.with_columns(none.alias("value"))
    made = summary(replace(context, numbers=Numbers(frame)))
    tiles = block(made, Tiles)
    assert isinstance(tiles, Tiles)
    assert "Paid seats" not in [each.label for each in tiles.tiles]
    assert "paid seats" not in made.lead
