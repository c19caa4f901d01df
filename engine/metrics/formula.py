"""A definition turned into expressions over one row of sums a group."""

from collections.abc import Callable, Iterator

import polars as pl

from engine.metrics.measures import MEASURES
from engine.metrics.model import Metric, Transform

#: The definition of a metric under the policy in force.
Lookup = Callable[[str], Metric]

#: Column of micro-units in a major unit. Polars multiplies by the reciprocal where it divides
#: by a constant, which is off by a last digit; by a column it divides.
PER_MAJOR = "micro-units in a major unit"

_NONE = pl.lit(None, pl.Float64)


def leaves(metric: Metric, lookup: Lookup) -> Iterator[str]:
    """Measures that the metric is in the end made of, those of its numerator first."""
    for name in (*metric.tops, *metric.bottoms, *([metric.needs] if metric.needs else [])):
        if name in MEASURES:
            yield name
        else:
            yield from leaves(lookup(name), lookup)


def numerator(metric: Metric, lookup: Lookup) -> pl.Expr:
    """What stands above the line, money in major units."""
    return _product(metric.tops, lookup, metric.factor)


def denominator(metric: Metric, lookup: Lookup) -> pl.Expr:
    """What stands below the line; null for sums and counts."""
    if not metric.bottoms:
        return _NONE
    below = _product(metric.bottoms, lookup)
    if not metric.floor:
        return below
    return pl.when(below.is_not_null()).then(pl.max_horizontal(below, pl.lit(metric.floor)))


def value(metric: Metric, lookup: Lookup) -> pl.Expr:
    """The quotient, divided last; null where there is nothing below the line."""
    top = numerator(metric, lookup)
    if metric.needs:
        top = pl.when(_term(metric.needs, lookup) != 0).then(top)
    if not metric.bottoms:
        return top
    below = denominator(metric, lookup)
    quotient = pl.when(below != 0).then(top / below)
    if metric.transform is Transform.OVER_A_YEAR:
        return 1 - (1 - quotient) ** 12
    return quotient


def reason(metric: Metric, lookup: Lookup) -> pl.Expr:
    """Why there is no value, in words; null where there is one."""
    nested = [name for name in (*metric.tops, *metric.bottoms) if name not in MEASURES]
    reasons = [reason(lookup(name), lookup) for name in nested]
    required = () if metric.floor else metric.bottoms
    required += (metric.needs,) if metric.needs else ()
    reasons += [
        pl.when(_term(name, lookup) == 0).then(pl.lit(_nothing(name, lookup))) for name in required
    ]
    reasons += [
        pl.when(pl.col(name).is_null()).then(pl.lit(MEASURES[name].unknown))
        for name in (*metric.tops, *metric.bottoms)
        if name in MEASURES
    ]
    return pl.coalesce(*reasons, pl.lit(None, pl.String))


def _product(names: tuple[str, ...], lookup: Lookup, factor: int = 1) -> pl.Expr:
    product = _term(names[0], lookup, factor)
    for name in names[1:]:
        product *= _term(name, lookup)
    return product


def _term(name: str, lookup: Lookup, factor: int = 1) -> pl.Expr:
    if name not in MEASURES:
        return value(lookup(name), lookup) * factor
    whole = pl.col(name) if factor == 1 else pl.col(name).cast(pl.Int128) * factor
    whole = whole.cast(pl.Float64)
    return whole / pl.col(PER_MAJOR) if MEASURES[name].is_money else whole


def _nothing(name: str, lookup: Lookup) -> str:
    if name in MEASURES:
        return MEASURES[name].nothing
    metric = lookup(name)
    return metric.nothing or f"{metric.title[0].lower()}{metric.title[1:]} is zero"
