"""What was planned, beside what came."""

from engine.metrics.model import Number
from engine.metrics.plan import PLAN
from engine.period import Period
from engine.report.blocks import Change
from engine.report.formats import change, changed, tone
from engine.report.material import Material
from engine.report.tone import Tone

#: A miss by less than this part of the plan is none.
CLOSE = 0.0005


def planned(material: Material, name: str, period: Period | None = None) -> Number | None:
    """The plan figure; None where nothing is planned."""
    try:
        return material.context.numbers.one(name, (period or material.period).label, PLAN)
    except KeyError:
        return None


def plan_value(material: Material, name: str, period: Period | None = None) -> float | None:
    """The plan figure's value."""
    found = planned(material, name, period)
    return None if found is None else found.value


def planned_metrics(material: Material, period: Period | None = None) -> tuple[str, ...]:
    """Every metric with a plan for the period that the definitions know."""
    return tuple(
        name for name in material.context.definitions if planned(material, name, period) is not None
    )


def against_plan(material: Material, name: str, period: Period | None = None) -> Change:
    """How far the value is from its plan, with what it means."""
    metric, value = material.metric(name), material.value(name, period)
    plan = plan_value(material, name, period)
    text = change(metric, value, plan, material.words)
    known = any(each.isdigit() for each in text)
    meaning = tone(metric, value, plan) if known else Tone.MUTED
    return Change(text, "plan", meaning, changed(metric, value, plan))


def is_met(material: Material, name: str) -> bool | None:
    """Whether the value reaches its plan; None without the one or the other."""
    value, plan = material.value(name), plan_value(material, name)
    if value is None or plan is None:
        return None
    slack = abs(plan) * CLOSE
    if material.metric(name).higher_is_better:
        return value >= plan - slack
    return value <= plan + slack
