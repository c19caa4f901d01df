"""Columns made of parts, the parts named beside the last column."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import MEDIUM, SMALL, Canvas
from engine.report.charts.labels import spread
from engine.report.look import Look
from engine.report.typeface import widest

_TOP, _BOTTOM, _WIDEST = 16.0, 16.0, 60.0


@dataclass(frozen=True, slots=True)
class Column:
    """A period: its parts from the floor up, None where one is not known, and its total."""

    name: str
    parts: tuple[float | None, ...]
    text: str
    is_reported: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    part: int
    start: float
    end: float


def stack(
    columns: Sequence[Column],
    names: Sequence[str],
    look: Look,
    *,
    title: str,
    width: float,
    height: float,
) -> str:
    """Columns from zero; negative parts hang below it.

    Args:
        names: What each part is called, with its value in the last column.
    """
    canvas = Canvas(width, height, look)
    boxes = [_boxes(column) for column in columns]
    ends = [end for column in boxes for box in column for end in (box.start, box.end)]
    low, high = min((0.0, *ends)), max((0.0, *ends))
    down = Axis(low, high if high > low else low + 1, 1, height - _BOTTOM, _TOP)
    room = widest(look.typeface, names, MEDIUM, 500) + 14
    pitch = (width - room) / max(len(columns), 1)
    for at, (column, parts) in enumerate(zip(columns, boxes, strict=True)):
        _column(canvas, column, parts, down, at * pitch, pitch)
    canvas.line((0, down.at(0)), (width - room, down.at(0)), canvas.palette.ink, 0.75)
    if boxes:
        _name_parts(canvas, boxes[-1], names, down, width - room)
    return canvas.svg(title)


def _boxes(column: Column) -> list[_Box]:
    up = under = 0.0
    found: list[_Box] = []
    for part, value in enumerate(column.parts):
        size = value or 0.0
        start = up if size >= 0 else under
        found.append(_Box(part, start, start + size))
        up, under = (start + size, under) if size >= 0 else (up, start + size)
    return found


def _column(
    canvas: Canvas, column: Column, boxes: Sequence[_Box], down: Axis, left: float, pitch: float
) -> None:
    palette, middle = canvas.palette, left + pitch / 2
    for box in boxes:
        if box.start != box.end:
            top, bottom = sorted((down.at(box.start), down.at(box.end)))
            colour = palette.series[box.part % len(palette.series)]
            width = min(pitch * 0.64, _WIDEST)
            canvas.bar(middle - width / 2, top, width, bottom - top, colour)
    highest = down.at(max((0.0, *(box.end for box in boxes))))
    weight = 600 if column.is_reported else 500
    needed = canvas.typeface.width(column.text, MEDIUM, weight, tabular=True)
    size = MEDIUM * min(1.0, (pitch - 3) / needed)
    canvas.text(
        (middle, highest - 5), column.text, size=size, weight=weight, anchor="middle", figures=True
    )
    colour = palette.ink if column.is_reported else palette.muted
    canvas.text(
        (middle, canvas.height - 4),
        column.name,
        colour=colour,
        size=SMALL + 0.5,
        weight=600 if column.is_reported else 400,
        anchor="middle",
    )


def _name_parts(
    canvas: Canvas, boxes: Sequence[_Box], names: Sequence[str], down: Axis, left: float
) -> None:
    """Each part's name at the height of its box, with a swatch of its colour."""
    wanted = [down.at((box.start + box.end) / 2) for box in boxes]
    heights = spread(wanted, MEDIUM * 1.5, _TOP, canvas.height - _BOTTOM)
    for box, name, y in zip(boxes, names, heights, strict=True):
        colour = canvas.palette.series[box.part % len(canvas.palette.series)]
        canvas.bar(left + 2, y - 3.5, 7, 7, colour)
        canvas.text((left + 13, y + 2.8), name, weight=500)
