"""Evaluation: one sum divided by another, last, for any periods and dimensions."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import polars as pl

from engine.errors import UsageError, nearest
from engine.facts.book import Book
from engine.facts.derived import Cut
from engine.facts.keys import keys
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.formula import PER_MAJOR, Lookup, denominator, leaves, numerator, reason, value
from engine.metrics.measures import MEASURES, lacking
from engine.metrics.model import Metric
from engine.metrics.numbers import SCHEMA
from engine.metrics.wide import wide
from engine.money import MICRO
from engine.period import Period
from engine.policy import Policy

_FIGURES = ("numerator", "denominator", "value", "reason")
_PLACE = "place of the period"
_KEYS = (_PLACE, "period", "group")


def definition(name: str, policy: Policy) -> Metric:
    """The metric's definition under the policy; an unknown name is a UsageError."""
    if name not in DEFINITIONS:
        raise UsageError("metric", f"no metric is called `{name}`", hint=nearest(name, DEFINITIONS))
    return DEFINITIONS[name].under(policy)


def evaluate(
    book: Book, metrics: Iterable[str], period: Period, by: Sequence[str] = ()
) -> pl.DataFrame:
    """One row per metric and group (see ``wide``), so no metric lacks a row that another has.

    Returns:
        ``numbers.SCHEMA``: sums in major units where they are money; ``value`` is null exactly
        where ``reason`` says why.
    """
    return evaluated(book, metrics, (period,), by)


def evaluated(
    book: Book, metrics: Iterable[str], periods: Sequence[Period], by: Sequence[str] = ()
) -> pl.DataFrame:
    """``evaluate`` of each period, one after the other."""
    asked = [definition(name, book.policy) for name in metrics]
    lookup = _lookup(book.policy)
    names = {leaf for metric in asked for leaf in leaves(metric, lookup)}
    alike: dict[tuple[tuple[str, str], ...], list[pl.DataFrame]] = {}
    for place, period in enumerate(periods if asked else ()):
        cut = Cut(keys(by), period.months)
        lacks = {name: why for name in sorted(names) if (why := lacking(book, name, cut))}
        sides = wide(book, names - lacks.keys(), period, cut)
        told = sides.with_columns(pl.lit(place).alias(_PLACE), pl.lit(period.label).alias("period"))
        alike.setdefault(tuple(lacks.items()), []).append(told)
    if not book.is_counted or not alike:
        return pl.DataFrame(schema=SCHEMA)
    frames = [_rows(pl.concat(sides), asked, lookup, dict(why)) for why, sides in alike.items()]
    rows = pl.concat(frames).sort(_PLACE, maintain_order=True)
    return rows.select(pl.lit(",".join(by)).alias("by"), pl.exclude(_PLACE)).select(SCHEMA.names())


def sums(
    book: Book, metric: Metric, period: Period, by: Sequence[str]
) -> dict[str, tuple[Fraction, Fraction]]:
    """Numerator and denominator by group (JSON text), exactly, in major units.

    Raises:
        UsageError: The metric is not one sum over another, or cannot be had by ``by``.
    """
    sides = (*metric.tops, *metric.bottoms)
    if len(sides) != 2 or not all(name in MEASURES for name in sides) or metric.transform:
        raise UsageError(
            "bridge",
            f"`{metric.id}` is not one sum divided by another, so its change has no bridge",
            hint="take a ratio such as arpu, arpa, arppu, arpu_annual, nrr or win_rate",
        )
    cut = Cut(keys(by), period.months)
    if why := next(filter(None, (lacking(book, name, cut) for name in sides)), None):
        raise UsageError("bridge", f"`{metric.id}` cannot be had: {why}")
    found = wide(book, sides, period, cut)
    columns = [found["group"], *(found[name].fill_null(0) for name in sides)]
    units = [MICRO if MEASURES[name].is_money else 1 for name in sides]
    return {
        group: (Fraction(top * metric.factor, units[0]), Fraction(below, units[1]))
        for group, top, below in zip(*columns, strict=True)
    }


def _figures(metric: Metric, lookup: Lookup, lacks: Mapping[str, str]) -> dict[str, pl.Expr]:
    """The metric's ``_FIGURES``; without values where a measure of it cannot be had."""
    missing = next((lacks[leaf] for leaf in leaves(metric, lookup) if leaf in lacks), None)
    if missing is not None:
        nothing = dict.fromkeys(_FIGURES[:3], pl.lit(None, pl.Float64))
        return {**nothing, "reason": pl.lit(missing)}
    return {
        "numerator": numerator(metric, lookup),
        "denominator": denominator(metric, lookup),
        "value": value(metric, lookup),
        "reason": reason(metric, lookup),
    }


def _rows(
    sides: pl.DataFrame, asked: Iterable[Metric], lookup: Lookup, lacks: Mapping[str, str]
) -> pl.DataFrame:
    """The figures of all metrics below one another, with ``_KEYS``."""
    figures = {metric: _figures(metric, lookup, lacks) for metric in asked}
    columns = [
        figure.cast(SCHEMA[name]).alias(f"{metric.id} {name}")
        for metric, found in figures.items()
        for name, figure in found.items()
    ]
    units = pl.Series(PER_MAJOR, [float(MICRO)] * sides.height, dtype=pl.Float64)
    # From its columns again, as one of equal values would count as a constant.
    found = pl.DataFrame([*sides.get_columns(), units]).select(*_KEYS, *columns)
    frames = [
        found.select(
            *_KEYS,
            pl.lit(metric.id).alias("metric"),
            pl.lit(metric.unit.value).alias("unit"),
            *[pl.col(f"{metric.id} {name}").alias(name) for name in _FIGURES],
        )
        for metric in figures
    ]
    return pl.concat(frames)


def _lookup(policy: Policy) -> Lookup:
    found: dict[str, Metric] = {}

    def lookup(name: str) -> Metric:
        if name not in found:
            found[name] = definition(name, policy)
        return found[name]

    return lookup
