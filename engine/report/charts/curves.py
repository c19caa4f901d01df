"""Many curves over one axis: a few stand out and are named, the others are their background."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.report.charts.axis import Axis, axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, Point
from engine.report.charts.labels import every, shown, spread
from engine.report.charts.trace import last, runs
from engine.report.look import Look
from engine.report.typeface import widest

_TOP, _BOTTOM, _GAP = 10.0, 17.0, 9.0


class Rank(StrEnum):
    """How much a curve stands out."""

    LEADING = "leading"
    SECOND = "second"
    QUIET = "quiet"


_WEIGHTS = {Rank.LEADING: 2.2, Rank.SECOND: 1.7, Rank.QUIET: 0.9}


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve; ``text`` is its last value as the label at its end says it."""

    name: str
    values: tuple[float | None, ...]
    text: str
    rank: Rank = Rank.QUIET


def curves(
    drawn: Sequence[Curve],
    labels: Sequence[str],
    look: Look,
    *,
    title: str,
    tick: Callable[[float], str],
    size: tuple[float, float],
    reference: float | None = None,
) -> str:
    """Curves from left to right, the ones that stand out on top.

    Those that reach the right edge are named there; those that end before it, at their end.

    Args:
        size: Width and height in points.
        reference: A level to hold them against, drawn stronger than the grid.
    """
    canvas = Canvas(*size, look)
    values = [value for one in drawn for value in one.values]
    down = axis([*values, reference], size[1] - _BOTTOM, _TOP, from_zero=False)
    left = widest(look.typeface, [tick(each) for each in down.ticks], SMALL + 0.5, tabular=True) + 6
    ends = widest(look.typeface, [_label(one) for one in drawn], MEDIUM - 0.5, 600)
    across = Axis(0, max(len(labels) - 1, 1), 1, left + 3, size[0] - ends - 10)
    _grid(canvas, across, down, tick, reference)
    _foot(canvas, across, labels)
    for one in sorted(drawn, key=_order):
        _draw(canvas, one, lambda at, value: (across.at(at), down.at(value)))
    _name_ends(canvas, drawn, across, down, len(labels))
    return canvas.svg(title)


def _order(one: Curve) -> int:
    return (Rank.QUIET, Rank.SECOND, Rank.LEADING).index(one.rank)


def _label(one: Curve) -> str:
    return f"{one.name} {one.text}".strip()


def _grid(
    canvas: Canvas,
    across: Axis,
    down: Axis,
    tick: Callable[[float], str],
    reference: float | None,
) -> None:
    palette = canvas.palette
    for value in down.ticks:
        y = down.at(value)
        is_reference = reference is not None and abs(value - reference) < down.step * 1e-6
        colour = palette.muted if is_reference else palette.rule
        canvas.line(
            (across.start - 3, y), (across.end + 3, y), colour, 0.8 if is_reference else 0.5
        )
        canvas.text(
            (across.start - 8, y + 2.6),
            tick(value),
            colour=palette.ink if is_reference else palette.muted,
            size=SMALL + 0.5,
            weight=600 if is_reference else 400,
            anchor="end",
            figures=True,
        )


def _foot(canvas: Canvas, across: Axis, labels: Sequence[str]) -> None:
    longest = widest(canvas.typeface, labels, SMALL + 0.5)
    step = every(len(labels), longest, across.at(1) - across.at(0))
    for at in shown(len(labels), step):
        x = max(across.at(at), longest / 2)
        muted = canvas.palette.muted
        canvas.text(
            (x, canvas.height - 4), labels[at], colour=muted, size=SMALL + 0.5, anchor="middle"
        )


def _draw(canvas: Canvas, one: Curve, place: Callable[[int, float], Point]) -> None:
    colour = _colour(canvas, one)
    for run in runs(one.values, place):
        if len(run) > 1:
            canvas.stroke(run, colour, _WEIGHTS[one.rank])
    if (end := last(one.values)) is not None:
        radius = 1.8 if one.rank is Rank.QUIET else 2.8
        canvas.dot(place(end, one.values[end] or 0.0), radius, colour)


def _name_ends(
    canvas: Canvas, drawn: Sequence[Curve], across: Axis, down: Axis, count: int
) -> None:
    """Names beside the right edge, pushed apart; the others over the end of their curve."""
    named = [one for one in drawn if one.name and last(one.values) is not None]
    at_edge = [one for one in named if last(one.values) == count - 1]
    wanted = [down.at(one.values[-1] or 0.0) for one in at_edge]
    heights = spread(wanted, _GAP, _TOP, down.start)
    for one, y in zip(at_edge, heights, strict=True):
        _name(canvas, one, (across.end + 8, y + 2.6))
    for one in named:
        end = last(one.values) or 0
        if end < count - 1:
            _name(canvas, one, (across.at(end) + 4, down.at(one.values[end] or 0.0) - 4))


def _name(canvas: Canvas, one: Curve, at: Point) -> None:
    is_quiet = one.rank is Rank.QUIET
    canvas.text(
        at,
        _label(one),
        colour=canvas.palette.muted if is_quiet else _colour(canvas, one),
        size=MEDIUM - (1.0 if is_quiet else 0.5),
        weight=400 if is_quiet else 600,
        figures=True,
    )


def _colour(canvas: Canvas, one: Curve) -> str:
    palette = canvas.palette
    return {Rank.LEADING: palette.actual, Rank.SECOND: palette.line, Rank.QUIET: palette.previous}[
        one.rank
    ]
