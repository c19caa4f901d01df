"""The same small chart for each group, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from engine.report.charts.axis import Axis, axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, Point
from engine.report.charts.trace import last, runs
from engine.report.look import Look
from engine.report.model import Tone

_GAP, _HEAD, _FOOT = 18.0, 28.0, 12.0
MOST = 12


@dataclass(frozen=True, slots=True)
class Panel:
    """One group's chart: its name, its last value, and how that changed."""

    name: str
    values: tuple[float | None, ...]
    text: str
    change: str
    tone: Tone


def columns(count: int) -> int:
    """How many panels stand side by side: rows as even as can be, at most four."""
    return {1: 2, 2: 2, 3: 3, 5: 3, 6: 3, 9: 3}.get(count, 4)


def multiples(
    panels: Sequence[Panel],
    labels: tuple[str, str],
    look: Look,
    *,
    title: str,
    width: float,
    plot_height: float,
    reference: Sequence[float | None] = (),
) -> str:
    """Panels in rows, on one axis that starts at zero.

    Args:
        labels: What the first and the last point in time are called.
        reference: A dotted line in every panel, such as the company's own.
    """
    across = columns(len(panels))
    pitch = _HEAD + plot_height + _FOOT + 8
    canvas = Canvas(width, ceil(len(panels) / across) * pitch - 8, look)
    down = axis([v for one in panels for v in one.values] + list(reference), 0, 1, from_zero=True)
    size = (width - _GAP * (across - 1)) / across
    for at, panel in enumerate(panels):
        left, top = at % across * (size + _GAP), at // across * pitch
        floor = top + _HEAD + plot_height
        scale = Axis(down.low, down.high, down.step, floor, top + _HEAD)
        _heading(canvas, panel, left, top, size)
        _plot(canvas, panel, scale, left, size, reference)
        _times(canvas, labels, left, floor + 9.5, size)
    return canvas.svg(title)


def _heading(canvas: Canvas, panel: Panel, left: float, top: float, width: float) -> None:
    colour = {Tone.GOOD: canvas.palette.good, Tone.BAD: canvas.palette.bad}.get(
        panel.tone, canvas.palette.muted
    )
    name = canvas.typeface.fitted(panel.name, width, MEDIUM, 600)
    canvas.text((left, top + 7), name, weight=600)
    canvas.text((left, top + 18), panel.text, weight=600, figures=True)
    start = left + canvas.typeface.width(panel.text, MEDIUM, 600, tabular=True) + 6
    canvas.text(
        (start, top + 18), panel.change, colour=colour, size=SMALL + 0.5, weight=600, figures=True
    )


def _plot(
    canvas: Canvas,
    panel: Panel,
    down: Axis,
    left: float,
    width: float,
    reference: Sequence[float | None],
) -> None:
    step = (width - 7) / max(len(panel.values) - 1, 1)

    def place(at: int, value: float) -> Point:
        return left + 3.5 + at * step, down.at(value)

    floor = down.at(0.0)
    traces = runs(panel.values, place)
    for run in traces:
        if len(run) > 1:
            canvas.area(run, floor, canvas.palette.tint)
    canvas.line((left, floor), (left + width, floor), canvas.palette.faint)
    for run in runs(reference, place):
        canvas.stroke(run, canvas.palette.faint, 0.9, dashes="0.1 2.4")
    for run in traces:
        canvas.stroke(run, canvas.palette.line, 1.6)
    if (end := last(panel.values)) is not None:
        canvas.dot(place(end, panel.values[end] or 0.0), 2.8, canvas.palette.actual)


def _times(
    canvas: Canvas, labels: tuple[str, str], left: float, baseline: float, width: float
) -> None:
    muted = canvas.palette.muted
    canvas.text((left, baseline), labels[0], colour=muted, size=SMALL)
    canvas.text((left + width, baseline), labels[1], colour=muted, size=SMALL, anchor="end")
