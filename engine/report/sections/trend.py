"""The long view: every month of two years, and every period, with the metrics behind the pack."""

from itertools import pairwise

from engine.period import Period
from engine.report.material import Material
from engine.report.model import Column, Row, RowKind, Section, Table
from engine.report.phrases import SHORT, plural
from engine.report.tables import without_empty_columns

_MONTHLY = ("mrr", "accounts", "users", "paid_seats", "arpu", "arpa", "arppu", "seats_per_account")
_PERIODS = ("arr", "mrr", "free_users", "paid_share", "arpu", "arpa", "arppu", "arpu_annual")

#: Fewer months than this are a short table on the page before, not a page of their own.
ENOUGH = 7


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
    living = _living(material, material.span.months)
    return len(living) < ENOUGH or material.value("arpu") is None


def months(material: Material) -> Table:
    """A row each month that has MRR, the newest first."""
    living = _living(material, material.span.months)
    note = "averages in {symbol} a month; state on the month’s last day"
    return _table(material, "Month by month", "Month", living, _MONTHLY, note)


def _periods(material: Material) -> Table:
    living = _living(material, material.span.trend)
    name = {1: "Month", 3: "Quarter", 12: "Year"}[material.period.length]
    note = "averages in {symbol} a month, ARPPU a year in {symbol} a year; state on the last day"
    return _table(material, f"{name} by {name.lower()}", name, living, _PERIODS, note)


def _table(
    material: Material,
    title: str,
    first: str,
    periods: tuple[Period, ...],
    names: tuple[str, ...],
    note: str,
) -> Table:
    words = material.words
    scale = words.scale(
        [material.value(name, each) for name in ("arr", "mrr") if name in names for each in periods]
    )
    rows = [
        Row(
            words.month(period.start) if period.length == 1 else period.title,
            tuple(material.cell(name, period, scale=scale) for name in names),
            RowKind.TOTAL if period.closing == material.period.closing else RowKind.PLAIN,
        )
        for period in reversed(periods)
    ]
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    table = Table(
        title,
        f"{'ARR and MRR' if 'arr' in names else 'MRR'} in {scale.unit}; "
        f"{note.format(symbol=words.symbol)}",
        (
            Column(first, is_text=True),
            *(Column(_short(material, name)) for name in names),
        ),
        tuple(rows),
        material.reasons(numbers),
        is_close=True,
    )
    return without_empty_columns(table)


def _short(material: Material, name: str) -> str:
    return {"arpu_annual": "ARPPU a year"}.get(name) or SHORT.get(name, material.metric(name).title)


def _living(material: Material, periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The periods from the first one that has MRR."""
    values = material.series("mrr", periods)
    return tuple(each for each, value in zip(periods, values, strict=True) if value is not None)


def _headline(material: Material) -> str:
    """How long MRR and ARPU have been moving the way that they move now."""
    unit = {1: "month", 3: "quarter", 12: "year"}[material.period.length]
    runs = {name: run for name in ("mrr", "arpu") if (run := _run(material, name))}
    clauses = [
        f"{SHORT[name]} is {'up' if run > 0 else 'down'} for {abs(run)}"
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
