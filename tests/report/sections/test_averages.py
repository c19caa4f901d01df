"""What it means that ARPU and ARPA move together or apart: which case holds, with its figures."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers, group_text
from engine.report.cases import Case
from engine.report.context import PackContext
from engine.report.divergence import Way, cases, way
from engine.report.look import look
from engine.report.material import Material
from engine.report.words import Words
from tests.report.sections.conftest import Contexts

Moved = Callable[[float, float, float], Material]


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("averages")


@pytest.fixture
def moved(context: PackContext) -> Moved:
    """ARPA, ARPU and paid seats moved by those parts since the quarter before and a year ago."""

    def made(arpa: float, arpu: float, seats: float) -> Material:
        frame = context.numbers.frame
        changes = {"arpa": arpa, "arpu": arpu, "paid_seats": seats}
        for metric, part in changes.items():
            for period, value in (("2026Q3", 1 + part), ("2026Q2", 1.0), ("2025Q3", 1.0)):
                here = (
                    (pl.col("metric") == metric)
                    & (pl.col("period") == period)
                    & (pl.col("group") == group_text({}))
                )
                new = pl.when(here).then(pl.lit(value * 100)).otherwise(pl.col("value"))
                frame = frame.with_columns(new.alias("value"))
        changed = replace(context, numbers=Numbers(frame))
        return Material(changed, Words("en_US", "USD"), look(context.brand, None))

    return made


def marked(material: Material) -> list[tuple[str, Case]]:
    grid = cases(material)
    return [
        (f"{row.name}, {head.partition(' (')[0]}", case)
        for row in grid.rows
        for head, case in zip(grid.heads, row.cases, strict=True)
        if case.is_now
    ]


@pytest.mark.parametrize(
    ("arpa", "arpu", "seats", "where", "said"),
    [
        (0.05, 0.002, 0.0, "ARPA up, ARPU flat", "Bigger logos, not dearer seats"),
        (0.0, 0.05, 0.0, "ARPA flat, ARPU up", "Seats are worth more"),
        (-0.1, -0.02, 0.1, "ARPA down, ARPU down", "Seats grow at entry prices"),
        (-0.1, -0.02, -0.1, "ARPA down, ARPU down", "Seats and prices give way"),
        (0.1, 0.1, 0.0, "ARPA up, ARPU up", "Dearer seats in bigger accounts"),
        (0.001, -0.009, 0.0, "ARPA flat, ARPU flat", "Neither price nor depth moved"),
    ],
)
def test_the_case_that_holds_is_marked(
    moved: Moved, arpa: float, arpu: float, seats: float, where: str, said: str
) -> None:
    ((place, case),) = marked(moved(arpa, arpu, seats))
    assert place == where
    assert case.text.startswith(said)
    assert case.mark == "Since Q2 2026 and Q3 2025"


def test_the_figures_stand_above_the_cases(moved: Moved) -> None:
    told = cases(moved(-0.1, -0.02, 0.1)).unit.replace("\u00a0", " ")
    assert told.startswith("Since Q2 2026 ARPA −10.0%, ARPU −2.0%, paid seats +10.0%; since Q3")


@pytest.mark.parametrize(
    ("part", "expected"), [(0.0099, Way.STEADY), (0.01, Way.UP), (-0.01, Way.DOWN), (None, None)]
)
def test_a_change_within_a_per_cent_is_flat(part: float | None, expected: Way | None) -> None:
    assert way(part) == expected


def test_in_the_first_quarter_no_case_holds(counted: Contexts) -> None:
    context = counted("averages", period="2023Q4")
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    assert marked(material) == []
