"""The contents stay on one page, whatever the chapters are called."""

import pytest

from engine.report.context import PackContext
from engine.report.guide import Contents
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Section
from engine.report.sections.contents import section
from engine.report.words import Words


def contents(context: PackContext, count: int, headline: str, missing: int) -> Contents:
    made = Material(context, Words("en_US", "USD"), look(context.brand, None))
    chapters = [Section(f"c{at}", f"Chapter {at}", headline, "", ()) for at in range(count)]
    left_out = {f"Other {at}": "it was not exported" for at in range(missing)}
    block = section(made, chapters, left_out).blocks[0]
    assert isinstance(block, Contents)
    return block


@pytest.mark.parametrize(
    ("count", "lines", "missing", "air"),
    [(9, 1, 0, 5.2), (13, 1, 6, 5.2), (18, 1, 1, 2.7), (18, 3, 1, 1.0)],
)
def test_the_more_there_is_to_hold_the_closer_chapters_stand(
    context: PackContext, count: int, lines: int, missing: int, air: float
) -> None:
    headline = "A finding that takes all of the width that there is for it. " * lines
    assert contents(context, count, headline, missing).air == pytest.approx(air, abs=0.6)


def test_a_name_that_takes_a_second_line_costs_air_and_no_page(context: PackContext) -> None:
    short, long = (contents(context, 18, "ARPU rose " * times, 1).air for times in (3, 12))
    assert long < short
