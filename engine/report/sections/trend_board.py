"""The figures of each period side by side, a row a metric, with how it has run."""

from collections.abc import Mapping, Sequence

from engine.metrics.model import Unit
from engine.period import Period
from engine.report.board import Board, Drawing, Entry, Family, Line
from engine.report.charts.sparkline import sparkline
from engine.report.formats import TIMES, figure, headline, name_with_unit
from engine.report.material import Material
from engine.report.phrases import SHORT
from engine.report.table import Cell, Column
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Revenue": ("mrr", "arr", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churn"),
    "Customers": ("accounts", "new_accounts", "churned_accounts", "paid_seats", "free_users"),
    "Averages": ("arpu", "arpa", "arpa_median", "arppu", "seats_per_account", "paid_share"),
    "Retention": ("nrr", "grr", "logo_churn", "revenue_churn", "quick_ratio"),
    "Economics": ("ltv", "cac", "ltv_cac", "cac_payback_months"),
}

#: Amounts of one account, too far from the company's for its scale.
_COMPACT = ("ltv", "cac")

_SPARK_WIDTH, _SPARK_HEIGHT = 46.0, 12.6


def period_board(material: Material, periods: Sequence[Period]) -> Board:
    """The families of metrics that have a value in any of the periods."""
    names = {1: "Month", 3: "Quarter", 12: "Year"}
    amounts = [
        material.value(name, period)
        for names_ in FAMILIES.values()
        for name in names_
        if material.metric(name).unit is Unit.MONEY and name not in _COMPACT
        for period in periods
    ]
    scale = material.words.scale(amounts, most=5)
    families = {
        family: tuple(name for name in metrics if _has_any(material, name, periods))
        for family, metrics in FAMILIES.items()
    }
    name = names[material.period.length]
    return Board(
        f"{name} by {name.lower()}",
        f"Revenue in {scale.unit}; averages in {material.words.symbol} a month; "
        "each line on its own scale",
        (
            Column("Metric", is_text=True, width=29),
            Column("", width=18),
            *(
                Column(material.short(each), is_reported=each == material.period)
                for each in periods
            ),
        ),
        tuple(
            Family(family, tuple(_line(material, each, periods, scale) for each in metrics))
            for family, metrics in families.items()
            if metrics
        ),
        _notes(material, periods),
    )


def _has_any(material: Material, name: str, periods: Sequence[Period]) -> bool:
    return any(material.value(name, period) is not None for period in periods)


def _notes(material: Material, periods: Sequence[Period]) -> tuple[str, ...]:
    """Why whole rows are missing."""
    empty = [
        material.number(name)
        for metrics in FAMILIES.values()
        for name in metrics
        if not _has_any(material, name, periods)
    ]
    return material.reasons(empty)


def _line(material: Material, name: str, periods: Sequence[Period], scale: Scale) -> Line:
    metric = material.metric(name)
    entries: tuple[Entry, ...] = (
        Drawing(_spark(material, name, periods)),
        *(_cell(material, name, period, scale) for period in periods),
    )
    return Line(name_with_unit(metric, SHORT.get(name, metric.title)), entries)


def _cell(material: Material, name: str, period: Period, scale: Scale) -> Cell:
    """The number as its row writes it: a blank where the company was too young for it."""
    number, metric = material.number(name, period), material.metric(name)
    if number.value is None:
        known = [each for each in material.span.trend if material.value(name, each) is not None]
        is_before = bool(known) and known[0].start < period.start
        return Cell(DASH if is_before else "", number, Tone.MUTED)
    if name in _COMPACT:
        text = material.words.compact_money(number.value)
    elif metric.unit is Unit.MONEY_PER_MONTH and _is_long(material, name):
        text = material.words.compact(round(number.value))
    elif metric.unit is Unit.MONEY and _is_long(material, name, scale.divisor):
        text = material.words.number(number.value / scale.divisor)
    else:
        text = figure(metric, number.value, material.words, scale)
    return Cell(text + ("×" if name in TIMES - {"seats_per_account"} else ""), number)


def _is_long(material: Material, name: str, divisor: float = 1.0) -> bool:
    """Whether decimals would not fit nine times across."""
    values = [material.value(name, period) or 0.0 for period in material.span.trend]
    return max(map(abs, values)) / divisor >= 1e4


def _spark(material: Material, name: str, periods: Sequence[Period]) -> str:
    values = [material.value(name, period) for period in periods]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    metric = material.metric(name)
    ends = [headline(metric, value, material.words) for value in (known[0], known[-1])]
    title = f"{metric.title}, {material.short(periods[0])} to {material.short(periods[-1])}: "
    return sparkline(
        values,
        material.look,
        title=title + " to ".join(ends),
        width=_SPARK_WIDTH,
        height=_SPARK_HEIGHT,
    )
