"""The cover's art: the company's own curve, and its echoes receding into the ground."""

from collections.abc import Sequence
from math import cos, sin

from engine.report.charts.canvas import Canvas, Point, short
from engine.report.look import Look

#: Where the curve may lie, as parts of the page's height from its top.
_HIGHEST, _LOWEST = 0.50, 0.70
_LAYERS = 6


def horizon(values: Sequence[float | None], look: Look, *, title: str) -> str:
    """A full page of receding curves under one bright line through the values.

    Fewer than four values make no curve worth drawing; then it is a calm swell.
    """
    width, height = look.paper.width, look.paper.height
    canvas = Canvas(width, height, look)
    ridge = _ridge([value for value in values if value is not None])
    levels = [_LOWEST - (_LOWEST - _HIGHEST) * each for each in ridge]
    corners = f"L{short(width + 4)} {short(height)}L-4 {short(height)}Z"
    for layer in range(_LAYERS):
        points = _points(_echo(levels, layer), width, height)
        colour = look.palette.cover_ramp[layer]
        canvas.shape(f"{_curve(points)}{corners}", colour)
    canvas.shape(
        _curve(_points(levels, width, height)), "", stroke=look.palette.cover_line, weight=1.0
    )
    return canvas.svg(title)


def _ridge(values: Sequence[float]) -> list[float]:
    """The values between 0 and 1."""
    if len(values) < 4 or max(values) == min(values):
        return [0.5 + 0.3 * sin(at * 0.55) + at * 0.02 for at in range(13)]
    low, high = min(values), max(values)
    return [(value - low) / (high - low) for value in values]


def _echo(levels: Sequence[float], layer: int) -> list[float]:
    """The curve once more, lower, flatter and slightly out of step."""
    flat = sum(levels) / len(levels)
    keep = 0.92 - 0.13 * layer
    swell = 0.006 * (layer + 1)
    return [
        flat + (level - flat) * keep + 0.035 + 0.056 * layer + swell * cos(at * 0.5 + layer * 1.3)
        for at, level in enumerate(levels)
    ]


def _points(levels: Sequence[float], width: float, height: float) -> list[Point]:
    step = (width + 8) / (len(levels) - 1)
    return [(at * step - 4, level * height) for at, level in enumerate(levels)]


def _curve(points: Sequence[Point]) -> str:
    """A smooth path through the points (Catmull–Rom, as cubic Béziers)."""
    parts = [f"M{short(points[0][0])} {short(points[0][1])}"]
    for at in range(len(points) - 1):
        before, start = points[max(at - 1, 0)], points[at]
        end, after = points[at + 1], points[min(at + 2, len(points) - 1)]
        controls = (
            (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6),
            (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6),
            end,
        )
        parts.append("C" + " ".join(f"{short(x)} {short(y)}" for x, y in controls))
    return "".join(parts)
