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


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Revenue of each period."""
    return (Request(REVENUE, labels(span.history)),)


def section(material: Material) -> Section | str:
    """The page of revenue; needs invoices."""
    if all(material.value(name) is None for name in PARTS):
        return material.why(PARTS)
    return Section(
        "revenue",
        "Recognised revenue",
        _headline(material),
        "MRR is a state on one day; this is what the period itself earned. "
        "One-time fees and usage are here and in no average per user or account.",
        (_figure(material), _table(material), _definitions(material)),
    )


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


def _figure(material: Material) -> Figure:
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
        height=190,
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
    names = (*PARTS, *reduced)
    scale = material.words.scale(
        [material.value(name, period) for name in names for period in periods]
    )
    rows = tuple(_row(material, period, names, scale) for period in reversed(periods))
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    titles = [material.metric(name).title for name in reduced]
    table = Table(
        "Revenue by period",
        f"{scale.unit}, net of discounts, credits and refunds, without tax",
        (
            Column("Period", is_text=True),
            *(Column(title, "Recognised") for title in (*PARTS.values(), "Total")),
            *(Column(title, "Already taken off") for title in titles),
        ),
        rows,
        material.reasons(numbers),
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
