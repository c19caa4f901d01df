"""Changes side by side, left and right of zero, one row a group."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, Canvas
from engine.report.look import Look
from engine.report.model import Tone
from engine.report.typeface import widest

ROW, TALL_ROW = 17.0, 22.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: a name, and a change with its text and what it means."""

    name: str
    value: float
    text: str
    tone: Tone


def bars(rows: Sequence[Bar], look: Look, *, title: str, width: float) -> str:
    """Bars from a common zero line, each value at the far end of its bar."""
    height = ROW if len(rows) > 5 else TALL_ROW
    canvas = Canvas(width, height * len(rows) + 2, look)
    names = min(widest(look.typeface, [row.name for row in rows], MEDIUM, 500), width * 0.4)
    across = _across(rows, canvas, names + 10)
    zero = across.at(0.0)
    for at, row in enumerate(rows):
        _row(canvas, row, across, (at + 0.5) * height, names)
    canvas.line((zero, 0), (zero, canvas.height), canvas.palette.ink, 0.75)
    return canvas.svg(title)


def _across(rows: Sequence[Bar], canvas: Canvas, left: float) -> Axis:
    """Room for the bars, and beyond their ends for the texts."""
    low = min(0.0, *(row.value for row in rows))
    high = max(0.0, *(row.value for row in rows))
    room = widest(canvas.typeface, [row.text for row in rows], MEDIUM, 600, tabular=True) + 6
    start = left + (room if low < 0 else 1)
    end = canvas.width - (room if high > 0 else 1)
    return Axis(low, high if high > low else low + 1, 1, start, end)


def _row(canvas: Canvas, row: Bar, across: Axis, middle: float, names: float) -> None:
    palette = canvas.palette
    colour = {Tone.GOOD: palette.good, Tone.BAD: palette.bad}.get(row.tone, palette.muted)
    name = canvas.typeface.fitted(row.name, names, MEDIUM, 500)
    canvas.text((0, middle + 2.9), name, weight=500)
    zero, end = across.at(0.0), across.at(row.value)
    canvas.bar(min(zero, end), middle - 5.5, abs(end - zero), 11, colour)
    canvas.text(
        (end - 4 if row.value < 0 else end + 4, middle + 2.9),
        row.text,
        colour=colour,
        weight=600,
        anchor="end" if row.value < 0 else "start",
        figures=True,
    )
