"""Columns over the same periods, side by side on one scale, each field with its name above."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas
from engine.report.charts.columns import Bar
from engine.report.look import Look
from engine.report.typeface import widest

_HEAD, _FOOT, _LABEL, _GAP = 16.0, 14.0, 11.0, 20.0


@dataclass(frozen=True, slots=True)
class Facet:
    """One field; the last one may be the sum of the others, and is then set apart."""

    name: str
    bars: tuple[Bar, ...]
    is_sum: bool = False


def facets(fields: Sequence[Facet], look: Look, *, title: str, width: float, height: float) -> str:
    """Fields from left to right; all zero lines lie at one height."""
    canvas = Canvas(width, height, look)
    known = [bar.value for field in fields for bar in field.bars if bar.value is not None]
    low, high = min((0.0, *known)), max((0.0, *known))
    below = _LABEL if low < 0 else 0.0
    down = Axis(low, high if high > low else low + 1, 1, height - _FOOT - below, _HEAD + _LABEL + 2)
    across = (width - _GAP * (len(fields) - 1)) / len(fields)
    for at, field in enumerate(fields):
        _field(canvas, field, down, at * (across + _GAP), across)
    return canvas.svg(title)


def _field(canvas: Canvas, field: Facet, down: Axis, left: float, width: float) -> None:
    colour = canvas.palette.ink if field.is_sum else canvas.palette.muted
    canvas.text((left, 9), field.name, weight=600, colour=canvas.palette.ink)
    pitch = width / len(field.bars)
    size = _size(canvas, field.bars, pitch)
    for at, bar in enumerate(field.bars):
        _column(canvas, bar, down, left + at * pitch, pitch, size)
    zero = down.at(0.0)
    canvas.line((left, zero), (left + width, zero), colour, 0.75)
    _times(canvas, field.bars, left, width)


def _size(canvas: Canvas, bars: Sequence[Bar], pitch: float) -> float:
    """One size for the values of a field, at which the longest fits over its column."""
    needed = widest(canvas.typeface, [bar.text for bar in bars], MEDIUM, 600, tabular=True)
    return MEDIUM * min(1.0, (pitch - 2) / needed) if needed else MEDIUM


def _column(canvas: Canvas, bar: Bar, down: Axis, left: float, pitch: float, size: float) -> None:
    middle, palette = left + pitch / 2, canvas.palette
    top, bottom = sorted((down.at(bar.value or 0.0), down.at(0.0)))
    if bar.value:
        fill = palette.actual if bar.is_reported else palette.previous
        across = pitch * 0.66
        canvas.bar(middle - across / 2, top, across, bottom - top, fill)
    y = bottom + size + 1 if (bar.value or 0.0) < 0 else top - 4
    canvas.text(
        (middle, y),
        bar.text,
        colour=palette.ink if bar.is_reported else palette.muted,
        size=size,
        weight=600 if bar.is_reported else 400,
        anchor="middle",
        figures=True,
    )


def _times(canvas: Canvas, bars: Sequence[Bar], left: float, width: float) -> None:
    """Every period's name where they fit, else those of the first and the last."""
    palette, y = canvas.palette, canvas.height - 3
    pitch = width / len(bars)
    if widest(canvas.typeface, [bar.name for bar in bars], SMALL, 600) + 4 <= pitch:
        for at, bar in enumerate(bars):
            colour = palette.ink if bar.is_reported else palette.muted
            middle = left + (at + 0.5) * pitch
            canvas.text((middle, y), bar.name, colour=colour, size=SMALL, anchor="middle")
        return
    if len(bars) > 1:
        canvas.text((left, y), bars[0].name, colour=palette.muted, size=SMALL)
    canvas.text((left + width, y), bars[-1].name, size=SMALL, weight=600, anchor="end")
