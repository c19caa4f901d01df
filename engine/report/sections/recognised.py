"""Recognised revenue: what was billed for the period, apart from what MRR promises."""

from collections.abc import Sequence

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Figure, Term, Terms
from engine.report.chapter import Chapter
from engine.report.charts.stack import Column as Bar
from engine.report.charts.stack import stack
from engine.report.formats import relative
from engine.report.material import Material
from engine.report.measures import REVENUE
from engine.report.model import Section
from engine.report.phrases import listed, moved
from engine.report.sections.beside_mrr import beside_mrr
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

PARTS = {
    "recurring_revenue": "Recurring",
    "usage_revenue": "Usage",
    "one_time_revenue": "One-time",
}
_REDUCED = ("discounts", "credits", "refunds")
_AVERAGES = {"arpa_revenue": "An account", "arpu_revenue": "A user"}
_STATES = ("mrr", "arpa", "arpu")


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Revenue of each period, and of each month beside its MRR."""
    return (
        Request((*REVENUE, *_AVERAGES, *_STATES), labels(span.history)),
        Request(("recurring_revenue", "mrr"), labels(span.months)),
    )


def section(material: Material) -> Section | str:
    """The page of revenue; needs invoices."""
    if all(material.value(name) is None for name in PARTS):
        return material.why(PARTS)
    beside = beside_mrr(material)
    blocks = (_figure(material, is_low=bool(beside)), *beside, _table(material))
    return Section(
        "revenue",
        "Recognised revenue",
        _headline(material),
        _lead(material),
        blocks if beside else (*blocks, _definitions(material)),
    )


def _lead(material: Material) -> str:
    """What revenue is beside MRR; how what does not recur moved."""
    clauses = [
        f"{PARTS[name].lower()} revenue {moved(material, name, material.span.previous)}"
        for name in ("usage_revenue", "one_time_revenue")
        if material.value(name)
    ]
    first = "MRR is a state on one day; this is what the period itself earned."
    if not clauses:
        return first
    apart = listed(clauses)
    told = f"{first} {apart[0].upper()}{apart[1:]}; neither is in any average per user or account."
    return told if clauses[1:] else told.replace("neither is in any", "it is in no")


def _total(values: tuple[float | None, ...]) -> float:
    return sum(value for value in values if value is not None)


def _headline(material: Material) -> str:
    parts = tuple(material.value(name) for name in PARTS)
    total = _total(parts)
    text = f"{material.words.compact_money(total)} recognised in {material.period.title}"
    part = relative(parts[0], total)
    if part is None or min(each or 0.0 for each in parts) < 0:
        return text
    return f"{text}, {material.words.share(part + 1)} of it recurring"


def _figure(material: Material, *, is_low: bool) -> Figure:
    words, columns = material.words, _columns(material)
    scale = words.scale([_total(column.parts) for column in columns], most=5)
    names = [
        f"{name} {DASH if value is None else words.scaled(value, scale)}"
        for name, value in zip(PARTS.values(), columns[-1].parts, strict=True)
    ]
    told = ", ".join(f"{column.name} {column.text}" for column in columns)
    svg = stack(
        columns,
        names,
        material.look,
        title=f"Recognised revenue in {scale.unit}: {told}. {material.period.title}: "
        f"{', '.join(names)}.",
        width=material.look.paper.measure,
        height=142 if is_low else 190,
    )
    return Figure("Recognised revenue by kind", f"{scale.unit} a period, net, without tax", svg)


def _columns(material: Material) -> list[Bar]:
    """A column a period; a dash before the first that has any revenue."""
    words, periods = material.words, material.span.trend
    values = [tuple(material.value(name, period) for name in PARTS) for period in periods]
    totals = [_total(parts) for parts in values]
    scale = words.scale(totals, most=5)
    start = next((at for at, total in enumerate(totals) if total), 0)
    texts = [DASH] * start + [words.scaled(total, scale) for total in totals[start:]]
    return [
        Bar(material.short(period), parts, text, period == material.period)
        for period, parts, text in zip(periods, values, texts, strict=True)
    ]


def _table(material: Material) -> Table:
    periods = [
        each for each in material.span.trend if any(material.value(name, each) for name in PARTS)
    ]
    reduced = [name for name in _REDUCED if _is_known(material, name)]
    amounts = (*PARTS, *reduced)
    scale = material.words.scale(
        [material.value(name, period) for name in amounts for period in periods]
    )
    names = (*amounts, *_AVERAGES)
    rows = tuple(_row(material, period, names, scale) for period in reversed(periods))
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    titles = [material.metric(name).title for name in reduced]
    table = Table(
        "Revenue by period",
        f"{scale.unit}, net of discounts, credits and refunds, without tax; averages in "
        f"{material.words.symbol}",
        (
            Column("Period", is_text=True),
            *(Column(title, "Recognised") for title in (*PARTS.values(), "Total")),
            *(Column(title, "Already taken off", opens=at == 0) for at, title in enumerate(titles)),
            *(
                Column(title, "Recurring a month", opens=at == 0)
                for at, title in enumerate(_AVERAGES.values())
            ),
        ),
        rows,
        material.reasons(numbers),
        is_close=True,
    )
    return without_empty_columns(table)


def _row(material: Material, period: Period, names: Sequence[str], scale: Scale) -> Row:
    cells = [material.cell(name, period, scale=scale) for name in names]
    cells.insert(len(PARTS), _sum(material, cells[: len(PARTS)], scale))
    kind = RowKind.TOTAL if period == material.period else RowKind.PLAIN
    return Row(period.title, tuple(cells), kind)


def _is_known(material: Material, name: str) -> bool:
    return name in material.context.definitions and material.value(name) is not None


def _sum(material: Material, cells: list[Cell], scale: Scale) -> Cell:
    values = tuple(cell.number.value if cell.number else None for cell in cells)
    if all(value is None for value in values):
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.scaled(_total(values), scale))


def _definitions(material: Material) -> Terms:
    metrics = [material.metric(name) for name in PARTS]
    return Terms(
        "What the parts mean",
        tuple(
            Term(metric.title, f"{metric.meaning} {' '.join(metric.watch_outs)}")
            for metric in metrics
        ),
        columns=3,
    )


CHAPTER = Chapter("revenue", "Recognised revenue", asks, section)
