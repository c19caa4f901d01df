"""The scorecard's table: plan, actual, variance and what was before, a row a metric."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.metrics.model import Metric
from engine.period import Period
from engine.report.board import Board, Drawing, Entry, Family, Line, Mark
from engine.report.charts.bullet import bullet
from engine.report.formats import TIMES, headline, is_share, name_with_unit
from engine.report.judged import judged, judging
from engine.report.material import Material
from engine.report.phrases import SHORT
from engine.report.planned import against_plan, plan_value, planned
from engine.report.table import Cell, Column
from engine.report.tone import Tone
from engine.report.words import DASH

PIPELINE = (
    "pipeline_created",
    "pipeline_open",
    "pipeline_coverage",
    "opportunities_won",
    "won_value",
    "win_rate",
    "sales_cycle_days",
    "renewals_due",
)
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Growth": (
        "mrr",
        "arr",
        "new_arr",
        "accounts",
        "new_accounts",
        "churned_accounts",
        "paid_seats",
        "users",
    ),
    "Averages": ("arpu", "arpa", "arpa_median", "arppu", "seats_per_account"),
    "Retention": ("nrr", "grr", "logo_churn", "revenue_churn", "quick_ratio", "top10_share"),
    "Economics": ("ltv", "cac", "ltv_cac", "cac_payback_months"),
    "Pipeline": PIPELINE,
}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside the actual figures."""

    has_plan: bool
    periods: tuple[Period, ...]


def scoreboard(material: Material, families: Mapping[str, tuple[str, ...]]) -> Board:
    """A row a metric; periods that had none of them yet have no columns."""
    every = [name for names in families.values() for name in names]
    beside = _Beside(
        any(plan_value(material, name) is not None for name in every),
        tuple(
            period
            for period in material.span.compared
            if any(material.value(name, period) for name in every)
        ),
    )
    return Board(
        f"Scorecard of {material.period.title}",
        _unit(material, beside),
        _columns(material, beside),
        tuple(
            Family(family, tuple(_line(material, name, beside) for name in names))
            for family, names in families.items()
        ),
        _notes(material),
    )


def _unit(material: Material, beside: _Beside) -> str:
    """What the bars are; the lighter ones of the last period compared with, if it had anything."""
    last = material.span.compared[-1]
    before = last.title if last in beside.periods else ""
    marks = [f"solid {material.period.title}"]
    if beside.has_plan:
        marks.append(
            "outlined the plan" + (f", or without one in light {before}" if before else "")
        )
    elif before:
        marks.append(f"light: {before}")
    return f"Bars: {', '.join(marks)}; tick: good from here. Each on its own scale"


def _columns(material: Material, beside: _Beside) -> tuple[Column, ...]:
    period = material.period.title
    plan = (
        Column("Plan", group="Plan and actual"),
        Column("Actual", group="Plan and actual", is_reported=True),
        Column("Variance", group="Plan and actual"),
        Column("%", group="Plan and actual"),
    )
    actual = (Column(period, is_reported=True, width=0 if beside.periods else 34),)
    compared = [
        column
        for each in beside.periods
        for column in (
            Column("Was", group=each.title, opens=True),
            Column("Change", group=each.title),
        )
    ]
    return (
        Column("Metric", is_text=True, width=_names_width(beside)),
        *(plan if beside.has_plan else actual),
        Column("", width=26),
        *compared,
        Column("Status", opens=True, width=17),
    )


def _names_width(beside: _Beside) -> float:
    """Millimetres for the names; all that is left where little stands beside them."""
    if beside.has_plan:
        return 28
    return 38 if beside.periods else 0


def _line(material: Material, name: str, beside: _Beside) -> Line:
    plan = _plan(material, name) if beside.has_plan else ()
    before = [
        cell
        for each in beside.periods
        for cell in (_shown(material, name, each), material.change_cell(name, each))
    ]
    actual = _shown(material, name)
    entries: tuple[Entry, ...] = (
        *plan[:1],
        actual,
        *plan[1:],
        Drawing(_bar(material, name)),
        *before,
        Mark(judged(material, name)),
    )
    return Line(name_of(material, name), entries)


def name_of(material: Material, name: str) -> str:
    """What the metric's row is called."""
    metric = material.metric(name)
    return name_with_unit(metric, SHORT.get(name, metric.title))


def _shown(material: Material, name: str, period: Period | None = None) -> Cell:
    """The number in three figures, for unlike metrics share a column."""
    number = material.number(name, period)
    metric = material.metric(name)
    text = _text(material, metric, number.value)
    return Cell(text, number, Tone.PLAIN if number.value is not None else Tone.MUTED)


def _text(material: Material, metric: Metric, value: float | None) -> str:
    text = headline(metric, value, material.words)
    return text + "×" if value is not None and metric.id in TIMES - {"seats_per_account"} else text


def _plan(material: Material, name: str) -> tuple[Cell, ...]:
    """Plan, variance and variance as a part; blank where nothing is planned."""
    number = planned(material, name)
    if number is None or number.value is None:
        return (Cell(""), Cell(""), Cell(""))
    metric, value = material.metric(name), material.value(name)
    plan = Cell(_text(material, metric, number.value), number)
    far = against_plan(material, name)
    if value is None:
        return plan, Cell(DASH, None, Tone.MUTED), Cell(DASH, None, Tone.MUTED)
    if is_share(metric):  # the distance in points is all that there is to say
        return plan, Cell(far.text, None, far.tone, far.value), Cell("")
    difference = value - number.value
    sign = "+" if difference > 0 else ""
    return (
        plan,
        Cell(sign + _text(material, metric, difference), None, far.tone),
        Cell(far.text, None, far.tone, far.value),
    )


def _bar(material: Material, name: str) -> str:
    metric, value = material.metric(name), material.value(name)
    if value is None:
        return ""
    plan = plan_value(material, name)
    compared = material.span.compared[-1]
    before = material.base(name, compared)
    told = [f"{name_of(material, name)} {_text(material, metric, value)}"]
    told += [f"plan {_text(material, metric, plan)}"] if plan is not None else []
    told += (
        [f"{compared.title} {_text(material, metric, before)}"]
        if plan is None and before is not None
        else []
    )
    mark = metric.bounds.good if metric.bounds else None
    return bullet(value, plan, before, material.look, title=", ".join(told), mark=mark)


def _notes(material: Material) -> tuple[str, ...]:
    missing = [
        material.number(name)
        for names in FAMILIES.values()
        for name in names
        if material.value(name) is None
    ]
    reasons = " ".join(material.reasons(missing))
    return (judging(material), reasons) if reasons else (judging(material),)
