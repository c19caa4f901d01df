"""The scorecard: plan, actual, variance and what was before, with a standing for each metric."""

from collections.abc import Mapping
from dataclasses import replace

from engine.metrics.asks import Ask, PlanRequest
from engine.metrics.model import Basis, Metric
from engine.metrics.numbers import Request
from engine.metrics.standard import Standing
from engine.period import Period
from engine.report.board import Board, Drawing, Entry, Family, Line, Mark
from engine.report.chapter import Chapter
from engine.report.charts.bullet import bullet
from engine.report.formats import TIMES, headline, is_share, name_with_unit
from engine.report.judged import is_running, judged, judging
from engine.report.material import Material
from engine.report.measures import COUNTS, JUDGED, MOVES, STATES
from engine.report.model import Section
from engine.report.phrases import SHORT, listed, plural
from engine.report.planned import against_plan, is_met, plan_value, planned, planned_metrics
from engine.report.room import notes_height
from engine.report.span import Span, labels
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
_PLANNED = "Also planned"

#: Height in points of what stands around the rows.
_AROUND = 116.0

#: A part of the page that a board should at least take; one that does not is set with more air.
_LITTLE = 0.72


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Every metric of the scorecard for the periods compared, and the period's plan."""
    names = tuple(name for family in FAMILIES.values() for name in family)
    compared = labels((span.period, *span.compared))
    return (
        Request((*STATES, *MOVES, *COUNTS, *JUDGED), compared),
        Request(names, compared),
        PlanRequest((span.period.label,)),
    )


def section(material: Material) -> Section | str:
    """One table; the reason why there is none if no metric has a value."""
    families = _families(material)
    if not any(material.value(name) is not None for names in families.values() for name in names):
        return material.why(("mrr",)) or "no metric has a value"
    board = _board(material, families)
    needed = _AROUND + board.height + notes_height(material.look, board.notes)
    room = material.look.paper.live_height
    board = replace(board, is_close=needed > room, is_roomy=needed < room * _LITTLE)
    return Section("scorecard", "Scorecard", _headline(material, families), "", (board,))


def _families(material: Material) -> Mapping[str, tuple[str, ...]]:
    """The metrics to be shown: those with a value or a plan, planned ones that are not listed."""
    listed_here = {name for names in FAMILIES.values() for name in names}
    more = tuple(name for name in planned_metrics(material) if name not in listed_here)
    known = {
        family: tuple(name for name in names if _says_something(material, name))
        for family, names in {**FAMILIES, _PLANNED: more}.items()
    }
    return {family: names for family, names in known.items() if names}


def _says_something(material: Material, name: str) -> bool:
    if planned(material, name) is not None and _is_counted(material, name):
        return True
    return _is_counted(material, name) and material.value(name) is not None


def _is_counted(material: Material, name: str) -> bool:
    """Whether the pack looked the metric up: a plan may be of one that it did not."""
    try:
        material.number(name)
    except KeyError:
        return False
    return True


def _board(material: Material, families: Mapping[str, tuple[str, ...]]) -> Board:
    has_plan = any(
        plan_value(material, name) is not None for names in families.values() for name in names
    )
    return Board(
        f"Scorecard of {material.period.title}",
        _unit(material, has_plan=has_plan),
        _columns(material, has_plan=has_plan),
        tuple(
            Family(family, tuple(_line(material, name, has_plan=has_plan) for name in names))
            for family, names in families.items()
        ),
        _notes(material),
    )


def _unit(material: Material, *, has_plan: bool) -> str:
    before = material.span.compared[-1].title
    plan = (
        f"outlined the plan, or without one in light {before}" if has_plan else f"light: {before}"
    )
    return (
        f"Bars: solid {material.period.title}, {plan}; tick: good from here. Each on its own scale"
    )


def _columns(material: Material, *, has_plan: bool) -> tuple[Column, ...]:
    period = material.period.title
    plan = (
        Column("Plan", group="Plan and actual"),
        Column("Actual", group="Plan and actual", is_reported=True),
        Column("Variance", group="Plan and actual"),
        Column("%", group="Plan and actual"),
    )
    actual = (Column(period, is_reported=True),)
    compared = [
        column
        for each in material.span.compared
        for column in (
            Column("Was", group=each.title, opens=True),
            Column("Change", group=each.title),
        )
    ]
    return (
        Column("Metric", is_text=True, width=28 if has_plan else 38),
        *(plan if has_plan else actual),
        Column("", width=26),
        *compared,
        Column("Status", opens=True, width=17),
    )


def _line(material: Material, name: str, *, has_plan: bool) -> Line:
    plan = _plan(material, name) if has_plan else ()
    before = [
        cell
        for each in material.span.compared
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
    return Line(_name(material, name), entries)


def _name(material: Material, name: str) -> str:
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
    told = [f"{_name(material, name)} {_text(material, metric, value)}"]
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


def _headline(material: Material, families: Mapping[str, tuple[str, ...]]) -> str:
    """How many plan figures were met and which was missed most; else how the figures stand."""
    names = [name for each in families.values() for name in each]
    over = {name for name in names if material.metric(name).basis is Basis.FLOW}
    outcomes = {
        name: met
        for name in names
        if (met := is_met(material, name)) is not None
        and not (name in over and is_running(material))
    }
    if not outcomes:
        return _standings(material, names)
    met, count = sum(outcomes.values()), len(outcomes)
    text = f"{met} of {count} plan {plural(count, 'figure was', 'figures were')} met"
    missed = [name for name, is_reached in outcomes.items() if not is_reached]
    if not missed:
        return f"{text}" if count > 1 else f"{_name(material, names[0])} met its plan"
    worst = max(missed, key=lambda name: (_miss(material, name), name))
    far = against_plan(material, worst).text.replace(" ", "\u00a0")
    return f"{text}; {_name(material, worst)} missed by most,\u00a0{far}"


def _miss(material: Material, name: str) -> float:
    """How far below its plan, as a part of it."""
    value, plan = material.value(name) or 0.0, plan_value(material, name) or 0.0
    return abs(value - plan) / abs(plan) if plan else 0.0


def _standings(material: Material, names: list[str]) -> str:
    found = [standing for name in names if (standing := judged(material, name))]
    if not found:
        return "The figures of the period; there is nothing yet to judge them by"
    words = {Standing.GOOD: "good", Standing.WATCH: "to be watched", Standing.BAD: "bad"}
    counts = {each: found.count(each) for each in words if each in found}
    parts = [f"{count} {words[each]}" for each, count in counts.items()]
    first = plural(next(iter(counts.values())), "is", "are")
    parts[0] = parts[0].replace(" ", f" {first} ", 1)
    return f"Of {len(found)} {plural(len(found), 'figure', 'figures')}, {listed(parts)}"


CHAPTER = Chapter("scorecard", "Scorecard", asks, section)
