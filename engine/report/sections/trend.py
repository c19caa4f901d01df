"""The long view: metrics by period over two years, then every month behind them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Block
from engine.report.chapter import Chapter
from engine.report.material import Material
from engine.report.measures import COUNTS, JUDGED, MONTHLY, MOVES, STATES
from engine.report.model import Section
from engine.report.phrases import SHORT, listed, verb
from engine.report.room import notes_height
from engine.report.sections.months import ENOUGH, living, months
from engine.report.sections.trend_board import period_board
from engine.report.span import Span, labels

#: Periods side by side; a month table holds the longer view of a monthly pack.
ACROSS = 9

#: Heights in points: a month, and what stands around the tables; fewer months are no table.
_MONTH, _AROUND, _FEWEST = 14.9, 153.0, 3


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Every month of two years, and every period."""
    return (
        Request((*STATES, *MOVES, *COUNTS, *JUDGED), labels(span.history)),
        Request(MONTHLY, labels(span.months)),
    )


def section(material: Material) -> Section | None:
    """The page of figures; None for a company too young to fill one."""
    if is_short(material):
        return None
    shown = living(material, material.span.trend)[-ACROSS:]
    blocks: list[Block] = []
    room = material.look.paper.live_height
    if len(shown) > 1:
        board = period_board(material, shown)
        blocks.append(board)
        room -= _AROUND + board.height
        room -= notes_height(material.look, board.notes)
    earlier = _before(material, shown)
    table = months(material, len(earlier), earlier)
    fitting = int((room - notes_height(material.look, table.notes)) / _MONTH)
    if min(fitting, len(table.rows)) >= _FEWEST:
        blocks.append(replace(table, rows=table.rows[:fitting]))
    return Section("trend", "Trend", _headline(material), "", tuple(blocks))


def _before(material: Material, shown: Sequence[Period]) -> Sequence[Period]:
    """Months that the table above does not show, where it is one of months itself."""
    every = material.span.months
    is_monthly = material.period.length == 1 and len(shown) > 1
    return [each for each in every if each.start < shown[0].start] if is_monthly else every


def is_short(material: Material) -> bool:
    """Whether there are so few periods and months that they need no page."""
    periods = living(material, material.span.trend)
    return len(periods) < 2 and len(living(material, material.span.months)) < 2 * ENOUGH


def _headline(material: Material) -> str:
    """How long MRR and ARPU have been moving the way that they move now."""
    unit = {1: "month", 3: "quarter", 12: "year"}[material.period.length]
    runs = {name: run for name in ("mrr", "arpu") if (run := _run(material, name))}
    if not runs:
        return "The figures, month by month"
    if all(abs(run) == 1 for run in runs.values()):
        steps = [f"{SHORT[name]} {verb(run)}" for name, run in runs.items()]
        return f"{listed(steps)} on the {unit} before"
    clauses = [_clause(name, run, unit) for name, run in runs.items()]
    if all(abs(run) > 1 for run in runs.values()):
        clauses[1:] = [each.partition(f" {unit}s")[0] for each in clauses[1:]]
    return "; ".join(clauses)


def _clause(name: str, run: int, unit: str) -> str:
    """``MRR is up for 8 quarters in a row``; a single step is no run."""
    way = "up" if run > 0 else "down"
    if abs(run) == 1:
        return f"{SHORT[name]} is\u00a0{way} on\u00a0the {unit}\u00a0before"
    return f"{SHORT[name]} is\u00a0{way}\u00a0for\u00a0{abs(run)} {unit}s in a row"


def _run(material: Material, name: str) -> int:
    """For how many periods it has moved the way that it moves now; negative for falls."""
    values = [each for each in material.series(name, material.span.trend) if each is not None]
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    if not steps:
        return 0
    run = next((n for n, step in enumerate(reversed(steps)) if step != steps[-1]), len(steps))
    return run * steps[-1]


CHAPTER = Chapter("trend", "Trend", asks, section)
