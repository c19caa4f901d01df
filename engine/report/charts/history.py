"""A small column chart of one metric's periods against a line that it is held to."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.charts.axis import Axis
from engine.report.charts.canvas import SMALL, Canvas
from engine.report.look import Look
from engine.report.typeface import widest

_HEAD, _FOOT = 10.0, 12.0
_SIZE = SMALL - 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: its value with the text over it; None leaves its place empty."""

    name: str
    value: float | None
    text: str


def history(
    bars: Sequence[Bar],
    look: Look,
    *,
    title: str,
    width: float,
    height: float,
    reference: float | None = None,
) -> str:
    """Columns from zero, the last one solid and dark; with their values if all keep apart.

    Args:
        reference: Where a dotted line runs across; what it is stands in the page.
    """
    canvas = Canvas(width, height, look)
    known = [bar.value for bar in bars if bar.value is not None]
    held = [] if reference is None else [reference]
    low, high = min((0.0, *known)), max((0.0, *known, *held))
    below = 8.0 if low < 0 else 0.0
    down = Axis(low, high if high > low else low + 1, 1, height - _FOOT - below, _HEAD)
    pitch = width / max(len(bars), 1)
    for at, bar in enumerate(bars):
        if bar.value is not None:
            top, bottom = sorted((down.at(bar.value), down.at(0.0)))
            fill = canvas.palette.actual if at == len(bars) - 1 else canvas.palette.previous
            canvas.bar(at * pitch + pitch * 0.16, top, pitch * 0.68, bottom - top, fill)
    canvas.line((0, down.at(0)), (width, down.at(0)), canvas.palette.ink, 0.75)
    if reference is not None:
        y = down.at(reference)
        canvas.stroke(((0, y), (width, y)), canvas.palette.muted, 0.9, dashes="0.1 2.4")
    _values(canvas, bars, down, pitch)
    _ends(canvas, bars)
    return canvas.svg(title)


def _values(canvas: Canvas, bars: Sequence[Bar], down: Axis, pitch: float) -> None:
    """Each value over its column; none where they would touch, as the page has the last one."""
    if widest(canvas.typeface, [bar.text for bar in bars], _SIZE, 600, tabular=True) > pitch - 0.8:
        return
    for at, bar in enumerate(bars):
        is_last = at == len(bars) - 1
        if bar.value is None:
            continue
        middle, y = (at + 0.5) * pitch, down.at(bar.value) + (8.5 if bar.value < 0 else -2.5)
        canvas.bar(middle - pitch / 2, y - 5.2, pitch, 5.9, "#ffffff")
        canvas.text(
            (middle, y),
            bar.text,
            colour=canvas.palette.ink if is_last else canvas.palette.muted,
            size=_SIZE,
            weight=600 if is_last else 500,
            anchor="middle",
            figures=True,
        )


def _ends(canvas: Canvas, bars: Sequence[Bar]) -> None:
    if bars:
        muted, y = canvas.palette.muted, canvas.height - 2
        canvas.text((0, y), bars[0].name, colour=muted, size=SMALL)
        canvas.text((canvas.width, y), bars[-1].name, size=SMALL, anchor="end", weight=600)
