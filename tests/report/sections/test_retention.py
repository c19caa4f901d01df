"""The chapter on retention: rates, groups, and the accounts behind them."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.report.blocks import Figure, Pair, Table
from engine.report.context import PackContext
from engine.report.halves import Halves
from engine.report.holders import holders
from engine.report.html import html
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Section
from engine.report.pack import report
from engine.report.sections.retention import section
from engine.report.table import Row
from engine.report.tone import Tone
from engine.report.words import Words
from tests.report.sections.conftest import Contexts


def material(context: PackContext) -> Material:
    words = Words(context.locale, context.currency)
    return Material(context, words, look(context.brand, context.brand_folder, context.paper))


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("retention")


@pytest.fixture(scope="module")
def chapter(context: PackContext) -> Section:
    made = section(material(context))
    assert isinstance(made, Section)
    return made


def tables(chapter: Section) -> Iterator[Table]:
    for block in chapter.blocks:
        parts = (block.left, block.right) if isinstance(block, Halves) else (block,)
        yield from (part for part in parts if isinstance(part, Table))


def table(chapter: Section, title: str) -> Table:
    return next(each for each in tables(chapter) if each.title.startswith(title))


def row(table: Table, name: str) -> Row:
    return next(row for row in table.rows if row.name == name)


def test_every_number_in_a_cell_is_in_the_tidy_table(
    chapter: Section, context: PackContext
) -> None:
    cells = [cell for each in tables(chapter) for row in each.rows for cell in row.cells]
    numbers = [cell.number for cell in cells if cell.number]
    assert len(numbers) > 60
    for number in numbers:
        assert context.numbers.one(number.metric, number.period, dict(number.group)) == number


def test_the_headline_tells_both_retentions_with_their_change(
    chapter: Section, context: PackContext
) -> None:
    nrr = context.numbers.one("nrr", "2026Q3").value or 0.0
    before = context.numbers.one("nrr", "2026Q2").value or 0.0
    did = "rose" if nrr > before else "fell"
    words = chapter.headline.replace("\u00a0", " ")
    assert words.startswith(f"NRR {did} {abs(nrr - before) * 100:.1f} pts to {nrr * 100:.1f}%; GRR")


def test_a_month_s_rate_compounds_over_a_year(chapter: Section, context: PackContext) -> None:
    rates = table(chapter, "Retention and churn, period")
    monthly = context.numbers.one("revenue_churn", "2026Q3").value or 0.0
    names = [each.name for each in rates.rows]
    yearly = rates.rows[names.index("MRR lost a month") + 1].cells[-1].text
    assert yearly == f"{(1 - (1 - monthly) ** 12) * 100:.1f}%"
    assert yearly != f"{monthly * 12 * 100:.1f}%"


def test_each_group_stands_beside_the_mrr_that_it_is_measured_on(
    chapter: Section, context: PackContext
) -> None:
    by = table(chapter, "Retention and churn by segment")
    base = context.numbers.one("nrr", "2026Q3", {"segment": "SMB"}).denominator or 0.0
    assert row(by, "SMB").cells[0].text == f"{base:,.0f}"
    assert by.rows[-1].name == "Total"


def test_a_small_group_s_change_has_no_colour(counted: Contexts) -> None:
    """Enterprise has about a dozen accounts here."""
    made = section(material(counted("retention")))
    assert isinstance(made, Section)
    by = table(made, "Retention and churn by segment")
    small, large = row(by, "Enterprise"), row(by, "SMB")
    assert int(small.cells[5].text) < 20 <= int(large.cells[5].text)
    assert {small.cells[2].tone, small.cells[4].tone} == {Tone.MUTED}
    assert Tone.MUTED not in {large.cells[2].tone, large.cells[4].tone}
    assert "Under 20 accounts a change is a matter of chance" in by.notes[0]


def test_losses_are_ranked_by_money(chapter: Section) -> None:
    losses = table(chapter, "Largest losses")
    amounts = [cell.number.value for row in losses.rows for cell in row.cells if cell.number]
    assert amounts == sorted(amounts, key=lambda each: each or 0.0)
    assert all(amount and amount < 0 for amount in amounts)


def test_renewals_end_with_their_total(chapter: Section, context: PackContext) -> None:
    total = context.numbers.one("renewals_due", "2026Q3")
    last = table(chapter, "Largest renewals").rows[-1]
    assert last.cells[0].number == total
    assert last.cells[1].text == material(context).words.share(
        (total.value or 0) / (context.numbers.one("mrr", "2026Q3").value or 1)
    )


def test_past_due_stands_by_group_and_in_total(chapter: Section, context: PackContext) -> None:
    risk = table(chapter, "At risk by segment")
    late = [group for group in context.numbers.groups("status") if group["status"] == "past_due"]
    if late:
        total = context.numbers.one("mrr", "2026Q3", late[0])
        assert risk.rows[-1].cells[2].number == total
    else:
        assert "Past due" not in {column.group for column in risk.columns}


def test_without_states_of_billing_there_is_no_past_due(context: PackContext) -> None:
    kept = context.numbers.frame.filter(~pl.col("by").str.starts_with("status"))
    made = section(material(replace(context, numbers=Numbers(kept))))
    assert isinstance(made, Section)
    risk = table(made, "At risk by segment")
    assert "Past due" not in {column.group for column in risk.columns}


def test_the_curves_tell_their_figures(chapter: Section, context: PackContext) -> None:
    pairs = [block for block in chapter.blocks if isinstance(block, Pair)]
    figures = [pair.left for pair in pairs if isinstance(pair.left, Figure)]
    value = context.numbers.one("nrr", "2026Q3").value or 0.0
    assert f"Q3 2026 {value * 100:.1f}%" in figures[0].svg


def test_a_company_in_its_first_month_has_a_reason(counted: Contexts) -> None:
    first = section(material(counted("retention", period="2023-10")))
    assert isinstance(first, str)
    assert "no account paid twelve months before" in first


@pytest.mark.parametrize("period", ["2026-09", "2025", "2024Q1"])
def test_months_years_and_young_companies_have_pages(counted: Contexts, period: str) -> None:
    assert "<h2" in html(report(counted("retention", period=period)))


def test_a_pack_within_one_region_has_pages(counted: Contexts) -> None:
    made = section(material(counted("retention", filters={"region": "DACH"})))
    assert isinstance(made, Section)


def test_an_account_without_a_name_goes_by_its_id(context: PackContext) -> None:
    """Names of accounts may be blank, several accounts may share one."""
    frame = context.numbers.frame.with_columns(
        pl.col("group").str.replace(r'"name":"[^"]*"', '"name":" "')
    )
    found = holders(material(replace(context, numbers=Numbers(frame))), "mrr_churn")
    assert found
    assert all(each.name == each.account for each in found)


def test_the_reported_rate_is_judged_by_the_bounds_of_its_definition(context: PackContext) -> None:
    """NRR is good from 100% and bad below 90%; between them it has no colour."""
    tones = {1.04: Tone.GOOD, 0.95: Tone.PLAIN, 0.85: Tone.BAD}
    here = (pl.col("metric") == "nrr") & (pl.col("period") == "2026Q3") & (pl.col("by") == "")
    for value, tone in tones.items():
        told = pl.when(here).then(value).otherwise("value").alias("value")
        numbers = Numbers(context.numbers.frame.with_columns(told))
        made = section(material(replace(context, numbers=numbers)))
        assert isinstance(made, Section)
        rates = table(made, "Retention and churn, period").rows[0]
        assert rates.cells[0].text == "good from 100%, bad below 90%"
        assert rates.cells[-1].tone is tone


def test_a_rate_that_no_period_has_takes_no_row(counted: Contexts) -> None:
    """In the first quarter nobody paid a year before; the note says so once."""
    made = section(material(counted("retention", period="2023Q4")))
    assert isinstance(made, Section)
    rates = next(each for each in tables(made) if "period by period" in each.title)
    assert "Net revenue retention" not in [row.name for row in rates.rows]
    assert any("no account paid twelve months before" in note for note in rates.notes)


def test_what_is_at_risk_is_told_by_group_only_where_there_are_several(
    context: PackContext, chapter: Section
) -> None:
    one = replace(context, dimension="nothing", dimensions=("nothing",))
    made = section(material(one))
    assert isinstance(made, Section)
    assert any(each.title.startswith("At risk") for each in tables(chapter))
    assert not any(each.title.startswith("At risk") for each in tables(made))
