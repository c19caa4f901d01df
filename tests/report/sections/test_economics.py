"""Unit economics: how cost and value come about, and what each part of the spend bought."""

import re
from dataclasses import replace
from itertools import chain

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.period import Period
from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.blocks import Equation, Findings, Panels
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import report
from engine.report.pdf import pdf
from engine.report.strips import Strips
from engine.report.table import Row, Table

TOTAL: dict[str, str] = {}


def pages(context: PackContext) -> Section:
    """The chapter's own, behind the contents."""
    return next(each for each in report(context).sections if each.anchor == "economics")


@pytest.fixture(scope="module")
def context(counted) -> PackContext:
    return counted("economics")


@pytest.fixture(scope="module")
def section(context) -> Section:
    return pages(context)


def blocks(section: Section, kind: type) -> list:
    return [each for each in section.blocks if isinstance(each, kind)]


def table(section: Section, title: str) -> Table:
    return next(each for each in blocks(section, Table) if each.title == title)


def row(made: Table, name: str) -> Row:
    return next(each for each in made.rows if each.name.startswith(name))


def without(context: PackContext, *metrics: str, reason: str = "not exported") -> PackContext:
    """The context with these metrics unknown."""
    gone = pl.col("metric").is_in(metrics)
    nothing = [
        pl.when(gone).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("numerator", "denominator", "value")
    ]
    why = pl.when(gone).then(pl.lit(reason)).otherwise(pl.col("reason")).alias("reason")
    return replace(context, numbers=Numbers(context.numbers.frame.with_columns(*nothing, why)))


def with_value(context: PackContext, metric: str, value: float, by: str = "") -> PackContext:
    """The context with another value of one metric."""
    it = (pl.col("metric") == metric) & (pl.col("by") == by)
    changed = pl.when(it).then(pl.lit(value)).otherwise(pl.col("value")).alias("value")
    return replace(context, numbers=Numbers(context.numbers.frame.with_columns(changed)))


def test_the_headline_states_what_an_account_costs_and_when_it_has_paid_back(
    context, section
) -> None:
    words = section.headline
    cac = context.numbers.one("cac", "2026Q3").value or 0.0
    months = context.numbers.one("cac_payback_months", "2026Q3").value or 0.0
    assert f"${cac:,.0f}" in words
    assert f"{months:.1f} months" in words


def test_the_equation_is_worked_out_from_what_stands_in_it(context, section) -> None:
    lines = blocks(section, Equation)[0].lines
    cac, payback, ltv, ratio = ([cell.cell.number for cell in line] for line in lines)
    assert cac[0].value == pytest.approx(cac[1].numerator / cac[2].value)
    assert payback[0].value == pytest.approx(
        payback[1].value / payback[2].value / payback[3].value, rel=1e-9
    )
    assert ltv[0].value == pytest.approx(ltv[1].value * ltv[2].value / ltv[3].value)
    assert ratio[0].value == pytest.approx(ratio[1].value / ratio[2].value)


def test_all_lines_of_the_equation_are_of_one_length(section) -> None:
    assert len({len(line) for line in blocks(section, Equation)[0].lines}) == 1


def test_a_reader_is_warned_where_new_accounts_bring_less_than_all_accounts(
    context, section
) -> None:
    """LTV/CAC at the new accounts' ARPA is one over payback times churn."""
    one = context.numbers.one
    payback, churn = (one(name, "2026Q3").value for name in ("cac_payback_months", "logo_churn"))
    assert "is flattered: LTV takes the ARPA of all accounts" in section.lead
    assert f"it would be {1 / (payback * churn):.1f}." in section.lead


def test_no_warning_where_new_accounts_bring_what_all_bring(context) -> None:
    arpa = context.numbers.one("arpa", "2026Q3").value or 0.0
    same = with_value(context, "arpa", arpa * 1.1, by="stage")
    assert pages(same).lead == ""


def test_sources_stand_in_the_order_of_their_spend_and_the_unnamed_last(context, section) -> None:
    rows = table(section, "By campaign").rows
    spend = [each.cells[0].number.numerator for each in rows if each.cells[0].number]
    assert rows[-1].name == "No campaign named"
    assert spend[:-1] == sorted(spend[:-1], reverse=True)


def test_shares_of_spend_and_of_new_mrr_are_of_their_wholes(context, section) -> None:
    svg = blocks(section, Strips)[0].svg
    spend = [
        context.numbers.one("cac", "2026Q3", group).numerator or 0.0
        for group in context.numbers.groups("channel", period="2026Q3")
    ]
    for each in spend:
        assert f">{each / sum(spend) * 100:.0f}%<" in svg


def test_too_few_new_accounts_have_no_rate(context, section) -> None:
    made = table(section, "By channel")
    columns = [column.title for column in made.columns[1:]]
    for each in made.rows:
        group = {"channel": each.name}
        new = context.numbers.one("new_accounts", "2026Q3", group).value or 0.0
        shown = each.cells[columns.index("CAC")].text
        assert (shown == TOO_FEW) == (new < FEW), each.name
    assert any(f"fewer than {FEW} new accounts" in note for note in made.notes)


def test_what_was_spent_on_too_few_accounts_is_told_as_a_finding(context, section) -> None:
    few = [
        context.numbers.one("cac", "2026Q3", group).numerator or 0.0
        for group in context.numbers.groups("channel", period="2026Q3")
        if (context.numbers.one("new_accounts", "2026Q3", group).value or 0.0) < FEW
    ]
    told = blocks(section, Findings)[0].findings
    assert told[0].figure == f"${sum(few) / 1000:.0f}k"
    assert f"Fewer than {FEW}" in told[0].text


def test_benchmarks_are_drawn_as_lines(section) -> None:
    svg = blocks(section, Strips)[0].svg
    assert ">12 months<" in svg
    assert ">3 times<" in svg


def test_a_cost_that_a_dimension_does_not_carry_is_told_once_and_not_in_every_row(section) -> None:
    made = table(section, "By segment")
    assert "CAC" not in [column.title for column in made.columns]
    assert "LTV" in [column.title for column in made.columns]
    assert [note for note in made.notes if "crm/spend is not recorded by segment" in note]


def test_the_course_holds_costs_of_accounts_and_of_users(context, section) -> None:
    made = table(section, "An account and a user, period by period")
    user = row(made, "CAC a user").cells[-1]
    assert user.number == context.numbers.one("cac_user", "2026Q3")
    assert row(made, "LTV a user").cells[-1].number.metric == "ltv_user"


def test_every_number_is_in_the_tidy_table(context, section) -> None:
    lines = chain(*(each.lines for each in blocks(section, Equation)))
    cells = [factor.cell for factor in chain(*lines)]
    cells += [cell for each in blocks(section, Table) for line in each.rows for cell in line.cells]
    cells += [panel.value for each in blocks(section, Panels) for panel in each.panels]
    numbers = [cell.number for cell in cells if cell.number and cell.number.value is not None]
    assert len(numbers) > 150
    for each in numbers:
        assert each == context.numbers.one(each.metric, each.period, dict(each.group))


def test_without_spend_the_page_tells_what_accounts_bring_and_why_there_is_no_cost(
    context,
) -> None:
    costs = [
        name
        for name in context.numbers.frame["metric"].unique()
        if name.startswith(("cac", "ltv_cac"))
    ]
    made = pages(without(context, *costs, reason="crm/spend was not exported"))
    assert "until it leaves" in made.headline
    assert html(report(without(context, *costs))).count("not exported") == 1
    assert "crm/spend was not exported" in made.lead


def test_with_neither_cost_nor_value_there_is_no_page(context) -> None:
    names = context.numbers.frame["metric"].unique().to_list()
    made = report(without(context, *names, reason="nothing is known"))
    assert dict(made.left_out) == {"Unit economics": "nothing is known"}


def test_a_pack_of_one_region_says_that_spend_is_not_recorded_by_region(counted) -> None:
    made = pages(counted("economics", filters={"region": "DACH"}))
    assert "crm/spend is not recorded by region" in made.lead


def test_money_spent_for_no_account_is_the_headline(context) -> None:
    spend = context.numbers.one("cac", "2026Q3").numerator or 0.0
    frame = context.numbers.frame
    it = (pl.col("metric") == "cac") & (pl.col("by") == "")
    nothing = pl.when(it).then(None).otherwise(pl.col("value")).alias("value")
    why = pl.when(it).then(pl.lit("no new accounts")).otherwise(pl.col("reason")).alias("reason")
    none = replace(context, numbers=Numbers(frame.with_columns(nothing, why)))
    assert pages(none).headline == (f"${spend / 1000:.0f}k was spent, and no account won")


def test_a_month_and_a_year_have_pages(counted) -> None:
    for period in ("2026-09", "2025"):
        made = pages(counted("economics", period=period))
        assert Period.parse(period).title in made.blocks[0].unit


def test_a_pack_with_it_is_drawn_without_a_complaint(context) -> None:
    assert pdf(html(report(context))).startswith(b"%PDF")


def test_a_small_share_is_told_with_a_decimal_and_an_amount_in_whole_units(context) -> None:
    """Churn of 1.2% and 2.1% are not both 1% or 2%; ARPA around a thousand is not 1.0 thousand."""
    costs = ("cac", "cac_payback_months", "ltv_cac")
    made = pages(without(context, *costs))
    drawn = next(each for each in made.blocks if isinstance(each, Panels))
    names = {panel.name: panel.svg for panel in drawn.panels}
    assert re.search(r">1\.\d\d<", names["ARPA, $ thousand"])
    assert re.search(r">\d\.\d<", names["Churn a month, %"])


def test_a_first_quarter_tells_a_user_s_figures_and_repeats_none_of_the_equation(counted) -> None:
    made = pages(counted("economics", period="2023Q4"))
    assert not any(each.starts_page for each in blocks(made, Strips))
    assert [
        each.name.partition(",")[0] for each in table(made, "What a user costs and brings").rows
    ]
    assert not any("period by period" in each.title for each in blocks(made, Table))
