"""Bridges of a metric between two periods, over any dimension, and which dimension tells most."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from engine.errors import UsageError
from engine.metrics.bridge import ZERO, Bridge, SumBridge, Sums, bridge, sum_bridge
from engine.metrics.model import Metric
from engine.metrics.scope import Scope, inside
from engine.period import Period

Summed = Callable[[Metric, Period, Sequence[str]], Sums]


@dataclass(frozen=True, slots=True)
class Shift:
    """A metric's bridge over one dimension, and that of its numerator."""

    metric: Metric
    by: tuple[str, ...]
    start: Period
    end: Period
    ratio: Bridge
    numerator: SumBridge

    @property
    def explained(self) -> Fraction:
        """Share of all movement that composition made, not the groups' own ratios; 0 to 1."""
        sizes = {name: abs(effect) for name, effect in self.ratio.effects.items()}
        whole = sum(sizes.values(), ZERO)
        return (whole - sizes["rate"]) / whole if whole else ZERO


def shift(
    summed: Summed,
    metric: Metric,
    by: Sequence[str],
    start: Period,
    end: Period,
    scope: Scope = MappingProxyType({}),
) -> Shift:
    """The bridge of the metric from one period to another, of all or within ``scope``.

    Args:
        summed: Numerator and denominator of a metric in a period, by group (JSON text).
        metric: A ratio.
        by: The dimensions to split by.
        start: The earlier period, as a rule.
        end: The later one.
        scope: What the groups and their total are within.

    Raises:
        UsageError: The metric has no value in one of the periods, or its denominator does not
            add over the dimension (accounts by product: one account counts in two groups).
    """
    cut = (*scope, *by)
    sides = [inside(summed(metric, period, cut), scope) for period in (start, end)]
    totals = [inside(summed(metric, period, tuple(scope)), scope) for period in (start, end)]
    for period, side, wholes in zip((start, end), sides, totals, strict=True):
        whole = next(iter(wholes.values()), (ZERO, ZERO))
        _require(metric, by, period, list(side.values()), whole)
    ratio, numerator = bridge(*sides), sum_bridge(*sides)
    return Shift(metric, tuple(by), start, end, ratio, numerator)


def ranked(
    summed: Summed, metric: Metric, dimensions: Iterable[str], start: Period, end: Period
) -> list[Shift]:
    """The bridges over those dimensions that have one, those that explain most first.

    Raises:
        UsageError: None has.
    """
    found: list[Shift] = []
    refused: list[UsageError] = []
    for dimension in dimensions:
        try:
            found.append(shift(summed, metric, (dimension,), start, end))
        except UsageError as error:
            refused.append(error)
    if refused and not found:
        raise refused[0]
    return sorted(found, key=lambda each: (-each.explained, each.by))


def document(shift: Shift) -> dict[str, object]:
    """The JSON of SPEC §5, and beside it the bridge of the numerator."""
    names = ("rate", "mix", "entered", "exited", "unattached")
    return {
        "metric": shift.metric.id,
        "from": shift.start.label,
        "to": shift.end.label,
        "start": float(shift.ratio.start),
        "end": float(shift.ratio.end),
        "effects": {name: float(effect) for name, effect in shift.ratio.effects.items()},
        "groups": [
            {"group": _named(group)} | dict(zip(names, map(float, effects), strict=True))
            for group, effects in shift.ratio.groups.items()
        ],
        "numerator": {
            "start": float(shift.numerator.start),
            "end": float(shift.numerator.end),
            "volume": float(shift.numerator.volume),
            "effects": {name: float(each) for name, each in shift.numerator.effects.items()},
        },
    }


def _named(group: str) -> dict[str, str]:
    """The group as it was asked for: ``account`` is the contract's word for ``account_id``."""
    labels = json.loads(group)
    return {"account" if name == "account_id" else name: label for name, label in labels.items()}


def _require(
    metric: Metric,
    by: Sequence[str],
    period: Period,
    groups: Sequence[tuple[Fraction, Fraction]],
    whole: tuple[Fraction, Fraction],
) -> None:
    if not whole[1]:
        raise UsageError("bridge", f"`{metric.id}` has no value in {period.title}")
    added = [sum((pair[side] for pair in groups), ZERO) for side in (0, 1)]
    for name, parts, total in zip(
        (metric.numerator, metric.denominator), added, whole, strict=True
    ):
        if parts != total:
            raise UsageError(
                "bridge",
                f"{name} does not add up over {', '.join(by)}: its groups do not make the total",
                where=f"{metric.id}, {period.title}",
                note="an account that pays for two products counts once in each, and once in all",
                hint="take a dimension of the account, such as segment or region",
            )
