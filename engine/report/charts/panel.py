"""One of several small charts that share a scale; its name stands in the page beside it.

Names of groups come from data and may be in any script. WeasyPrint 70 sets the text of an SVG
letter by letter, so Arabic would fall apart there and Hebrew run backwards; the page sets it well.
"""

from collections.abc import Sequence

from engine.report.charts.axis import Axis, axis
from engine.report.charts.canvas import SMALL, Canvas, Point
from engine.report.charts.trace import last, runs
from engine.report.look import Look

#: As many as are drawn; a table holds all.
MOST = 12
GAP = 18.0
_FOOT, _EDGE, _HEAD = 12.0, 3.5, 4.0


def side_by_side(count: int) -> int:
    """How many panels stand in a row: rows as even as can be, at most four."""
    return {1: 2, 2: 2, 3: 3, 5: 3, 6: 3, 9: 3}.get(count, 4)


def shared(series: Sequence[Sequence[float | None]]) -> Axis:
    """The scale of all panels together; it starts at zero."""
    return axis([value for values in series for value in values], 0, 1, from_zero=True)


def panel(
    values: Sequence[float | None],
    scale: Axis,
    labels: tuple[str, str],
    look: Look,
    *,
    title: str,
    width: float,
    height: float,
    reference: Sequence[float | None] = (),
) -> str:
    """A line on a tinted ground.

    Args:
        labels: What the first and the last point in time are called.
        reference: A dotted line, such as the whole company's.
    """
    canvas = Canvas(width, height, look)
    down = Axis(scale.low, scale.high, scale.step, height - _FOOT, _HEAD)
    step = (width - 2 * _EDGE) / max(len(values) - 1, 1)

    def place(at: int, value: float) -> Point:
        return _EDGE + at * step, down.at(value)

    _draw(canvas, runs(values, place), runs(reference, place), down.at(0.0))
    if (end := last(values)) is not None:
        canvas.dot(place(end, values[end] or 0.0), 2.8, canvas.palette.actual)
    _times(canvas, labels)
    return canvas.svg(title)


def _draw(
    canvas: Canvas, traces: list[list[Point]], reference: list[list[Point]], floor: float
) -> None:
    for run in (each for each in traces if len(each) > 1):
        canvas.area(run, floor, canvas.palette.tint)
    canvas.line((0, floor), (canvas.width, floor), canvas.palette.faint)
    for run in reference:
        canvas.stroke(run, canvas.palette.faint, 0.9, dashes="0.1 2.4")
    for run in traces:
        canvas.stroke(run, canvas.palette.line, 1.6)


def _times(canvas: Canvas, labels: tuple[str, str]) -> None:
    muted, baseline = canvas.palette.muted, canvas.height - 2
    canvas.text((0, baseline), labels[0], colour=muted, size=SMALL)
    canvas.text((canvas.width, baseline), labels[1], colour=muted, size=SMALL, anchor="end")
