"""Changes left and right of zero, one row each; the rows' names stand in the page beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas
from engine.report.look import Look
from engine.report.tone import Tone
from engine.report.typeface import widest

_ROOMY, _CLOSE = 22.0, 16.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: a change with its text and what it means, or an amount, which is no change.

    Attributes:
        note: A quieter text after the first.
        is_amount: Drawn in the colour of actual figures.
    """

    value: float
    text: str
    tone: Tone = Tone.PLAIN
    note: str = ""
    is_amount: bool = False


def row_height(count: int) -> float:
    """Height of each of so many rows."""
    return _ROOMY if count <= 5 else _CLOSE


def bars(rows: Sequence[Bar], look: Look, *, title: str, width: float) -> str:
    """Bars from a common zero line, each value at the far end of its bar."""
    height = row_height(len(rows))
    canvas = Canvas(width, height * len(rows), look)
    across = _across(rows, canvas)
    for at, row in enumerate(rows):
        _row(canvas, row, across, (at + 0.5) * height)
    zero = across.at(0.0)
    canvas.line((zero, 1), (zero, canvas.height - 1), canvas.palette.ink, 0.75)
    return canvas.svg(title)


def _across(rows: Sequence[Bar], canvas: Canvas) -> Axis:
    """Room for the bars, and beyond their ends for the texts."""
    low = min(0.0, *(row.value for row in rows))
    high = max(0.0, *(row.value for row in rows))
    room = max(_text_width(row, canvas) for row in rows) + 6
    start = room if low < 0 else 1.0
    end = canvas.width - (room if high > 0 or low == 0 else 1.0)
    return Axis(low, high if high > low else low + 1, 1, start, end)


def _text_width(row: Bar, canvas: Canvas) -> float:
    text = widest(canvas.typeface, [row.text], MEDIUM, 600, tabular=True)
    return text + (canvas.typeface.width(row.note, SMALL) + 5 if row.note else 0)


def _row(canvas: Canvas, row: Bar, across: Axis, middle: float) -> None:
    colour = canvas.palette.actual if row.is_amount else canvas.toned(row.tone)
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
    if row.note and row.value >= 0:
        after = end + 9 + canvas.typeface.width(row.text, MEDIUM, 600, tabular=True)
        canvas.text((after, middle + 2.9), row.note, colour=canvas.palette.muted, size=SMALL)
