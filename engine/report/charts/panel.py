"""A small chart of one group, one of several on one scale; its name stands in the page beside it.

Each line starts at 100, so equal heights are equal relative changes in every panel, whatever the
groups' levels. That scale needs no zero, hence nothing is filled below a line.

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
BASE = 100.0

#: Indexes beyond these are drawn at the frame; the scale always holds the inner two.
LOWEST, HIGHEST = 25.0, 400.0
_NEAR = (95.0, 105.0)
_FOOT, _HEAD, _LEFT, _RIGHT = 13.0, 6.0, 18.0, 25.0


def side_by_side(count: int) -> int:
    """How many panels stand in a row: rows as even as can be, at most four."""
    return {1: 2, 2: 2, 3: 3, 5: 3, 6: 3, 9: 3}.get(count, 4)


def indexed(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The values as parts of the first one, which is 100; none if that is not above zero."""
    first = next((value for value in values if value is not None), None)
    if first is None or first <= 0:
        return (None,) * len(values)
    return tuple(None if value is None else value / first * BASE for value in values)


def shared(series: Sequence[Sequence[float | None]]) -> Axis:
    """The scale of all panels together, of at least five per cent up and down."""
    known = [_framed(value) for values in series for value in values if value is not None]
    return axis([*known, *_NEAR], 0, 1, from_zero=False, most=3)


def leaves(series: Sequence[Sequence[float | None]]) -> bool:
    """Whether any value lies beyond the frame."""
    return any(value is not None and value != _framed(value) for one in series for value in one)


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
    """Indexed values as a line, its last index beside it.

    Args:
        labels: What the first and the last point in time are called.
        reference: A dotted line, such as the whole company's.
    """
    canvas = Canvas(width, height, look)
    down = Axis(scale.low, scale.high, scale.step, height - _FOOT, _HEAD)
    step = (width - _LEFT - _RIGHT) / max(len(values) - 1, 1)

    def place(at: int, value: float) -> Point:
        return _LEFT + at * step, down.at(_framed(value))

    _grid(canvas, down)
    for run in runs(reference, place):
        canvas.stroke(run, canvas.palette.muted, 1.0, dashes="0.1 2.4")
    for run in runs(values, place):
        canvas.stroke(run, canvas.palette.line, 1.6)
    if (end := last(values)) is not None:
        _end(canvas, place(end, values[end] or 0.0), values[end] or 0.0)
    _times(canvas, labels)
    return canvas.svg(title)


def _framed(value: float) -> float:
    return min(max(value, LOWEST), HIGHEST)


def _grid(canvas: Canvas, down: Axis) -> None:
    """Hairlines at the ticks with their values, the base a little stronger."""
    for tick in down.ticks:
        y, is_base = down.at(tick), tick == BASE
        colour = canvas.palette.faint if is_base else canvas.palette.rule
        canvas.line((_LEFT, y), (canvas.width - _RIGHT + 3, y), colour, 0.75 if is_base else 0.5)
        canvas.text(
            (_LEFT - 4, y + 2.4),
            f"{tick:.0f}",
            colour=canvas.palette.muted,
            size=SMALL,
            anchor="end",
            figures=True,
        )


def _end(canvas: Canvas, at: Point, value: float) -> None:
    canvas.dot(at, 2.6, canvas.palette.actual)
    mark = "<" if value < LOWEST else ">" if value > HIGHEST else ""
    text = f"{mark}{_framed(value):.0f}"
    y = min(max(at[1] + 2.5, _HEAD + 2.5), canvas.height - _FOOT + 1)
    canvas.text((at[0] + 5, y), text, size=SMALL, weight=600, figures=True)


def _times(canvas: Canvas, labels: tuple[str, str]) -> None:
    muted, baseline = canvas.palette.muted, canvas.height - 2
    canvas.text((_LEFT, baseline), labels[0], colour=muted, size=SMALL)
    end = canvas.width - _RIGHT + 3
    canvas.text((end, baseline), labels[1], colour=muted, size=SMALL, anchor="end")
