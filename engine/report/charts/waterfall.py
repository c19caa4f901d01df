"""From one total to the next by steps that are drawn to scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from engine.report.charts.axis import Axis, round_step
from engine.report.charts.canvas import MEDIUM, SMALL, Anchor, Canvas, short
from engine.report.look import Look
from engine.report.tone import Tone

_TOP, _LABEL = 20.0, 22.0


@dataclass(frozen=True, slots=True)
class Step:
    """A bar: a total stands on the floor, a change hangs on the level before it.

    Attributes:
        text: The value as its label says it.
        share: A quieter second line, such as the part of the opening.
        note: A quieter line under the name, such as how many accounts.
    """

    name: str
    value: float
    text: str
    is_total: bool = False
    tone: Tone = Tone.PLAIN
    share: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a bar lies on the value axis."""

    start: float
    end: float

    @property
    def low(self) -> float:
        """Its lower end."""
        return min(self.start, self.end)

    @property
    def high(self) -> float:
        """Its upper end."""
        return max(self.start, self.end)


def spans(steps: Sequence[Step], ground: float) -> tuple[Span, ...]:
    """The bars, each change starting where the one before ended."""
    found: list[Span] = []
    level = ground
    for step in steps:
        start = ground if step.is_total else level
        level = step.value if step.is_total else level + step.value
        found.append(Span(start, level))
    return tuple(found)


def cut(steps: Sequence[Step], below: float = 0.9) -> float:
    """Where the axis starts: at zero, or nearer if the changes would be too small to see.

    Args:
        below: Height that a cut axis keeps below the lowest level, as a part of what the
            changes take.
    """
    levels = [span.end for span in spans(steps, 0.0)]
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    room = (high - low) * below
    if room <= 0 or low - room <= high * 0.25:
        return 0.0
    step = round_step(room / 2)
    return floor((low - room) / step) * step


def waterfall(steps: Sequence[Step], look: Look, *, title: str, width: float, height: float) -> str:
    """The steps from left to right; an axis that is cut shows a break in each total."""
    canvas = Canvas(width, height, look)
    start = cut(steps)
    bars = spans(steps, start)
    low, high = min((*(bar.low for bar in bars), start)), max(bar.high for bar in bars)
    below = _LABEL if _needs_room_below(steps, bars, low, high) else 0.0
    pitch = width / len(steps)
    feet = height - _feet(canvas, steps, pitch)
    down = Axis(low, high if high > low else low + 1, 1, feet - below, _TOP)
    for at, (step, bar) in enumerate(zip(steps, bars, strict=True)):
        left = at * pitch + pitch * 0.19
        if at + 1 < len(steps):
            y = down.at(bar.end)
            end = (left + pitch, y)
            canvas.line((left, y), end, canvas.palette.faint, 0.6)
        _bar(canvas, step, bar, down, left, pitch * 0.62, is_cut=start != 0)
        _values(canvas, step, bar, down, left + pitch * 0.31, pitch)
        _names(canvas, step, left + pitch * 0.31, pitch, feet)
    canvas.line((0, down.at(start)), (width, down.at(start)), canvas.palette.ink, 0.75)
    return canvas.svg(title)


def _needs_room_below(steps: Sequence[Step], bars: Sequence[Span], low: float, high: float) -> bool:
    """Whether the label under a fall would run into the names at the foot."""
    near = low + (high - low) * 0.15
    return any(step.value < 0 and bar.low <= near for step, bar in zip(steps, bars, strict=True))


def _bar(
    canvas: Canvas, step: Step, bar: Span, down: Axis, left: float, width: float, *, is_cut: bool
) -> None:
    top, bottom = down.at(bar.high), down.at(bar.low)
    fill = canvas.palette.actual if step.is_total else canvas.toned(step.tone, canvas.palette.faint)
    canvas.bar(left, top, width, bottom - top, fill)
    if step.is_total and is_cut and bottom - top > 16:
        y = bottom - 9
        tear = f"M{short(left - 2)} {short(y + 1.5)}l{short(width + 4)} -4v3l-{short(width + 4)} 4z"
        canvas.shape(tear, "#ffffff")


def _values(canvas: Canvas, step: Step, bar: Span, down: Axis, middle: float, pitch: float) -> None:
    """The value outside its bar: over a total or a rise, under a fall."""
    is_fall = step.value < 0
    size = _fitting(canvas, step.text, pitch - 4)
    y = down.at(bar.low) + 11 if is_fall else down.at(bar.high) - (13 if step.share else 5)
    colour = canvas.palette.ink if step.is_total else canvas.toned(step.tone)
    centred: Anchor = "middle"
    canvas.text(
        (middle, y), step.text, colour=colour, size=size, weight=600, anchor=centred, figures=True
    )
    if step.share:
        muted = canvas.palette.muted
        canvas.text(
            (middle, y + 8.5), step.share, colour=muted, size=SMALL, anchor=centred, figures=True
        )


def _feet(canvas: Canvas, steps: Sequence[Step], pitch: float) -> float:
    """Height of the names and notes under the bars."""
    lines = max(len(_lines(canvas, step, pitch)) + bool(step.note) for step in steps)
    return 6.0 + 9.5 * lines


def _lines(canvas: Canvas, step: Step, pitch: float) -> tuple[str, ...]:
    return canvas.typeface.lines(step.name, pitch - 3, MEDIUM, 600 if step.is_total else 500)


def _names(canvas: Canvas, step: Step, middle: float, pitch: float, feet: float) -> None:
    weight = 600 if step.is_total else 500
    y = feet + 12
    for line in _lines(canvas, step, pitch):
        canvas.text((middle, y), line, weight=weight, anchor="middle")
        y += 9.5
    muted = canvas.palette.muted
    if step.note:
        note = canvas.typeface.fitted(step.note, pitch - 3, SMALL)
        canvas.text((middle, y), note, colour=muted, size=SMALL, anchor="middle")


def _fitting(canvas: Canvas, text: str, width: float) -> float:
    """The largest size up to the usual one at which the text fits."""
    size = MEDIUM + 0.5
    needed = canvas.typeface.width(text, size, 600, tabular=True)
    return size if needed <= width else size * width / needed
