"""Recurring revenue as recognised, beside MRR: by month, and as averages."""

from math import floor, log10

from engine.report.blocks import LEFT, Figure, Pair
from engine.report.charts.lines import Band, Series, lines, value_axis
from engine.report.formats import headline
from engine.report.material import Material
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Words

_CURVES = {"mrr": "MRR", "recurring_revenue": "Recognised"}
_ENOUGH, _HEIGHT = 4, 126.0


def beside_mrr(material: Material) -> tuple[Pair, ...]:
    """The months and the averages of both; nothing where MRR is itself what was recognised."""
    if material.context.policy.mrr_source == "invoices":
        return ()
    months = material.span.months
    known = [material.series(name, months) for name in _CURVES]
    if min(sum(each is not None for each in values) for values in known) < _ENOUGH:
        return ()
    return (Pair(_months(material), _averages(material)),)


def _months(material: Material) -> Figure:
    words, months = material.words, material.span.months
    series = [
        Series(name, material.series(metric, months), _worth(material, metric), metric == "mrr")
        for metric, name in _CURVES.items()
    ]
    scale = value_axis(series)
    svg = lines(
        series,
        [words.short_month(month.start) for month in months],
        material.look,
        title=f"{'; '.join(_told(material, metric) for metric in _CURVES)}.",
        tick=lambda value: _tick(words, value, scale.step),
        width=round(material.look.paper.measure * LEFT, 1),
        height=_HEIGHT,
        band=Band(material.period.title, material.period.length),
    )
    cut = f"; axis from {_tick(words, scale.low, scale.step)}" if scale.low > 0 else ""
    unit = f"{words.symbol}, MRR at each month’s end, revenue of each month{cut}"
    return Figure("MRR and recurring revenue as recognised", unit, svg)


def _worth(material: Material, name: str) -> str:
    value = material.value(name, material.span.months[-1])
    return DASH if value is None else material.words.compact_money(value)


def _told(material: Material, metric: str) -> str:
    """The first and the last month, for who cannot see the curve."""
    months = material.span.months
    known = [
        (month, value)
        for month, value in zip(months, material.series(metric, months), strict=True)
        if value is not None
    ]
    parts = [
        f"{material.words.compact_money(value)} in {material.words.month(month.start)}"
        for month, value in (known[0], known[-1])
    ]
    return f"{_CURVES[metric]}: {' to '.join(parts)}"


def _tick(words: Words, value: float, step: float) -> str:
    """A round amount, as short as can be."""
    for divisor, suffix in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if step >= divisor / 10 and abs(value) >= divisor:
            digits = max(0, -floor(log10(step / divisor) + 1e-9))
            return words.number(value / divisor, digits) + suffix
    return words.number(value, max(0, -floor(log10(step))))


def _averages(material: Material) -> Table:
    """What the period earned a month, and what MRR promised at its end."""
    rows = (
        _amounts(material),
        _row(material, "An account", "arpa", "arpa_revenue"),
        _row(material, "A user", "arpu", "arpu_revenue"),
    )
    kept = tuple(row for row in rows if any(cell.text != DASH for cell in row.cells))
    title = material.period.title
    return Table(
        "What recurs in a month",
        f"MRR at the end of {title}, revenue over it",
        (Column("", is_text=True), Column("MRR"), Column("Revenue"), Column("Gap")),
        kept,
        _notes(material),
    )


def _notes(material: Material) -> tuple[str, ...]:
    """Why the two differ, as far as it holds here."""
    said: list[str] = []
    if (material.relative("mrr", material.span.previous) or 0.0) > 0:
        said.append("In growth MRR runs ahead: what was signed last is in it in full.")
    if material.context.policy.recognition == "days":
        said.append("Revenue is earned by day, so that a February earns less.")
    return (" ".join(said),) if said else ()


def _amounts(material: Material) -> Row:
    """MRR, and the period's recurring revenue spread over its months."""
    mrr, revenue = material.number("mrr"), material.number("recurring_revenue")
    monthly = None if revenue.value is None else revenue.value / material.period.length
    words = material.words
    cells = (
        Cell(DASH if mrr.value is None else words.compact_money(mrr.value), mrr),
        Cell(DASH if monthly is None else words.compact_money(monthly), revenue),
        _gap(material, mrr.value, monthly),
    )
    return Row("The company", cells)


def _row(material: Material, name: str, state: str, flow: str) -> Row:
    numbers = [material.number(each) for each in (state, flow)]
    cells = [
        Cell(
            headline(material.metric(each.metric), each.value, material.words),
            each,
            Tone.MUTED if each.value is None else Tone.PLAIN,
        )
        for each in numbers
    ]
    return Row(name, (*cells, _gap(material, numbers[0].value, numbers[1].value)))


def _gap(material: Material, state: float | None, flow: float | None) -> Cell:
    """How far revenue lies from MRR, as a part of it."""
    if not state or flow is None or state < 0:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.change(flow / state - 1))
