"""The segments: on one honest scale, in their order, and what a rise in each would bring."""

import re
from collections.abc import Callable

import pytest

from engine.report.blocks import Pair, Panels, Ranking
from engine.report.context import PackContext
from engine.report.model import Section
from engine.report.pack import report
from engine.report.sections.groups import is_one_page
from engine.report.table import Table
from tests.report.conftest import Segment
from tests.report.sections.conftest import Contexts


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("segments")


@pytest.fixture(scope="module")
def section(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "segments")


def ranking(section: Section, title: str) -> Ranking:
    pairs = (block for block in section.blocks if isinstance(block, Pair))
    sides = (side for pair in pairs for side in (pair.left, pair.right))
    return next(
        each for each in sides if isinstance(each, Ranking) and each.title.startswith(title)
    )


def value(context: PackContext, metric: str, segment: str, period: str = "2026Q3") -> float:
    return context.numbers.one(metric, period, {"segment": segment}).value or 0.0


def test_a_rise_is_worth_its_part_of_the_years_revenue(
    context: PackContext, section: Section
) -> None:
    """5% × ARPU × users × 12, which is 5% of ARR."""
    found = ranking(section, "What 5% more ARPU is worth")
    for name in found.names:
        worth = 0.05 * value(context, "arpu", name) * value(context, "users", name) * 12
        assert worth == pytest.approx(0.05 * value(context, "arr", name))
    sizes = [value(context, "arr", name) for name in found.names]
    assert sizes == sorted(sizes, reverse=True)
    assert section.lead.startswith(f"5% more ARPU in {found.names[0]} is worth $")


def test_panels_begin_at_a_hundred_and_end_at_what_became_of_it(
    context: PackContext, section: Section
) -> None:
    panels = next(block for block in section.blocks if isinstance(block, Panels))
    for panel in panels.panels:
        first, last = (
            value(context, "arpu", panel.name, month) for month in ("2024-10", "2026-09")
        )
        (end,) = re.findall(r'font-weight="600" font-family="Pack Figures">([^<]*)<', panel.svg)
        assert end == f"{last / first * 100:.0f}"


def test_panels_share_their_ticks(section: Section) -> None:
    panels = next(block for block in section.blocks if isinstance(block, Panels))
    ticks = {
        tuple(re.findall(r'text-anchor="end" font-family="Pack Figures">([^<]*)<', panel.svg))
        for panel in panels.panels
    }
    assert len(ticks) == 1
    assert "100" in ticks.pop()


def test_ranks_are_by_mrr_and_say_what_moved(context: PackContext, section: Section) -> None:
    table = next(block for block in section.blocks if isinstance(block, Table))
    names = [row.name for row in table.rows[:-1]]
    now, before = (
        sorted(names, key=lambda name: -value(context, "mrr", name, period))
        for period in ("2026Q3", "2026Q2")
    )
    for row in table.rows[:-1]:
        place, was = now.index(row.name) + 1, before.index(row.name) + 1
        moved = "" if was == place else f"\u00a0{'▲' if was > place else '▼'}{abs(was - place)}"
        assert row.cells[0].text == f"{place}{moved}"


def test_a_rank_that_moved_says_how_far(counted: Contexts) -> None:
    """In 2025 the two largest segments of the invented company changed places."""
    context = counted("segments", dimensions=("owner",))
    made = next(each for each in report(context).sections if each.anchor == "segments")
    table = next(block for block in made.blocks if isinstance(block, Table))
    assert any(mark in row.cells[0].text for row in table.rows for mark in "▲▼")


def test_each_group_has_its_line(section: Section) -> None:
    table = next(block for block in section.blocks if isinstance(block, Table))
    at = [column.title for column in table.columns].index("Trend") - 1
    assert all("<svg" in row.cells[at].drawing for row in table.rows)


def test_names_that_begin_alike_stay_apart_beside_their_bars(
    invent: Callable[..., PackContext],
) -> None:
    names = [f"A segment with a long name number {at}" for at in range(8)]
    context = invent(segments=[Segment(name, accounts=10) for name in names])
    made = next(each for each in report(context).sections if each.anchor == "segments")
    found = ranking(made, "Change of MRR")
    assert len(set(found.names)) == len(found.names) == len(names)
    assert all("…" in name and name[-1].isdigit() for name in found.names)
    assert 0.34 < found.names_part <= 0.46


@pytest.mark.parametrize(
    ("groups", "lines", "fits"), [(3, 3, True), (3, 6, True), (3, 7, False), (4, 4, True)]
)
def test_few_groups_share_a_page_with_their_charts_if_their_names_are_not_too_long(
    groups: int, lines: int, fits: bool
) -> None:
    assert is_one_page(groups, lines) is fits
