"""Columns of dots or bars over the same rows; the rows' names stand in the page beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import SMALL, Canvas, short
from engine.report.look import Look
from engine.report.tone import Tone
from engine.report.typeface import widest

#: Height of the titles above the rows, and room between the columns.
HEAD, _GAP = 37.0, 20.0

#: A value so many times the reference is drawn at the edge, so that the others stay apart.
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with its text; None draws none, and says its ``text`` in its place."""

    value: float | None
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Strip:
    """A column with a scale of its own, from zero.

    Attributes:
        rows: Marks of each row: one; or of bars two, the second one lighter.
        reference: Where a line is drawn, such as a goal; ``named`` is what it is called.
        swatches: What the first and the second bar of each row are, where there are two.
        weight: How wide it is against the others.
    """

    title: str
    unit: str
    rows: tuple[tuple[Mark, ...], ...]
    is_bars: bool = False
    reference: float | None = None
    named: str = ""
    swatches: tuple[str, ...] = ()
    weight: float = 1.0


def strips(columns: Sequence[Strip], look: Look, *, title: str, width: float, row: float) -> str:
    """The columns side by side; ``row`` is the height of each row."""
    count = max((len(column.rows) for column in columns), default=0)
    canvas = Canvas(width, HEAD + count * row + 1, look)
    unit = (width - _GAP * (len(columns) - 1)) / sum(column.weight for column in columns)
    for at in range(count):
        y = HEAD + at * row
        canvas.line((0, y), (width, y), canvas.palette.rule, 0.4)
    left = 0.0
    for column in columns:
        _column(canvas, column, left, column.weight * unit, row)
        left += column.weight * unit + _GAP
    return canvas.svg(title)


def _column(canvas: Canvas, column: Strip, left: float, width: float, row: float) -> None:
    across = _across(canvas, column, left, width)
    canvas.text((left, 8), column.title, weight=600)
    _subtitle(canvas, column, left)
    zero = across.at(0.0)
    foot = canvas.height - 1
    canvas.line((zero, HEAD), (zero, foot), canvas.palette.ink, 0.75)
    if column.reference is not None:
        _reference(canvas, column, across.at(column.reference), foot)
    for at, marks in enumerate(column.rows):
        middle = HEAD + (at + 0.5) * row
        if column.is_bars:
            _bars(canvas, marks, across, middle)
        else:
            _dot(canvas, marks[0], across, middle)


def _subtitle(canvas: Canvas, column: Strip, left: float) -> None:
    """The unit; or what each of two bars is, with a swatch of its colour."""
    muted, x = canvas.palette.muted, left
    if not column.swatches:
        canvas.text((left, 18), column.unit, colour=muted, size=SMALL)
        return
    for name, colour in zip(column.swatches, _shades(canvas), strict=False):
        canvas.bar(x, 12, 6, 6, colour)
        canvas.text((x + 8.5, 18), name, colour=muted, size=SMALL)
        x += canvas.typeface.width(name, SMALL) + 17


def _shades(canvas: Canvas) -> tuple[str, str]:
    return canvas.palette.actual, canvas.palette.previous


def _across(canvas: Canvas, column: Strip, left: float, width: float) -> Axis:
    """From zero to the largest value that is not far off, with room for its text beyond."""
    values = [mark.value for marks in column.rows for mark in marks if mark.value is not None]
    top = max((*values, 0.0))
    if column.reference:
        top = max(min(top, column.reference * _FAR), column.reference * 1.25)
    low = min((*values, 0.0))
    texts = [mark.text for marks in column.rows for mark in marks if mark.value is not None]
    room = widest(canvas.typeface, texts, SMALL + 0.5, 600, tabular=True) + 7
    start = left + (room if low < 0 else 0.5)
    return Axis(low, top if top > low else low + 1, 1, start, left + width - room)


def _reference(canvas: Canvas, column: Strip, x: float, foot: float) -> None:
    palette = canvas.palette
    canvas.stroke(((x, HEAD - 6), (x, foot)), palette.muted, 0.9, dashes="0.1 2.4")
    canvas.text(
        (x, HEAD - 9), column.named, colour=palette.muted, size=SMALL - 0.5, anchor="middle"
    )


def _dot(canvas: Canvas, mark: Mark, across: Axis, middle: float) -> None:
    palette, zero = canvas.palette, across.at(0.0)
    if mark.value is None:
        _words(canvas, mark.text, zero + 4, middle)
        return
    colour = canvas.toned(mark.tone, palette.actual)
    is_far = mark.value > across.high
    x = across.at(min(mark.value, across.high))
    canvas.line((zero, middle), (x, middle), palette.previous, 1.4)
    _label(canvas, mark, x + 5.5, middle, colour)
    if is_far:
        canvas.shape(f"M{short(x - 3)} {short(middle - 3.6)}l6.5 3.6l-6.5 3.6z", colour)
    else:
        canvas.dot((x, middle), 3.4, colour)


def _words(canvas: Canvas, text: str, x: float, middle: float) -> None:
    """What stands in the place of a value, on a ground of paper."""
    if text:
        width = canvas.typeface.width(text, SMALL)
        canvas.bar(x - 1, middle - 3.6, width + 2, 7.2, "#ffffff")
        canvas.text((x, middle + 2.5), text, colour=canvas.palette.muted, size=SMALL)


def _bars(canvas: Canvas, marks: Sequence[Mark], across: Axis, middle: float) -> None:
    height = 8.0 if len(marks) > 1 else 9.0
    zero, top = across.at(0.0), middle - height * len(marks) / 2
    for at, (mark, shade) in enumerate(zip(marks, _shades(canvas), strict=False)):
        y = top + at * height
        if mark.value is None:
            _words(canvas, mark.text, zero + 4, y + height / 2)
            continue
        end = across.at(mark.value)
        colour = canvas.toned(mark.tone, shade)
        canvas.bar(min(zero, end), y + 1, abs(end - zero), height - 2, colour)
        ink = canvas.toned(mark.tone, canvas.palette.ink if at == 0 else canvas.palette.muted)
        if mark.value < 0:
            _before(canvas, mark, end - 3, y + height / 2, ink)
        else:
            _label(canvas, mark, end + 3, y + height / 2, ink)


def _label(canvas: Canvas, mark: Mark, x: float, middle: float, colour: str) -> None:
    """The value, on a ground of paper where a line would run through it."""
    size = SMALL + 0.5
    width = canvas.typeface.width(mark.text, size, 600, tabular=True)
    canvas.bar(x - 1, middle - 3.6, width + 2, 7.2, "#ffffff")
    canvas.text((x, middle + 2.6), mark.text, colour=colour, size=size, weight=600, figures=True)


def _before(canvas: Canvas, mark: Mark, x: float, middle: float, colour: str) -> None:
    canvas.text(
        (x, middle + 2.6),
        mark.text,
        colour=colour,
        size=SMALL + 0.5,
        weight=600,
        anchor="end",
        figures=True,
    )
