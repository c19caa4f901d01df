"""Bridges of several periods in a grid, all on one scale, so that their steps compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import SMALL, Canvas, short
from engine.report.charts.waterfall import Step, cut, spans
from engine.report.look import Look

ACROSS = 2
_HEAD, _FOOT, _GAP, _TOP, _BELOW = 14.0, 15.0, 22.0, 11.0, 10.0


@dataclass(frozen=True, slots=True)
class Bridge:
    """One period's steps under its name."""

    name: str
    text: str
    steps: tuple[Step, ...]
    is_reported: bool = False


def floor(drawn: Sequence[Bridge]) -> float:
    """Where the common axis starts; above zero if the steps would be too small to see."""
    return cut([step for bridge in drawn for step in bridge.steps])


def bridges(
    drawn: Sequence[Bridge], look: Look, *, title: str, width: float, row_height: float
) -> str:
    """The bridges in rows of two, each step with its value."""
    rows = -(-len(drawn) // ACROSS)
    canvas = Canvas(width, rows * row_height, look)
    start = floor(drawn)
    ends = [end for each in drawn for bar in spans(each.steps, start) for end in (bar.low, bar.high)]
    low, high = min(*ends, start), max(*ends, start)
    cell = (width - _GAP * (ACROSS - 1)) / ACROSS
    for at, bridge in enumerate(drawn):
        left, top = at % ACROSS * (cell + _GAP), at // ACROSS * row_height
        feet = top + row_height - _FOOT
        down = Axis(low, high if high > low else low + 1, 1, feet - _BELOW, top + _HEAD + _TOP)
        _bridge(canvas, bridge, down, (left, top), cell, start)
    return canvas.svg(title)


def _bridge(
    canvas: Canvas,
    bridge: Bridge,
    down: Axis,
    corner: tuple[float, float],
    width: float,
    start: float,
) -> None:
    left, top = corner
    pitch = width / len(bridge.steps)
    ink = canvas.palette.ink
    canvas.text((left, top + 9), bridge.name, weight=600, colour=ink)
    after = left + canvas.typeface.width(f"{bridge.name}  ", 8, 600)
    canvas.text((after, top + 9), bridge.text, colour=canvas.palette.muted, size=SMALL + 0.5)
    for at, (step, bar) in enumerate(zip(bridge.steps, spans(bridge.steps, start), strict=True)):
        x, y = left + at * pitch, down.at(bar.end)
        if at + 1 < len(bridge.steps):
            canvas.line((x + pitch * 0.15, y), (x + pitch * 1.15, y), canvas.palette.faint, 0.5)
        fill = _fill(canvas, step, is_reported=bridge.is_reported)
        at_top, at_foot = down.at(bar.high), down.at(bar.low)
        canvas.bar(x + pitch * 0.15, at_top, pitch * 0.7, at_foot - at_top, fill)
        if step.is_total and start and at_foot - at_top > 14:
            _tear(canvas, x + pitch * 0.15, at_foot - 7, pitch * 0.7)
        _label(canvas, step, (x + pitch / 2, at_top, at_foot), pitch)
        _name(canvas, step, (x + pitch / 2, top), pitch, down)
    base = down.at(start)
    canvas.line((left, base), (left + width, base), ink, 0.6)


def _fill(canvas: Canvas, step: Step, *, is_reported: bool) -> str:
    """Totals solid and dark in the reported period, lighter before; steps by what they mean."""
    palette = canvas.palette
    if step.is_total:
        return palette.actual if is_reported else palette.previous
    return canvas.toned(step.tone, palette.faint)


def _tear(canvas: Canvas, left: float, y: float, width: float) -> None:
    """The break of an axis that does not start at zero."""
    far = short(width + 2)
    canvas.shape(f"M{short(left - 1)} {short(y + 1)}l{far} -3v2l-{far} 3z", "#ffffff")


def _label(canvas: Canvas, step: Step, bar: tuple[float, float, float], pitch: float) -> None:
    """The value over its bar, under a fall; smaller where it would touch its neighbours."""
    middle, top, foot = bar
    if not step.text:
        return
    size = SMALL
    needed = canvas.typeface.width(step.text, size, 600, tabular=True)
    size *= min(1.0, (pitch - 1) / needed)
    y = foot + 8 if step.value < 0 else top - 3
    colour = canvas.palette.ink if step.is_total else canvas.toned(step.tone)
    canvas.text(
        (middle, y), step.text, colour=colour, size=size, weight=600, anchor="middle", figures=True
    )


def _name(
    canvas: Canvas, step: Step, place: tuple[float, float], pitch: float, down: Axis
) -> None:
    middle, _ = place
    name = canvas.typeface.fitted(step.name, pitch + 2, SMALL - 0.5)
    y = down.start + _BELOW + 8
    muted = canvas.palette.muted
    canvas.text((middle, y), name, colour=muted, size=SMALL - 0.5, anchor="middle")
