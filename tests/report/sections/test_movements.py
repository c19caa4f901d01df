"""The chapter on movements: bridges of four periods on one scale, and the quick ratio."""

import re

import pytest

from engine.report.blocks import Figure, Table
from engine.report.charts.bridges import Bridge, bridges, is_cut
from engine.report.charts.waterfall import Step
from engine.report.context import PackContext
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Section
from engine.report.sections.movements import section
from engine.report.words import Words
from tests.report.sections.conftest import Contexts


def material(context: PackContext) -> Material:
    words = Words(context.locale, context.currency)
    return Material(context, words, look(context.brand, context.brand_folder, context.paper))


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("movements")


@pytest.fixture(scope="module")
def chapter(context: PackContext) -> Section:
    made = section(material(context))
    assert isinstance(made, Section)
    return made


def bridge(name: str, opening: float, change: float) -> Bridge:
    steps = (
        Step("Start", opening, "start", is_total=True),
        Step("Change", change, "change"),
        Step("End", opening + change, "end", is_total=True),
    )
    return Bridge(name, "", steps)


def heights(svg: str) -> list[float]:
    return [float(each) for each in re.findall(r'<rect[^>]* height="([\d.]+)"', svg)]


def test_the_same_amount_is_as_high_in_every_bridge(context: PackContext) -> None:
    drawn = [bridge("one", 1000, 50), bridge("two", 1900, 50), bridge("three", 1500, 100)]
    svg = bridges(drawn, material(context).look, title="t", width=400, row_height=150)
    found = heights(svg)
    assert found[1] == pytest.approx(found[4], abs=0.02)
    assert found[7] == pytest.approx(2 * found[1], abs=0.02)


def test_bridges_of_small_changes_are_cut_and_of_large_ones_not() -> None:
    assert is_cut([bridge("one", 1000, 20), bridge("two", 1020, 20)])
    assert not is_cut([bridge("one", 0, 900), bridge("two", 900, 800)])


def test_four_periods_stand_side_by_side(chapter: Section) -> None:
    figure = next(
        block
        for block in chapter.blocks
        if isinstance(block, Figure) and block.title == "The last four bridges side by side"
    )
    assert all(f"{quarter}:" in figure.svg for quarter in ("Q4 2025", "Q1 2026", "Q3 2026"))


def test_the_quick_ratio_stands_in_every_period(chapter: Section, context: PackContext) -> None:
    table = next(block for block in chapter.blocks if isinstance(block, Table))
    row = next(row for row in table.rows if row.name == "Quick ratio")
    numbers = [cell.number for cell in row.cells if cell.number]
    assert [number.period for number in numbers] == ["2025Q4", "2026Q1", "2026Q2", "2026Q3"]
    assert numbers[-1] == context.numbers.one("quick_ratio", "2026Q3")


def test_new_accounts_are_listed_with_their_segment(chapter: Section) -> None:
    table = chapter.blocks[-1]
    assert isinstance(table, Table)
    assert table.title == "Largest new accounts"
    assert {row.cells[0].text for row in table.rows} <= {"SMB", "Mid-market", "Enterprise"}


def test_a_company_in_its_first_quarter_has_one_bridge_alone(counted: Contexts) -> None:
    made = section(material(counted("movements", period="2023Q4")))
    assert isinstance(made, Section)
    assert len(made.blocks) == 2
