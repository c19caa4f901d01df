"""What is open, in its parts, over the outline of the target that it is there to meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.report.charts.canvas import MEDIUM, SMALL, Canvas, short
from engine.report.look import Look
from engine.report.typeface import widest

_TOP, _BAR, _NAMES, _OUTLINE = 13.0, 20.0, 17.0, 14.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is open; its name says its value too."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Goal:
    """The target, outlined as plans are; lines are drawn where it is met once and so often."""

    text: str
    value: float
    times: float


def coverage(
    parts: Sequence[Part], total: str, goal: Goal | None, look: Look, *, title: str, width: float
) -> str:
    """One bar of the parts with their names below it; under it the target, if there is one."""
    top = _TOP if goal else 1.0
    foot = top + _BAR + _NAMES
    canvas = Canvas(width, foot + (_OUTLINE + 2 if goal else 0), look)
    room = canvas.typeface.width(total, MEDIUM, 600, tabular=True) + 10
    longest = sum(part.value for part in parts)
    if goal:
        longest = max(longest, goal.value * goal.times * 1.03, goal.value * 1.2)
    unit = (width - room) / max(longest, 1e-9)
    ends = _parts(canvas, parts, unit, top)
    if goal:
        _goal(canvas, goal, unit, foot)
    _total(canvas, total, ends[-1], top)
    _names(canvas, [part.name for part in parts], ends, top + _BAR + 10.5)
    return canvas.svg(title)


def _parts(canvas: Canvas, parts: Sequence[Part], unit: float, top: float) -> tuple[float, ...]:
    """Draws the bar; where it starts, and where each part ends."""
    ends = [0.0]
    for at, part in enumerate(parts):
        shades = canvas.palette.series
        canvas.bar(ends[-1], top, part.value * unit, _BAR, shades[min(at, len(shades) - 1)])
        ends.append(ends[-1] + part.value * unit)
    return tuple(ends)


def _total(canvas: Canvas, total: str, end: float, top: float) -> None:
    width = canvas.typeface.width(total, MEDIUM, 600, tabular=True)
    canvas.bar(end + 3, top + 4, width + 4, _BAR - 8, "#ffffff")
    canvas.text((end + 5, top + _BAR / 2 + 2.9), total, weight=600, figures=True)


def _names(canvas: Canvas, names: Sequence[str], ends: Sequence[float], y: float) -> None:
    """Each name under its part; where one does not fit, all in a row with a swatch before each."""
    widths = [canvas.typeface.width(name, SMALL + 0.5, 500) for name in names]
    room = [end - start - 6 for start, end in pairwise(ends)]
    room[-1:] = [canvas.width - ends[-2]]
    fits = all(width <= space for width, space in zip(widths, room, strict=True))
    x = 0.0
    for at, (name, width) in enumerate(zip(names, widths, strict=True)):
        shades = canvas.palette.series
        x = ends[at] if fits else x
        _ground(canvas, x, y, width + 12)
        canvas.bar(x, y - 5.5, 6, 6, shades[min(at, len(shades) - 1)])
        canvas.text((x + 9, y), name, size=SMALL + 0.5, weight=500)
        x += width + 22


def _ground(canvas: Canvas, x: float, y: float, width: float) -> None:
    canvas.bar(x, y - 7, width, 9.5, "#ffffff")


def _goal(canvas: Canvas, goal: Goal, unit: float, top: float) -> None:
    palette, end = canvas.palette, goal.value * unit
    for times, named in ((1.0, "once"), (goal.times, f"{goal.times:.0f} times")):
        x = end * times
        canvas.stroke(((x, 9), (x, top + _OUTLINE)), palette.muted, 0.9, dashes="0.1 2.4")
        is_apart = end * goal.times - end > 60 or times > 1
        if is_apart:
            canvas.text((x, 6), named, colour=palette.muted, size=SMALL, anchor="middle")
    right, bottom = short(max(end - 0.5, 1)), short(top + _OUTLINE)
    canvas.shape(
        f"M0.5 {short(top)}H{right}V{bottom}H0.5Z", "#ffffff", stroke=palette.actual, weight=1.0
    )
    width = widest(canvas.typeface, [goal.text], SMALL + 0.5, 500, tabular=True)
    y, inside = top + _OUTLINE / 2 + 2.6, width + 10 < end
    x = 5.0 if inside else end + 5
    if not inside:
        _ground(canvas, x - 1, y, width + 2)
    canvas.text((x, y), goal.text, size=SMALL + 0.5, weight=500, figures=True)
