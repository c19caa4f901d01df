"""A metric at one step: the sums behind it and its value, as exact fractions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.facts.book import Book
from engine.facts.derived import Cut
from engine.facts.keys import keys
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.formula import leaves
from engine.metrics.measures import MEASURES, lacking
from engine.metrics.model import Metric, Transform
from engine.metrics.restatement.rules import Rules
from engine.metrics.scope import Scope, inside
from engine.metrics.wide import wide
from engine.money import MICRO
from engine.period import Period

#: Measure → what it adds up to, money in micro-units (a median may be half of one); None: unknown.
Sums = Mapping[str, int | float | None]

_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """Every group's sums at one step.

    Attributes:
        groups: By the group's JSON text.
        nothing: The sums of a group that is not there yet, or no more.
        lacks: Measures that cannot be had at all, and why.
        definitions: Of every metric, as the rules have it.
    """

    rules: Rules
    definitions: Mapping[str, Metric]
    groups: Mapping[str, Sums]
    nothing: Sums
    lacks: Mapping[str, str]

    def sums(self, group: str) -> Sums:
        """The group's sums."""
        return self.groups.get(group, self.nothing)

    def reading(self, name: str, group: str) -> "Reading":
        """The metric of the group, money in major units."""
        metric, sums = self.definitions[name], self.sums(group)
        top = _product(metric.tops, sums, self.definitions.__getitem__, metric.factor)
        below = _below(metric, sums, self.definitions.__getitem__) if metric.bottoms else None
        return Reading(
            top, below, _value(metric, sums, self.definitions.__getitem__), _shape(metric)
        )

    def reason(self, name: str, group: str) -> str | None:
        """Why the metric of the group has no value; None where it has one."""
        metric, sums = self.definitions[name], self.sums(group)
        if _value(metric, sums, self.definitions.__getitem__) is not None:
            return None
        for leaf in leaves(metric, self.definitions.__getitem__):
            if leaf in self.lacks:
                return self.lacks[leaf]
            if sums[leaf] is None:
                return MEASURES[leaf].unknown
        below = [each for each in (*metric.bottoms, metric.needs) if each in MEASURES]
        zero = (MEASURES[each].nothing for each in below if not sums[each])
        return next(zero, metric.nothing or "nothing to divide by")


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric of one group at one step.

    Attributes:
        shape: ``sum``: one measure; ``ratio``: one measure over another; else neither.
    """

    top: Fraction | None
    below: Fraction | None
    value: Fraction | None
    shape: str


def measured(
    book: Book,
    rules: Rules,
    metrics: Sequence[str],
    period: Period,
    by: Sequence[str],
    scope: Scope,
) -> Measured:
    """The sums that those metrics are made of, by group, within the scope."""
    cut = Cut(keys((*scope, *by)), period.months)
    known = {name: rules.definition(name) for name in dict.fromkeys((*metrics, *DEFINITIONS))}
    names = {leaf for name in metrics for leaf in leaves(known[name], known.__getitem__)}
    lacks = {name: why for name in names if (why := lacking(book, name, cut))}
    wanted = sorted(names - lacks.keys())
    rows = wide(book, wanted, period, cut).select("group", *wanted).iter_rows(named=True)
    groups = {row["group"]: {name: row[name] for name in wanted} for row in rows}
    nothing = dict.fromkeys(wanted, 0)
    return Measured(rules, known, inside(groups, scope), nothing, lacks)


def _shape(metric: Metric) -> str:
    sides = (*metric.tops, *metric.bottoms)
    if metric.needs or metric.floor or metric.transform or not all(n in MEASURES for n in sides):
        return "other"
    return {(1, 0): "sum", (1, 1): "ratio"}.get((len(metric.tops), len(metric.bottoms)), "other")


def _value(metric: Metric, sums: Sums, lookup: Callable[[str], Metric]) -> Fraction | None:
    top = _product(metric.tops, sums, lookup, metric.factor)
    if top is None or (metric.needs and not _term(metric.needs, sums, lookup)):
        return None
    if not metric.bottoms:
        return top
    below = _below(metric, sums, lookup)
    if not below:
        return None
    quotient = top / below
    if metric.transform is Transform.OVER_A_YEAR:
        return 1 - (1 - quotient) ** 12
    return quotient


def _below(metric: Metric, sums: Sums, lookup: Callable[[str], Metric]) -> Fraction | None:
    below = _product(metric.bottoms, sums, lookup)
    if below is None or not metric.floor:
        return below
    return max(below, Fraction(metric.floor))


def _product(
    names: Sequence[str], sums: Sums, lookup: Callable[[str], Metric], factor: int = 1
) -> Fraction | None:
    product = _ONE * factor
    for name in names:
        term = _term(name, sums, lookup)
        if term is None:
            return None
        product *= term
    return product


def _term(name: str, sums: Sums, lookup: Callable[[str], Metric]) -> Fraction | None:
    if name not in MEASURES:
        return _value(lookup(name), sums, lookup)
    size = sums.get(name)
    if size is None:
        return None
    return Fraction(size) / MICRO if MEASURES[name].is_money else Fraction(size)
