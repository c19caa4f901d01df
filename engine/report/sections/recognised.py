"""Recognised revenue: what was billed for the period, apart from what MRR promises."""

from engine.report.charts.stack import Column as Bar
from engine.report.charts.stack import stack
from engine.report.formats import relative
from engine.report.material import Material
from engine.report.model import (
    Cell,
    Column,
    Figure,
    Row,
    RowKind,
    Section,
    Table,
    Term,
    Terms,
    Tone,
)
from engine.report.tables import without_empty_columns
from engine.report.words import DASH, Scale

PARTS = {
    "recurring_revenue": "Recurring",
    "usage_revenue": "Usage",
    "one_time_revenue": "One-time",
}
_REDUCED = ("discounts", "credits", "refunds")


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
    words, periods = material.words, material.span.trend
    values = [tuple(material.value(name, period) for name in PARTS) for period in periods]
    totals = [_total(parts) for parts in values]
    start = next((at for at, total in enumerate(totals) if total), 0)
    scale = words.scale(totals, most=5)
    columns = [
        Bar(
            material.short(period),
            parts,
            words.scaled(total, scale) if at >= start else DASH,
            period == material.period,
        )
        for at, (period, parts, total) in enumerate(zip(periods, values, totals, strict=True))
    ]
    now = dict(zip(PARTS.values(), values[-1], strict=True))
    names = [
        f"{name} {DASH if value is None else words.scaled(value, scale)}"
        for name, value in now.items()
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


def _table(material: Material) -> Table:
    living = [
        each for each in material.span.trend if any(material.value(name, each) for name in PARTS)
    ]
    periods = tuple(reversed(living))
    names = (*PARTS, *(name for name in _REDUCED if _is_known(material, name)))
    scale = material.words.scale(
        [material.value(name, period) for name in names for period in periods]
    )
    rows: list[Row] = []
    for period in periods:
        cells = [material.cell(name, period, scale=scale) for name in names]
        cells.insert(len(PARTS), _sum(material, cells[: len(PARTS)], scale))
        kind = RowKind.TOTAL if period == material.period else RowKind.PLAIN
        rows.append(Row(period.title, tuple(cells), kind))
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    table = Table(
        "Revenue by period",
        f"{scale.unit}, net of discounts, credits and refunds, without tax",
        (
            Column("Period", is_text=True),
            *(Column(name, "Recognised") for name in PARTS.values()),
            Column("Total", "Recognised"),
            *(
                Column(material.metric(name).title, "Already taken off")
                for name in names[len(PARTS) :]
            ),
        ),
        tuple(rows),
        material.reasons(numbers),
    )
    return without_empty_columns(table)


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
