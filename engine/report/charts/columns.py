"""One column a period: the reported one solid and dark, those before it lighter.

A plan is an outline behind its column, or alone where nothing has come yet; a period that is
still running is hatched.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, Point
from engine.report.look import Look
from engine.report.tone import Tone

_TOP, _BOTTOM, _WIDEST = 24.0, 16.0, 60.0
_NOTE, _BEHIND = 9.0, 4.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A column; None draws none, and says its ``text`` in its place.

    Attributes:
        plan: Drawn as an outline.
        note: A line under the name, such as the distance to the plan.
    """

    name: str
    value: float | None
    text: str
    change: str = ""
    tone: Tone = Tone.PLAIN
    is_reported: bool = False
    is_running: bool = False
    plan: float | None = None
    note: str = ""
    note_tone: Tone = Tone.PLAIN


def columns(bars: Sequence[Bar], look: Look, *, title: str, width: float, height: float) -> str:
    """Columns from zero, each with its value and its change over it."""
    canvas = Canvas(width, height, look)
    known = [each for bar in bars for each in (bar.value, bar.plan) if each is not None]
    low, high = min((0.0, *known)), max((0.0, *known))
    foot = _BOTTOM + (_NOTE if any(bar.note for bar in bars) else 0.0)
    below = 12.0 if low < 0 else 0.0
    down = Axis(low, high if high > low else low + 1, 1, height - foot - below, _TOP)
    pitch = width / max(len(bars), 1)
    for at, bar in enumerate(bars):
        _column(canvas, bar, down, at * pitch, pitch)
        _name(canvas, bar, at * pitch + pitch / 2, height - foot + 12, pitch)
    canvas.line((0, down.at(0)), (width, down.at(0)), canvas.palette.ink, 0.75)
    return canvas.svg(title)


def _column(canvas: Canvas, bar: Bar, down: Axis, left: float, pitch: float) -> None:
    middle, palette = left + pitch / 2, canvas.palette
    width, floor = min(pitch * 0.56, _WIDEST), down.at(0.0)
    start = middle - width / 2
    top, bottom = sorted((down.at(bar.value or 0.0), floor))
    highest = top
    if bar.plan is not None:
        upper, lower = sorted((down.at(bar.plan), floor))
        behind = _BEHIND if bar.value is not None else 0.0
        canvas.frame(start + behind, upper, width, lower - upper, palette.muted)
        highest = min(top, upper)
    if bar.value is not None:
        _fill(canvas, bar, (start, top), width, bottom - top)
    _value(canvas, bar, (middle, highest), pitch)


def _fill(canvas: Canvas, bar: Bar, at: Point, width: float, height: float) -> None:
    palette = canvas.palette
    if bar.is_running:
        canvas.bar(*at, width, height, "#ffffff")
        canvas.hatch(*at, width, height, palette.actual)
    else:
        canvas.bar(*at, width, height, palette.actual if bar.is_reported else palette.previous)


def _name(canvas: Canvas, bar: Bar, middle: float, baseline: float, pitch: float) -> None:
    """The period under its column, and the note under that."""
    canvas.text(
        (middle, baseline),
        bar.name,
        colour=canvas.palette.ink if bar.is_reported else canvas.palette.muted,
        size=SMALL + 0.5,
        weight=600 if bar.is_reported else 400,
        anchor="middle",
    )
    if bar.note:
        room = (pitch - 2) / canvas.typeface.width(bar.note, SMALL, 400, tabular=True)
        canvas.text(
            (middle, baseline + _NOTE),
            bar.note,
            colour=canvas.toned(bar.note_tone),
            size=SMALL * min(1.0, room),
            anchor="middle",
            figures=True,
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
