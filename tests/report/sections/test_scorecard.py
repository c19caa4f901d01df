"""The scorecard: plan, actual, variance, what was before, and a standing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.metrics.standard import Standing
from engine.report.board import Board, Drawing, Line, Mark
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Cell

Contexts = Callable[..., PackContext]


def chapter(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "scorecard")


def board(context: PackContext) -> Board:
    (found,) = chapter(context).blocks
    assert isinstance(found, Board)
    return found


def line(found: Board, name: str) -> Line:
    return next(each for family in found.families for each in family.lines if each.name == name)


def texts(found: Line) -> list[str]:
    return [each.text for each in found.entries if isinstance(each, Cell)]


@pytest.fixture(scope="module")
def scorecard(counted: Contexts) -> Board:
    return board(counted("scorecard"))


def test_metrics_stand_in_families(scorecard: Board) -> None:
    names = [family.name for family in scorecard.families]
    assert names == ["Growth", "Averages", "Retention", "Economics", "Pipeline"]


def test_a_planned_metric_has_plan_actual_and_both_variances(
    scorecard: Board, counted: Contexts
) -> None:
    numbers = counted("scorecard").numbers
    plan = numbers.one("mrr", "2026Q3", {"scenario": "plan"}).value
    actual = numbers.one("mrr", "2026Q3").value
    assert plan
    assert actual
    cells = [each for each in line(scorecard, "MRR").entries if isinstance(each, Cell)]
    assert [cells[0].number, cells[1].number] == [
        numbers.one("mrr", "2026Q3", {"scenario": "plan"}),
        numbers.one("mrr", "2026Q3"),
    ]
    assert cells[3].text == f"{actual / plan - 1:+.1%}".replace("-", "−")
    assert cells[2].text.startswith("+" if actual > plan else "−")


def test_new_arr_is_twelve_times_the_new_mrr_and_meets_its_own_plan(
    scorecard: Board, counted: Contexts
) -> None:
    numbers = counted("scorecard").numbers
    actual, new = numbers.one("new_arr", "2026Q3").value, numbers.one("mrr_new", "2026Q3").value
    assert actual
    assert new
    assert actual == pytest.approx(12 * new)
    assert texts(line(scorecard, "New ARR"))[0] != ""


def test_a_metric_without_a_plan_has_blanks_there(scorecard: Board) -> None:
    shown = texts(line(scorecard, "GRR"))
    assert (shown[0], shown[2], shown[3]) == ("", "", "")
    assert shown[1].endswith("%")


def test_without_any_plan_there_are_no_plan_columns(counted: Contexts) -> None:
    found = board(counted("scorecard", filters={"region": "DACH"}))
    assert "Plan" not in [column.title for column in found.columns]
    assert chapter(counted("scorecard", filters={"region": "DACH"})).headline[:3] == "Of "


def test_the_bar_tells_its_figures(scorecard: Board) -> None:
    drawing = next(each for each in line(scorecard, "MRR").entries if isinstance(each, Drawing))
    title = drawing.svg.partition("<title>")[2].partition("</title>")[0]
    shown = texts(line(scorecard, "MRR"))
    assert title == f"MRR {shown[1]}, plan {shown[0]}"


def test_renewals_are_not_judged(scorecard: Board) -> None:
    marks = {
        each.name: entry.standing
        for family in scorecard.families
        for each in family.lines
        for entry in each.entries
        if isinstance(entry, Mark)
    }
    assert marks["Renewals due, next"] is None
    assert isinstance(marks["MRR"], Standing)


def test_every_row_fills_every_column(scorecard: Board) -> None:
    widths = {len(each.entries) for family in scorecard.families for each in family.lines}
    assert widths == {len(scorecard.columns) - 1}


def test_every_number_is_in_the_tidy_table(counted: Contexts) -> None:
    context = counted("scorecard")
    for family in board(context).families:
        for each in family.lines:
            for cell in each.entries:
                if isinstance(cell, Cell) and cell.number and cell.number.value is not None:
                    number = cell.number
                    known = context.numbers.one(number.metric, number.period, dict(number.group))
                    assert known == number


def test_why_metrics_are_missing_stands_below(counted: Contexts) -> None:
    found = board(counted("scorecard", filters={"region": "DACH"}))
    assert "crm/spend is not recorded by region" in found.notes[-1]
    assert "CAC" not in [each.name for family in found.families for each in family.lines]


def test_the_headline_counts_plans_met_and_names_the_worst(counted: Contexts) -> None:
    headline = chapter(counted("scorecard")).headline
    assert " plan figures were met" in headline


def test_a_running_period_is_not_judged_by_what_is_counted_over_it(counted: Contexts) -> None:
    context = counted("scorecard")
    running = replace(context, as_of=context.period.last_day.replace(day=10))
    found = board(running)
    assert "still running" in found.notes[0]
    marks = [each for each in line(found, "New ARR").entries if isinstance(each, Mark)]
    assert marks == [Mark(None)]
    assert html(report(running))


def test_periods_before_the_company_have_no_columns(counted: Contexts) -> None:
    """A column of zeros and dashes says nothing but that there was nothing."""
    first = report(counted("scorecard", period="2023Q4"))
    board = next(each for each in first.sections if each.anchor == "scorecard").blocks[0]
    assert isinstance(board, Board)
    assert "Change" not in [column.title for column in board.columns]
    assert "light" not in board.unit
