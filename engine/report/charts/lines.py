"""Trends over the same months, each named at its end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis, axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, Point
from engine.report.charts.labels import every, shown, spread
from engine.report.charts.trace import last, runs
from engine.report.look import Look
from engine.report.typeface import widest

_TOP, _BOTTOM, _LONGEST_NAME = 15.0, 17.0, 130.0


@dataclass(frozen=True, slots=True)
class Series:
    """One line; ``text`` is its last value as the label at its end says it."""

    name: str
    values: tuple[float | None, ...]
    text: str
    is_leading: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The ground behind the last points, with its name above."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    across: Axis
    down: Axis

    def place(self, at: int, value: float) -> Point:
        return self.across.at(at), self.down.at(value)


def lines(
    series: Sequence[Series],
    labels: Sequence[str],
    look: Look,
    *,
    title: str,
    tick: Callable[[float], str],
    width: float,
    height: float,
    band: Band | None = None,
) -> str:
    """Lines over one axis, which need not start at zero.

    Args:
        labels: One a point in time; as many are shown as keep apart.
        band: The reported period, if it is to be marked.
    """
    canvas = Canvas(width, height, look)
    down = value_axis(series, height - _BOTTOM, _TOP)
    left = widest(look.typeface, [tick(each) for each in down.ticks], SMALL + 0.5, tabular=True) + 6
    right = width - _ends_width(series, canvas) - 12
    across = Axis(0, max(len(labels) - 1, 1), 1, left + 3, right)
    plot = _Plot(canvas, across, down)
    _ground(plot, left, right, band, len(labels))
    _grid(plot, left, right, tick)
    _times(plot, labels)
    for one in sorted(series, key=lambda each: each.is_leading):
        _draw(plot, one)
    _name_ends(plot, series, right)
    return canvas.svg(title)


def value_axis(series: Sequence[Series], start: float = 0, end: float = 1) -> Axis:
    """The axis that fits all lines; ``low`` is where it starts, which need not be zero."""
    return axis([each for one in series for each in one.values], start, end, from_zero=False)


def _ends_width(series: Sequence[Series], canvas: Canvas) -> float:
    names = max((min(_name_width(one, canvas), _LONGEST_NAME) for one in series), default=0.0)
    return names + widest(canvas.typeface, [f" {one.text}" for one in series], MEDIUM, 600)


def _name_width(one: Series, canvas: Canvas) -> float:
    return canvas.typeface.width(one.name, MEDIUM, 600)


def _ground(plot: _Plot, left: float, right: float, band: Band | None, count: int) -> None:
    """A wash behind the reported period, named above the plot."""
    if band is None or count <= band.points:
        return
    start = max(plot.across.at(count - band.points - 0.5), left)
    canvas = plot.canvas
    canvas.bar(start, _TOP - 5, right + 4 - start, plot.down.start - _TOP + 5, canvas.palette.wash)
    canvas.text(
        (right + 4, _TOP - 8), band.name, colour=canvas.palette.muted, size=SMALL, anchor="end"
    )


def _grid(plot: _Plot, left: float, right: float, tick: Callable[[float], str]) -> None:
    canvas = plot.canvas
    for value in plot.down.ticks:
        y = plot.down.at(value)
        is_floor = value == plot.down.ticks[0]
        canvas.line(
            (left, y), (right + 4, y), canvas.palette.faint if is_floor else canvas.palette.rule
        )
        canvas.text(
            (left - 5, y + 2.6),
            tick(value),
            colour=canvas.palette.muted,
            size=SMALL + 0.5,
            anchor="end",
            figures=True,
        )


def _times(plot: _Plot, labels: Sequence[str]) -> None:
    canvas = plot.canvas
    longest = widest(canvas.typeface, labels, SMALL + 0.5)
    step = every(len(labels), longest, plot.across.at(1) - plot.across.at(0))
    for at in shown(len(labels), step):
        x = max(plot.across.at(at), longest / 2)
        y = plot.down.start + 12
        canvas.text(
            (x, y), labels[at], colour=canvas.palette.muted, size=SMALL + 0.5, anchor="middle"
        )


def _draw(plot: _Plot, one: Series) -> None:
    colour = _colour(plot.canvas, one)
    for run in runs(one.values, plot.place):
        if len(run) > 1:
            plot.canvas.stroke(run, colour, 2.0 if one.is_leading else 1.4)
        else:
            plot.canvas.dot(run[0], 2.2, colour)
    if (end := last(one.values)) is not None:
        plot.canvas.dot(plot.place(end, one.values[end] or 0.0), 3.0, colour)


def _name_ends(plot: _Plot, series: Sequence[Series], right: float) -> None:
    """Names and values beside the last points, pushed apart where the lines end close by."""
    canvas = plot.canvas
    ending = [one for one in series if last(one.values) is not None]
    wanted = [plot.down.at(one.values[last(one.values) or 0] or 0.0) for one in ending]
    heights = spread(wanted, MEDIUM * 1.4, _TOP, plot.down.start)
    for one, y in zip(ending, heights, strict=True):
        name = canvas.typeface.fitted(one.name, _LONGEST_NAME, MEDIUM, 600)
        weight = 600 if one.is_leading else 500
        text = f"{name} {one.text}"
        canvas.text((right + 9, y + 2.8), text, colour=_colour(canvas, one), weight=weight)


def _colour(canvas: Canvas, one: Series) -> str:
    return canvas.palette.actual if one.is_leading else canvas.palette.line
