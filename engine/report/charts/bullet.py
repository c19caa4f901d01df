"""A value against its plan or against a year ago, the size of a word."""

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import Canvas
from engine.report.look import Look

WIDTH, HEIGHT = 70.0, 9.0
_SLIM = 4.6


def bullet(
    value: float | None,
    plan: float | None,
    before: float | None,
    look: Look,
    *,
    title: str,
    mark: float | None = None,
) -> str:
    """The value solid and dark; behind it the plan as an outline, else what was before, lighter.

    Args:
        mark: A tick across, such as the value from which the metric is good.
    """
    known = [each for each in (value, plan, before, mark) if each is not None]
    low, high = min((0.0, *known)), max((0.0, *known))
    canvas = Canvas(WIDTH, HEIGHT, look)
    across = Axis(low, high if high > low else low + 1, 1, 0.6, WIDTH - 0.8)
    palette = look.palette
    if plan is not None:
        left, right = sorted((across.at(0.0), across.at(plan)))
        canvas.frame(left, 0.4, right - left, HEIGHT - 0.8, palette.muted)
    elif before is not None:
        left, right = sorted((across.at(0.0), across.at(before)))
        canvas.bar(left, 0.4, right - left, HEIGHT - 0.8, palette.previous)
    if value is not None:
        left, right = sorted((across.at(0.0), across.at(value)))
        canvas.bar(left, (HEIGHT - _SLIM) / 2, right - left, _SLIM, palette.actual)
    if mark is not None:
        canvas.line((across.at(mark), 0.2), (across.at(mark), HEIGHT - 0.2), palette.accent, 1.3)
    canvas.line((across.at(0.0), 0), (across.at(0.0), HEIGHT), palette.ink, 0.6)
    return canvas.svg(title)
