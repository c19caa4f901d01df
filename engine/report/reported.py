"""What was reported of earlier periods, looked up: then, since, and by what moved it."""

from collections.abc import Sequence

from engine.metrics.model import Number
from engine.metrics.restatement.causes import Cause
from engine.metrics.restatement.rows import BY_CAUSE, BY_DAY
from engine.period import Period
from engine.report.material import Group, Material

#: The day of the snapshot that each period was first reported from.
Days = dict[Period, str]


def first_day(material: Material, period: Period) -> str | None:
    """The day of the snapshot that the period was first reported from."""
    groups = material.context.numbers.groups(*BY_DAY, period=period.label)
    return groups[0]["first_reported"] if groups else None


def as_reported(material: Material, name: str, period: Period, days: Days) -> Number:
    """The number as it was first reported."""
    return material.context.numbers.one(name, period.label, {"first_reported": days[period]})


def told_number(material: Material, name: str, period: Period, group: Group) -> Number | None:
    """The number; None where nothing moved for that cause or account."""
    try:
        return material.context.numbers.one(name, period.label, group)
    except KeyError:
        return None


def moved_since(material: Material, name: str, period: Period, days: Days) -> float | None:
    """How far the metric has moved since it was first reported."""
    was, now = as_reported(material, name, period, days).value, material.value(name, period)
    return None if was is None or now is None else now - was


def groups(material: Material, by: Sequence[str], period: Period) -> tuple[Group, ...]:
    """The causes or accounts that anything of the period is told of."""
    return material.context.numbers.groups(*by, period=period.label)


def told_causes(material: Material, days: Days, names: Sequence[str]) -> tuple[Cause, ...]:
    """Causes that moved one of the metrics in one of the periods, in their order."""
    found = {
        group["cause"]
        for period in days
        for group in groups(material, BY_CAUSE, period)
        if any(told_number(material, name, period, group) for name in names)
    }
    return tuple(cause for cause in Cause if cause.value in found)
