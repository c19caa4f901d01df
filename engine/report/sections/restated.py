"""Restatement: what was reported of earlier periods, what they are now, and what moved them."""

from collections.abc import Sequence

from engine.metrics.asks import Ask
from engine.metrics.model import Number
from engine.metrics.numbers import Request
from engine.metrics.restatement.causes import Cause
from engine.metrics.restatement.rows import BY_ACCOUNT, BY_CAUSE
from engine.period import Period
from engine.report.blocks import Block, Term, Terms
from engine.report.chapter import Chapter
from engine.report.formats import change, figure, rate_digits, tone
from engine.report.material import Material
from engine.report.model import Section
from engine.report.reported import (
    Days,
    as_reported,
    first_day,
    groups,
    moved_since,
    told_causes,
    told_number,
)
from engine.report.span import RECENT, Span, labels
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: What is held against its first report.
METRICS = ("mrr", "accounts", "arpu", "arpa", "nrr")

_RATES = METRICS[1:]
_SHOWN = 10


def periods(span: Span) -> tuple[Period, ...]:
    """The four before the reported one and that of a year ago, the latest first."""
    before = [span.period.before(n) for n in range(1, RECENT + 1)]
    return tuple(dict.fromkeys((*before, span.year_ago)))


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """What those periods are now; what they were comes from earlier snapshots."""
    return (Request(METRICS, labels(periods(span))),)


def section(material: Material) -> Section | str:
    """The page of restatements; needs an earlier snapshot."""
    days = {each: day for each in periods(material.span) if (day := first_day(material, each))}
    if not days:
        return "no earlier snapshot holds a period that is compared with"
    blocks: list[Block] = [_recurring(material, days), _others(material, days)]
    if accounts := _accounts(material, days):
        blocks.append(accounts)
    return Section(
        "restatement",
        "Restatement",
        _headline(material, days),
        "A period is first reported from the earliest snapshot after its end. What billing and "
        "CRM have booked, amended or removed since moves it. Both are counted by today's rules.",
        (*blocks, _causes(material, days)),
    )


def _headline(material: Material, days: Days) -> str:
    moved = {each: moved_since(material, "mrr", each, days) or 0.0 for each in days}
    digits = material.words.decimals
    changed = [each for each in moved if round(moved[each], digits)]
    if not changed:
        return "MRR of every earlier period is what was first reported"
    largest = max(changed, key=lambda each: abs(moved[each]))
    way = "above" if moved[largest] > 0 else "below"
    size = material.words.compact_money(abs(moved[largest]))
    return f"MRR of {largest.title} is {size} {way} what was first reported"


def _recurring(material: Material, days: Days) -> Table:
    """MRR then and now, with the causes between."""
    causes = told_causes(material, days, ("mrr",))
    amounts = [as_reported(material, "mrr", each, days).value for each in days]
    scale, small = material.words.scale(amounts), _scale_of_changes(material, days)
    columns = (
        Column("Period", is_text=True),
        Column("First reported from", is_text=True),
        Column("Then", "MRR"),
        *(Column(_title(cause), "Since then") for cause in causes),
        Column("Change", "Since then"),
        Column("Now", "MRR", opens=True),
    )
    rows = tuple(_recurring_row(material, each, days, causes, scale, small) for each in days)
    unit = scale.unit if scale == small else f"{scale.unit}; what moved it in {small.unit}"
    return Table("Monthly recurring revenue, then and now", unit, columns, rows)


def _recurring_row(
    material: Material,
    period: Period,
    days: Days,
    causes: Sequence[Cause],
    scale: Scale,
    small: Scale,
) -> Row:
    was = as_reported(material, "mrr", period, days)
    parts = [_part(material, "mrr", period, days, cause, small) for cause in causes]
    since = moved_since(material, "mrr", period, days)
    meant = tone(material.metric("mrr"), material.value("mrr", period), was.value)
    whole = Cell(_signed(material, since, small), None, meant)
    cells = (
        Cell(days[period]),
        Cell(figure(material.metric("mrr"), was.value, material.words, scale), was),
        *parts,
        whole,
        material.cell("mrr", period, scale=scale),
    )
    return Row(period.title, cells)


def _part(
    material: Material, name: str, period: Period, days: Days, cause: Cause, scale: Scale
) -> Cell:
    """What the cause did; a dash where nothing."""
    group = {"first_reported": days[period], "cause": cause.value}
    number = told_number(material, name, period, group)
    if number is None:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(_signed(material, number.value, scale), number)


def _signed(material: Material, value: float | None, scale: Scale) -> str:
    if value is None:
        return DASH
    text = material.words.scaled(value, scale)
    return f"+{text}" if value > 0 and any(each in "123456789" for each in text) else text


def _scale_of_changes(material: Material, days: Days) -> Scale:
    found = [
        told_number(material, "mrr", each, group)
        for each in days
        for group in groups(material, BY_CAUSE, each)
    ]
    wholes = [moved_since(material, "mrr", each, days) for each in days]
    return material.words.scale([*(each.value for each in found if each), *wholes])


def _others(material: Material, days: Days) -> Table:
    """The averages and the rest, then and now."""
    metrics = [material.metric(name) for name in _RATES]
    columns = [Column("Period", is_text=True)]
    for metric in metrics:
        columns += [
            Column("Then", metric.title, opens=True),
            Column("Now", metric.title),
            Column("Change", metric.title),
        ]
    rows = tuple(
        Row(each.title, tuple(c for name in _RATES for c in _pair(material, name, each, days)))
        for each in days
    )
    unit = f"Averages in {material.words.symbol} a month"
    return Table("What stands on it, then and now", unit, tuple(columns), rows)


def _pair(material: Material, name: str, period: Period, days: Days) -> tuple[Cell, Cell, Cell]:
    metric, was = material.metric(name), as_reported(material, name, period, days)
    now = material.value(name, period)
    text = change(metric, now, was.value, material.words)
    then = Cell(figure(metric, was.value, material.words), was)
    return then, material.cell(name, period), Cell(text, None, tone(metric, now, was.value))


def _accounts(material: Material, days: Days) -> Table | None:
    """The accounts that moved MRR most, and how far."""
    moved: dict[tuple[str, str], dict[Period, Number]] = {}
    for period in days:
        for group in groups(material, BY_ACCOUNT, period):
            number = told_number(material, "mrr", period, group)
            if number and round(number.value or 0.0, material.words.decimals):
                moved.setdefault((group["account"], group["name"]), {})[period] = number
    if not moved:
        return None
    largest = sorted(moved, key=lambda each: (-_size(moved[each]), each))[:_SHOWN]
    values = [number.value for each in largest for number in moved[each].values()]
    shown = [period for period in days if any(period in moved[each] for each in largest)]
    digits = rate_digits(values, material.words)
    rows = tuple(
        Row(name, tuple(_moved_cell(material, moved[account, name].get(p), digits) for p in shown))
        for account, name in largest
    )
    columns = (
        Column("Account", is_text=True, is_name=True),
        *(Column(each.title) for each in shown),
    )
    unit = f"What they did to MRR since it was first reported, in {material.words.symbol}"
    return Table("Accounts that moved it most", unit, columns, rows)


def _size(numbers: dict[Period, Number]) -> float:
    return max(abs(number.value or 0.0) for number in numbers.values())


def _moved_cell(material: Material, number: Number | None, digits: int) -> Cell:
    if number is None or number.value is None:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.signed(number.value, digits), number)


def _title(cause: Cause) -> str:
    return cause.value.replace("_", " ").capitalize()


def _causes(material: Material, days: Days) -> Terms:
    """What each cause that is told means."""
    causes = told_causes(material, days, METRICS)
    terms = tuple(Term(_title(each), each.meaning) for each in causes)
    none = (Term("Nothing moved", "Both snapshots tell the same of these periods."),)
    return Terms("What the causes mean", terms or none, columns=3)


CHAPTER = Chapter("restatement", "Restatement", asks, section)
