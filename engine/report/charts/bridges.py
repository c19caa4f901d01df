"""Bridges of several periods in a grid, all on one scale, so that their steps compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, short
from engine.report.charts.waterfall import Step, cut, spans
from engine.report.look import Look

ACROSS = 2

#: Height below the lowest level of a cut axis, as a part of what the steps take.
_ROOM = 0.3
_HEAD, _FOOT, _GAP, _TOP, _BELOW = 14.0, 24.0, 22.0, 11.0, 8.0


@dataclass(frozen=True, slots=True)
class Bridge:
    """One period's steps under its name."""

    name: str
    text: str
    steps: tuple[Step, ...]
    is_reported: bool = False


def is_cut(drawn: Sequence[Bridge]) -> bool:
    """Whether the axes start above zero, as the steps would be too small to see."""
    return cut([step for bridge in drawn for step in bridge.steps], _ROOM) > 0


def bridges(
    drawn: Sequence[Bridge], look: Look, *, title: str, width: float, row_height: float
) -> str:
    """The bridges in rows of two; a step is as high for the same amount in each of them.

    Axes that are cut start each a like way below the lowest level of their own bridge.
    """
    rows = -(-len(drawn) // ACROSS)
    canvas = Canvas(width, rows * row_height, look)
    starts, extent = _ranges(drawn)
    cell = (width - _GAP * (ACROSS - 1)) / ACROSS
    for at, bridge in enumerate(drawn):
        left, top = at % ACROSS * (cell + _GAP), at // ACROSS * row_height
        feet = top + row_height - _FOOT
        start = starts[at]
        down = Axis(start, start + extent, 1, feet - _BELOW, top + _HEAD + _TOP)
        _bridge(canvas, bridge, down, (left, top), cell)
    return canvas.svg(title)


def _ranges(drawn: Sequence[Bridge]) -> tuple[tuple[float, ...], float]:
    """Where each axis starts, and how much all of them hold."""
    levels = [[bar.end for bar in spans(each.steps, 0.0)] for each in drawn]
    if not is_cut(drawn):
        low = min(0.0, *(level for each in levels for level in each))
        high = max(0.0, *(level for each in levels for level in each))
        return (low,) * len(drawn), (high - low) or 1.0
    tallest = max(max(each) - min(each) for each in levels) or 1.0
    return tuple(min(each) - _ROOM * tallest for each in levels), tallest * (1 + _ROOM)


def _bridge(
    canvas: Canvas, bridge: Bridge, down: Axis, corner: tuple[float, float], width: float
) -> None:
    left, pitch = corner[0], width / len(bridge.steps)
    ground = max(down.low, 0.0)
    _head(canvas, bridge, corner)
    for at, (step, bar) in enumerate(zip(bridge.steps, spans(bridge.steps, ground), strict=True)):
        x, y = left + at * pitch, down.at(bar.end)
        if at + 1 < len(bridge.steps):
            canvas.line((x + pitch * 0.15, y), (x + pitch * 1.15, y), canvas.palette.faint, 0.5)
        top, foot = down.at(bar.high), down.at(bar.low)
        fill = _fill(canvas, step, is_reported=bridge.is_reported)
        canvas.bar(x + pitch * 0.15, top, pitch * 0.7, foot - top, fill)
        if step.is_total and ground > 0 and foot - top > 14:
            _tear(canvas, x + pitch * 0.15, foot - 7, pitch * 0.7)
        _label(canvas, step, (x + pitch / 2, top, foot), pitch)
        _name(canvas, step, x + pitch / 2, pitch, down.start + _BELOW)
    base = down.at(ground)
    canvas.line((left, base), (left + width, base), canvas.palette.ink, 0.6)


def _head(canvas: Canvas, bridge: Bridge, corner: tuple[float, float]) -> None:
    left, y = corner[0], corner[1] + 9
    canvas.text((left, y), bridge.name, weight=600)
    after = left + canvas.typeface.width(f"{bridge.name}  ", MEDIUM, 600)
    muted = canvas.palette.muted
    canvas.text((after, y), bridge.text, colour=muted, size=SMALL + 0.5, figures=True)


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


def _name(canvas: Canvas, step: Step, middle: float, pitch: float, foot: float) -> None:
    name = canvas.typeface.fitted(step.name, pitch + 2, SMALL - 0.5)
    colour = canvas.palette.muted
    canvas.text((middle, foot + 8), name, colour=colour, size=SMALL - 0.5, anchor="middle")
