"""The marks that charts speak with, as samples for a legend."""

from enum import StrEnum

from engine.report.charts.canvas import Canvas
from engine.report.look import Look

_WIDTH, _HEIGHT = 22.0, 9.0


class Mark(StrEnum):
    """What a fill says, on every page the same (IBCS)."""

    ACTUAL = "actual"
    PREVIOUS = "previous"
    PLAN = "plan"
    RUNNING = "running"
    GOOD = "good"
    BAD = "bad"


def swatch(mark: Mark, look: Look, title: str) -> str:
    """A small sample of the mark."""
    canvas = Canvas(_WIDTH, _HEIGHT, look)
    palette = look.palette
    match mark:
        case Mark.PLAN:
            canvas.frame(0, 0, _WIDTH, _HEIGHT, palette.actual)
        case Mark.RUNNING:
            canvas.hatch(0, 0, _WIDTH, _HEIGHT, palette.actual)
        case _:
            fills = {
                Mark.ACTUAL: palette.actual,
                Mark.PREVIOUS: palette.previous,
                Mark.GOOD: palette.good,
                Mark.BAD: palette.bad,
            }
            canvas.bar(0, 0, _WIDTH, _HEIGHT, fills[mark])
    return canvas.svg(title)
