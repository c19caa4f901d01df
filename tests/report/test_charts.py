"""No label of a chart leaves it or lies on another, whatever the values are."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import pytest

from engine.brand import Brand
from engine.report.charts.axis import axis
from engine.report.charts.bars import Bar as RankedBar
from engine.report.charts.bars import bars
from engine.report.charts.columns import Bar, columns
from engine.report.charts.facets import Facet, facets
from engine.report.charts.horizon import horizon
from engine.report.charts.labels import shown, spread
from engine.report.charts.lines import Band, Series, lines
from engine.report.charts.panel import indexed, panel, shared
from engine.report.charts.sparkline import sparkline
from engine.report.charts.stack import Column, stack
from engine.report.charts.waterfall import Step, cut, spans, waterfall
from engine.report.look import look
from engine.report.tone import Tone

LOOK = look(Brand(), None)
SVG = "{http://www.w3.org/2000/svg}"

SERIES: dict[str, tuple[float | None, ...]] = {
    "rising": tuple(100.0 + 3 * n for n in range(24)),
    "flat": (50.0,) * 24,
    "zero": (0.0,) * 24,
    "gap": (1.0, 2.0, None, None, 5.0, 3.0) * 4,
    "one point": (None,) * 23 + (7.0,),
    "nothing": (None,) * 24,
    "negative": tuple(-5.0 * n for n in range(24)),
    "across zero": tuple(10.0 - n for n in range(24)),
    "huge": tuple(1e12 + 1e10 * n for n in range(24)),
    "tiny": tuple(1e-6 * n for n in range(24)),
    "nearly flat": tuple(1e6 + n / 1000 for n in range(24)),
}
MONTHS = [f"Sep ’{n:02}" for n in range(24)]


def text(value: float) -> str:
    return f"{value:,.1f}"


Boxes = list[tuple[str, float, float, float, float]]


def boxes(svg: str) -> tuple[Boxes, float, float]:
    """Each label's box by the widths of the font, and the size of the drawing."""
    root = ET.fromstring(svg)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    return list(_boxes(root)), width, height


def _boxes(root: ET.Element) -> Iterator[tuple[str, float, float, float, float]]:
    for each in root.iter(f"{SVG}text"):
        size, weight = float(each.attrib["font-size"]), int(each.attrib.get("font-weight", 400))
        tabular = each.attrib.get("font-family") == "Pack Figures"
        content = each.text or ""
        wide = LOOK.typeface.width(content, size, weight, tabular=tabular)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[each.attrib.get("text-anchor", "start")]
        left, base = float(each.attrib["x"]) - shift * wide, float(each.attrib["y"])
        yield content, left, base - 0.73 * size, left + wide, base


def assert_tidy(svg: str) -> None:
    """Every label is inside the drawing, and no two overlap; the drawing describes itself."""
    found, width, height = boxes(svg)
    for label, left, top, right, bottom in found:
        assert left >= -0.6, label
        assert top >= -0.6, label
        assert right <= width + 0.6, label
        assert bottom <= height + 0.6, label
    for one, other in combinations(found, 2):
        apart = one[3] <= other[1] + 0.3 or other[3] <= one[1] + 0.3
        apart = apart or one[4] <= other[2] + 0.3 or other[4] <= one[2] + 0.3
        assert apart, (one[0], other[0])
    title = ET.fromstring(svg).find(f"{SVG}title")
    assert title is not None
    assert title.text
    assert "nan" not in svg
    assert "inf" not in svg


@pytest.mark.parametrize("name", SERIES)
def test_a_sparkline_takes_any_values(name: str) -> None:
    assert_tidy(sparkline(SERIES[name], LOOK, title=name, width=112, height=26))


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("other", ["rising", "flat", "negative"])
def test_lines_keep_their_labels_apart(name: str, other: str) -> None:
    series = [Series("ARPU", SERIES[name], "$94.72", is_leading=True)]
    series.append(Series("ARPPU", SERIES[other], "$115.90"))
    svg = lines(
        series, MONTHS, LOOK, title="t", tick=text, width=291, height=150, band=Band("Q3 2026", 3)
    )
    assert_tidy(svg)


def test_lines_of_many_series_that_end_together_stay_inside() -> None:
    series = [Series(f"Line {n}", SERIES["flat"], "50") for n in range(9)]
    assert_tidy(lines(series, MONTHS, LOOK, title="t", tick=text, width=291, height=150))


def test_lines_of_one_month_are_a_point() -> None:
    series = [Series("ARPU", (4.0,), "$4.00")]
    svg = lines(series, ["Sep ’26"], LOOK, title="t", tick=text, width=291, height=120)
    assert_tidy(svg)
    assert "circle" in svg


@pytest.mark.parametrize("name", SERIES)
def test_a_panel_takes_any_values(name: str) -> None:
    values = indexed(SERIES[name])
    drawn = panel(
        values,
        shared([values, indexed(SERIES["rising"])]),
        ("Oct ’24", "Sep ’26"),
        LOOK,
        title="t",
        width=110,
        height=56,
        reference=indexed(SERIES["rising"]),
    )
    assert_tidy(drawn)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("count", [1, 9, 13])
def test_columns_keep_their_labels_apart(name: str, count: int) -> None:
    made = [
        Bar(f"Q{n % 4 + 1} 2026", value, "9,999,999.9" if value else "–", "+12.5%", Tone.GOOD)
        for n, value in enumerate(SERIES[name][-count:])
    ]
    assert_tidy(columns(made, LOOK, title="t", width=493.2, height=126))


STEPS: dict[str, tuple[float, ...]] = {
    "growth": (1337.5, 58.9, 3.9, 46.4, -17.7, -49.0, 1.6),
    "all churned": (100.0, 0.0, 0.0, 0.0, 0.0, -100.0, 0.0),
    "from nothing": (0.0, 1000.0, 0.0, 5.0, -3.0, -4.0, 0.0),
    "negative": (-50.0, 10.0, 0.0, 5.0, -30.0, -4.0, 1.0),
    "nothing at all": (0.0,) * 7,
    "small on huge": (99_999.9, 0.1, 0.0, 0.1, -0.1, -0.1, 0.0),
    "collapse": (1000.0, 5.0, 0.0, 0.0, -400.0, -590.0, 0.0),
}
NAMES = ("Q2 2026", "New", "Reactivation", "Expansion", "Contraction", "Churn", "Currency")


def steps(values: tuple[float, ...]) -> list[Step]:
    opening, *moves = values
    made = [Step("September 2025", opening, text(opening), is_total=True)]
    for name, value in zip(NAMES[1:], moves, strict=True):
        tone = Tone.GOOD if value > 0 else Tone.BAD if value < 0 else Tone.PLAIN
        note = "1,234 accounts" if name in {"New", "Churn"} else ""
        made.append(Step(name, value, f"{value:+,.1f}", tone=tone, share="+12.3%", note=note))
    return [*made, Step("Q3 2026", sum(values), text(sum(values)), is_total=True)]


@pytest.mark.parametrize("name", STEPS)
def test_a_waterfall_keeps_its_labels_apart(name: str) -> None:
    assert_tidy(waterfall(steps(STEPS[name]), LOOK, title="t", width=493.2, height=236))


@pytest.mark.parametrize("name", STEPS)
def test_a_waterfall_ends_where_its_last_total_stands(name: str) -> None:
    """Each change starts at the level before it, and the last one ends at the closing total."""
    made = steps(STEPS[name])
    bars_ = spans(made, cut(made))
    for before, after in pairwise(bars_[:-1]):
        assert after.start == before.end
    assert bars_[-2].end == pytest.approx(bars_[-1].end)


def test_a_waterfall_is_cut_only_where_changes_would_vanish() -> None:
    assert cut(steps(STEPS["growth"])) > 0
    assert cut(steps(STEPS["collapse"])) == 0
    assert cut(steps(STEPS["negative"])) == 0


@pytest.mark.parametrize("count", [1, 3, 13])
@pytest.mark.parametrize("sign", [(1,), (-1,), (1, -1), (0,)])
def test_a_ranking_keeps_its_labels_apart(count: int, sign: tuple[int, ...]) -> None:
    rows = [
        RankedBar(sign[n % len(sign)] * 10.0**n, f"{10.0**n:+,.0f}", Tone.GOOD)
        for n in range(min(count, 7))
    ]
    assert_tidy(bars(rows, LOOK, title="t", width=200))


@pytest.mark.parametrize("parts", [(4069.0, 150.0, 102.0), (100.0, None, -20.0), (-5.0, -5.0, 0.0)])
def test_a_stack_names_its_parts_beside_the_last_column(parts: tuple[float | None, ...]) -> None:
    made = [Column(f"Q{n % 4 + 1} 2026", parts, "4,321.2", n == 8) for n in range(9)]
    names = ["Recurring 4,069.0", "Usage –", "One-time 102.2"]
    svg = stack(made, names, LOOK, title="t", width=493.2, height=190)
    assert_tidy(svg)
    assert all(name in svg for name in names)


@pytest.mark.parametrize("name", SERIES)
def test_the_cover_is_drawn_from_any_history(name: str) -> None:
    assert_tidy(horizon(SERIES[name], LOOK, title="t"))


def test_a_name_is_escaped_and_cut_with_an_ellipsis() -> None:
    made = steps(STEPS["growth"])
    made[1] = Step("<b>&'\" a very long name of a movement indeed", 1.0, "<&>")
    svg = waterfall(made, LOOK, title="<i>", width=493.2, height=236)
    assert_tidy(svg)
    assert "<b>" not in svg
    assert "…" in svg


@pytest.mark.parametrize("name", SERIES)
def test_an_axis_holds_all_values_between_round_ticks(name: str) -> None:
    found = axis(SERIES[name], 100, 0, from_zero=False)
    known = [value for value in SERIES[name] if value is not None]
    slack = found.step * 1e-6
    assert all(found.low - slack <= value <= found.high + slack for value in known)
    assert 2 <= len(found.ticks) <= 7


def test_labels_are_spread_in_their_order() -> None:
    placed = spread([50, 50, 10, 51], 10, 0, 100)
    assert sorted(placed) == pytest.approx([10, 50, 60, 70], abs=1)
    assert placed[2] < placed[0] < placed[1] < placed[3]


def test_labels_never_leave_their_range() -> None:
    placed = spread([95, 96, 97], 10, 0, 100)
    assert max(placed) <= 100
    assert shown(24, 6) == (5, 11, 17, 23)


Drawing = Callable[[], str]


def test_the_same_values_give_the_same_drawing() -> None:
    draw: Drawing = lambda: waterfall(  # noqa: E731
        steps(STEPS["growth"]), LOOK, title="t", width=493.2, height=236
    )
    assert draw() == draw()


def test_this_module_would_see_labels_that_collide_or_leave() -> None:
    for broken in ('x="20" y="20"', 'x="90" y="40"'):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><title>t</title>'
            '<text x="10" y="20" font-size="8">one</text>'
            f'<text {broken} font-size="8">other</text></svg>'
        )
        with pytest.raises(AssertionError):
            assert_tidy(svg)


@pytest.mark.parametrize("name", SERIES)
def test_fields_on_one_scale_keep_their_labels_apart(name: str) -> None:
    """As many periods as a pack shows, whatever their values; below zero labels hang."""
    values = [value or 0.0 for value in SERIES[name][-4:]]
    fields = [
        Facet(
            title,
            tuple(
                Bar(month, value, f"{value:+.4g}")
                for month, value in zip(MONTHS, values, strict=False)
            ),
        )
        for title in ("Seats", "Price", "Products", "All three")
    ]
    assert_tidy(facets(fields, LOOK, title="t", width=493, height=128))
