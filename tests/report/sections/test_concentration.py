"""The chapter on concentration: the largest accounts, and what would be left without them."""

from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers
from engine.report.blocks import Figure, Table
from engine.report.context import PackContext
from engine.report.halves import Halves
from engine.report.holders import holders
from engine.report.html import html
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Section
from engine.report.pack import report
from engine.report.sections.concentration import section
from engine.report.words import Words
from tests.report.sections.conftest import Contexts


def material(context: PackContext) -> Material:
    words = Words(context.locale, context.currency)
    return Material(context, words, look(context.brand, context.brand_folder, context.paper))


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("concentration")


@pytest.fixture(scope="module")
def chapter(context: PackContext) -> Section:
    made = section(material(context))
    assert isinstance(made, Section)
    return made


def ranking(chapter: Section) -> Table:
    table = chapter.blocks[0]
    assert isinstance(table, Table)
    return table


def without(chapter: Section) -> Table:
    halves = next(block for block in chapter.blocks if isinstance(block, Halves))
    assert isinstance(halves.right, Table)
    return halves.right


def value(context: PackContext, metric: str) -> float:
    return context.numbers.one(metric, "2026Q3").value or 0.0


def test_the_ten_largest_together_are_their_share(chapter: Section, context: PackContext) -> None:
    """What the page adds up account by account is what the engine counts."""
    rows = ranking(chapter).rows
    assert len(rows) == 11
    assert rows[9].cells[3].text == material(context).words.share(value(context, "top10_share"))
    amounts = [row.cells[1].number.value for row in rows[:10] if row.cells[1].number]
    assert amounts == sorted(amounts, key=lambda each: -(each or 0.0))
    assert sum(each or 0.0 for each in amounts) == pytest.approx(
        context.numbers.one("top10_share", "2026Q3").numerator
    )


def test_every_number_in_a_cell_is_in_the_tidy_table(
    chapter: Section, context: PackContext
) -> None:
    cells = [
        cell
        for table in (ranking(chapter), without(chapter))
        for row in table.rows
        for cell in row.cells
    ]
    numbers = [cell.number for cell in cells if cell.number]
    assert len(numbers) >= 12
    for number in numbers:
        assert context.numbers.one(number.metric, number.period, dict(number.group)) == number


def test_without_the_largest_arpa_is_that_of_one_account_less(
    chapter: Section, context: PackContext
) -> None:
    largest = holders(material(context), "mrr", None, "cohort")[0].value
    left = value(context, "mrr") - largest
    row = next(row for row in without(chapter).rows if row.name == "Without the largest")
    assert row.cells[0].text == f"{left:,.0f}"
    assert row.cells[2].text == f"{left / (value(context, 'accounts') - 1):,.2f}"


def test_an_account_is_compared_with_itself_a_period_before(
    chapter: Section, context: PackContext
) -> None:
    now = {each.account: each for each in holders(material(context), "mrr", None, "cohort")}
    then = {
        each.account: each
        for each in holders(material(context), "mrr", material(context).span.previous)
    }
    for row, account in zip(ranking(chapter).rows[:10], now, strict=False):
        if account in then:
            part = now[account].value / then[account].value - 1
            assert row.cells[4].text == material(context).words.change(part)


def test_bands_run_from_the_largest_accounts_to_the_smallest(
    chapter: Section, context: PackContext
) -> None:
    figure = chapter.blocks[-1]
    assert isinstance(figure, Figure)
    places = [figure.svg.find(f">{name}<") for name in ("1,000 to 5,000", "100 to 500")]
    assert 0 < places[0] < places[1]
    count = context.numbers.one("accounts", "2026Q3", {"mrr_band": "100 to 500"}).value or 0.0
    assert f"{count / value(context, 'accounts') * 100:.1f}% · {count:,.0f}" in figure.svg


def test_accounts_without_mrr_are_in_no_band(chapter: Section) -> None:
    figure = chapter.blocks[-1]
    assert isinstance(figure, Figure)
    assert ">None<" not in figure.svg


def test_the_headline_tells_what_the_ten_carry(chapter: Section, context: PackContext) -> None:
    share = f"{value(context, 'top10_share') * 100:.1f}%"
    assert chapter.headline.startswith(f"The ten largest accounts carry {share} of MRR")


def test_two_accounts_are_no_concentration(context: PackContext) -> None:
    two = [each.group["account_id"] for each in holders(material(context), "mrr", None, "cohort")]
    account = pl.col("group").str.json_path_match("$.account_id")
    kept = context.numbers.frame.filter(account.is_null() | account.is_in(two[:2]))
    made = section(material(replace(context, numbers=Numbers(kept))))
    assert made == "fewer than 3 accounts pay"


@pytest.mark.parametrize("changes", [{"period": "2026-09"}, {"filters": {"region": "DACH"}}])
def test_months_and_parts_have_pages(counted: Contexts, changes: dict[str, object]) -> None:
    assert "largest accounts" in html(report(counted("concentration", **changes)))
