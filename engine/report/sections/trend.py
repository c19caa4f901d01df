"""The long view: every month of two years, and every period, with the metrics behind the pack."""

from collections.abc import Sequence
from itertools import pairwise

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.chapter import Chapter
from engine.report.material import Material
from engine.report.measures import MONTHLY, STATES
from engine.report.model import Section
from engine.report.phrases import SHORT, listed, plural
from engine.report.span import Span, labels
from engine.report.table import Column, Row, RowKind, Table, without_empty_columns
from engine.report.words import Scale

_MONTHLY = ("mrr", "accounts", "users", "paid_seats", "arpu", "arpa", "arppu", "seats_per_account")
_PERIODS = ("arr", "mrr", "free_users", "paid_share", "arpu", "arpa", "arppu", "arpu_annual")

#: Fewer months than this are a short table on the page before, not a page of their own.
ENOUGH = 6


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Every month of two years, and every period."""
    return (Request(STATES, labels(span.history)), Request(MONTHLY, labels(span.months)))


def section(material: Material) -> Section | None:
    """The page of figures; None for a company too young to fill one."""
    if is_short(material):
        return None
    blocks = (months(material),)
    if material.period.length > 1:
        blocks = (*blocks, _periods(material))
    return Section("trend", "Trend", _headline(material), "", blocks)


def is_short(material: Material) -> bool:
    """Whether the months are so few, or so little is known of them, that they need no page."""
    return is_young(material) or material.value("arpu") is None


def is_young(material: Material) -> bool:
    """Whether the company has too few months for a page of them."""
    return len(_living(material, material.span.months)) < ENOUGH


def months(material: Material) -> Table:
    """A row each month that has MRR, the newest first."""
    living = _living(material, material.span.months)
    symbol = material.words.symbol
    note = f"averages in {symbol} a month; state on the month’s last day"
    return _table(material, "Month", living, _MONTHLY, note)


def _periods(material: Material) -> Table:
    living = _living(material, material.span.trend)
    symbol = material.words.symbol
    note = f"averages in {symbol} a month, ARPPU a year in {symbol} a year; state on the last day"
    name = {1: "Month", 3: "Quarter", 12: "Year"}[material.period.length]
    return _table(material, name, living, _PERIODS, note)


def _table(
    material: Material, name: str, periods: Sequence[Period], metrics: Sequence[str], note: str
) -> Table:
    amounts = [each for each in ("arr", "mrr") if each in metrics]
    scale = material.words.scale(
        [material.value(metric, period) for metric in amounts for period in periods]
    )
    rows = tuple(_row(material, period, metrics, scale) for period in reversed(periods))
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    table = Table(
        f"{name} by {name.lower()}",
        f"{listed([SHORT[each] for each in amounts])} in {scale.unit}; {note}",
        (Column(name, is_text=True), *(Column(_short(material, metric)) for metric in metrics)),
        rows,
        material.reasons(numbers),
        is_close=True,
    )
    return without_empty_columns(table)


def _row(material: Material, period: Period, metrics: Sequence[str], scale: Scale) -> Row:
    is_reported = period.closing == material.period.closing
    return Row(
        material.words.month(period.start) if period.length == 1 else period.title,
        tuple(material.cell(metric, period, scale=scale) for metric in metrics),
        RowKind.TOTAL if is_reported else RowKind.PLAIN,
    )


def _short(material: Material, name: str) -> str:
    return {"arpu_annual": "ARPPU a year"}.get(name) or SHORT.get(name, material.metric(name).title)


def _living(material: Material, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods from the first one that has MRR."""
    values = material.series("mrr", periods)
    return tuple(each for each, value in zip(periods, values, strict=True) if value is not None)


def _headline(material: Material) -> str:
    """How long MRR and ARPU have been moving the way that they move now."""
    unit = {1: "month", 3: "quarter", 12: "year"}[material.period.length]
    runs = {name: run for name in ("mrr", "arpu") if (run := _run(material, name))}
    clauses = [
        f"{SHORT[name]} is\u00a0{'up' if run > 0 else 'down'}\u00a0for\u00a0{abs(run)}"
        for name, run in runs.items()
    ]
    if not clauses:
        return "The figures, month by month"
    longest = max(abs(run) for run in runs.values())
    clauses[0] += f" {plural(longest, unit, unit + 's in a row')}"
    return "; ".join(clauses)


def _run(material: Material, name: str) -> int:
    """For how many periods it has moved the way that it moves now; negative for falls."""
    values = [each for each in material.series(name, material.span.trend) if each is not None]
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    if not steps:
        return 0
    run = next((n for n, step in enumerate(reversed(steps)) if step != steps[-1]), len(steps))
    return run * steps[-1]


CHAPTER = Chapter("trend", "Trend", asks, section)
