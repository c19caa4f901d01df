"""A trend the size of a word: no axis, the last point marked."""

from collections.abc import Sequence

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import Canvas, Point
from engine.report.charts.trace import last, runs
from engine.report.look import Look

_EDGE = 0.7

#: Below this height the point is smaller, so that the line keeps room.
_LOW = 16.0


def sparkline(
    values: Sequence[float | None], look: Look, *, title: str, width: float, height: float
) -> str:
    """The values from left to right between their own extremes; gaps stay open."""
    canvas = Canvas(width, height, look)
    known = [value for value in values if value is not None]
    if known:
        low, high = min(known), max(known)
        is_flat = high - low <= abs(high) * 1e-9
        margin = (abs(high) or 1.0) if is_flat else 0.0
        pad = _radius(canvas) + 0.9
        _draw(canvas, values, Axis(low - margin, high + margin, 1, height - pad, pad))
    return canvas.svg(title)


def _draw(canvas: Canvas, values: Sequence[float | None], down: Axis) -> None:
    radius = _radius(canvas)
    step = (canvas.width - radius - 0.9 - _EDGE) / max(len(values) - 1, 1)

    def place(at: int, value: float) -> Point:
        return _EDGE + at * step, down.at(value)

    for run in runs(values, place):
        if len(run) > 1:
            canvas.area(run, canvas.height, canvas.palette.tint)
            canvas.stroke(run, canvas.palette.line, 1.25)
    if (end := last(values)) is not None:
        canvas.dot(place(end, values[end] or 0.0), radius, canvas.palette.actual)


def _radius(canvas: Canvas) -> float:
    return 2.5 if canvas.height > _LOW else 1.7
