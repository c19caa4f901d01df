"""Two bars a row, each from its own zero and on one scale: how two shares of one part differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.canvas import MEDIUM, SMALL, Canvas
from engine.report.look import Look
from engine.report.typeface import widest

_HEIGHT, _HEAD, _GAP, _BAR = 18.0, 14.0, 18.0, 10.5


@dataclass(frozen=True, slots=True)
class Twin:
    """A row: its name and two shares with their texts."""

    name: str
    shares: tuple[float, float]
    texts: tuple[str, str]


def twins(
    rows: Sequence[Twin], heads: tuple[str, str], look: Look, *, title: str, width: float
) -> str:
    """The rows from the top, names left, each value at the end of its bar."""
    canvas = Canvas(width, _HEAD + _HEIGHT * len(rows), look)
    left = widest(look.typeface, [row.name for row in rows], MEDIUM, 500) + 10
    room = widest(
        look.typeface, [text for row in rows for text in row.texts], MEDIUM, 600, tabular=True
    )
    column = (width - left - _GAP) / 2
    largest = max((abs(share) for row in rows for share in row.shares), default=0.0) or 1.0
    scale = max(column - room - 6, 10.0) / largest
    for side, head in enumerate(heads):
        start = left + side * (column + _GAP)
        canvas.text((start, 8), head, colour=canvas.palette.muted, size=SMALL + 0.25, weight=600)
        for at, row in enumerate(rows):
            _bar(canvas, row, side, (start, _HEAD + (at + 0.5) * _HEIGHT), scale)
        canvas.line((start, _HEAD), (start, canvas.height), canvas.palette.ink, 0.75)
    for at, row in enumerate(rows):
        canvas.text((0, _HEAD + (at + 0.5) * _HEIGHT + 2.9), row.name, weight=500)
    return canvas.svg(title)


def _bar(canvas: Canvas, row: Twin, side: int, middle: tuple[float, float], scale: float) -> None:
    start, y = middle
    length = max(row.shares[side], 0.0) * scale
    canvas.bar(start, y - _BAR / 2, length, _BAR, canvas.palette.actual)
    canvas.text((start + length + 4, y + 2.9), row.texts[side], weight=600, figures=True)
