"""One column a period: the reported one solid and dark, those before it lighter."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, Point
from engine.report.look import Look
from engine.report.tone import Tone

_TOP, _BOTTOM, _WIDEST = 24.0, 16.0, 60.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A column; None draws none, and says its ``text`` in its place."""

    name: str
    value: float | None
    text: str
    change: str = ""
    tone: Tone = Tone.PLAIN
    is_reported: bool = False


def columns(bars: Sequence[Bar], look: Look, *, title: str, width: float, height: float) -> str:
    """Columns from zero, each with its value and its change over it."""
    canvas = Canvas(width, height, look)
    known = [bar.value for bar in bars if bar.value is not None]
    low, high = min((0.0, *known)), max((0.0, *known))
    below = 12.0 if low < 0 else 0.0
    down = Axis(low, high if high > low else low + 1, 1, height - _BOTTOM - below, _TOP)
    pitch = width / max(len(bars), 1)
    for at, bar in enumerate(bars):
        _column(canvas, bar, down, at * pitch, pitch)
    canvas.line((0, down.at(0)), (width, down.at(0)), canvas.palette.ink, 0.75)
    return canvas.svg(title)


def _column(canvas: Canvas, bar: Bar, down: Axis, left: float, pitch: float) -> None:
    middle, palette = left + pitch / 2, canvas.palette
    top, bottom = sorted((down.at(bar.value or 0.0), down.at(0.0)))
    if bar.value is not None:
        fill = palette.actual if bar.is_reported else palette.previous
        width = min(pitch * 0.6, _WIDEST)
        canvas.bar(middle - width / 2, top, width, bottom - top, fill)
    _value(canvas, bar, (middle, top), pitch)
    canvas.text(
        (middle, canvas.height - 4),
        bar.name,
        colour=palette.ink if bar.is_reported else palette.muted,
        size=SMALL + 0.5,
        weight=600 if bar.is_reported else 400,
        anchor="middle",
    )


def _value(canvas: Canvas, bar: Bar, over: Point, pitch: float) -> None:
    """The value over the column, made smaller where it would touch its neighbours; its change."""
    middle, top = over
    size = min(1.0, (pitch - 3) / canvas.typeface.width(bar.text, MEDIUM, 600, tabular=True))
    canvas.text(
        (middle, top - (13 if bar.change else 5)),
        bar.text,
        colour=canvas.palette.ink if bar.value is not None else canvas.palette.muted,
        size=MEDIUM * size,
        weight=600 if bar.is_reported else 500,
        anchor="middle",
        figures=True,
    )
    if bar.change:
        colour = canvas.toned(bar.tone)
        at = (middle, top - 4)
        canvas.text(at, bar.change, colour=colour, size=SMALL, anchor="middle", figures=True)
