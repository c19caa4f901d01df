"""Bridges as rows of the tidy long table."""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction

import polars as pl

from engine.metrics.bridge import EFFECTS
from engine.metrics.model import Unit
from engine.metrics.numbers import SCHEMA, group_text
from engine.metrics.shift import Shift

EFFECT, EXPLAINED, VOLUME = "effect", "explained", "volume"


def shift_rows(found: Shift, period: str) -> pl.DataFrame:
    """A row per effect, in total and by group, of the ratio and of its numerator."""
    name, unit = found.metric.id, found.metric.unit
    ratio, numerator = found.ratio, found.numerator
    ends = {"start": ratio.start, "end": ratio.end}
    rows = [_row(name, period, {EFFECT: each}, value, unit) for each, value in ends.items()]
    rows += [
        _row(name, period, {EFFECT: each}, value, unit) for each, value in ratio.effects.items()
    ]
    for group, effects in ratio.groups.items():
        labels: dict[str, str] = json.loads(group)
        rows += [
            _row(name, period, {**labels, EFFECT: each}, value, unit)
            for each, value in zip(EFFECTS, effects, strict=True)
        ]
    sums = {"start": numerator.start, VOLUME: numerator.volume, **numerator.effects}
    above = Unit.MONEY if unit.is_money else Unit.COUNT
    rows += [
        _row(found.metric.numerator, period, {EFFECT: each}, value, above)
        for each, value in (sums | {"end": numerator.end}).items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def ranking_rows(found: Iterable[Shift], period: str) -> pl.DataFrame:
    """A row per dimension and effect, and how much of all movement the dimension explains.

    The bridges of the numerator say which ratio's they are, as several share a numerator.
    """
    rows: list[tuple[object, ...]] = []
    for each in found:
        effects = each.ratio.effects
        (dimension,) = each.by
        named = {"dimension": dimension}
        rows.append(
            _row(each.metric.id, period, {**named, EFFECT: EXPLAINED}, each.explained, Unit.RATIO)
        )
        rows += [
            _row(each.metric.id, period, {**named, EFFECT: effect}, value, each.metric.unit)
            for effect, value in effects.items()
        ]
        above = Unit.MONEY if each.metric.unit.is_money else Unit.COUNT
        whose = {"ratio": each.metric.id, **named}
        rows += [
            _row(each.metric.numerator, period, {**whose, EFFECT: effect}, value, above)
            for effect, value in {VOLUME: each.numerator.volume, **each.numerator.effects}.items()
        ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(
    metric: str, period: str, group: Mapping[str, str], value: Fraction, unit: Unit
) -> tuple[object, ...]:
    figure = float(value)
    return (
        metric,
        period,
        ",".join(group),
        group_text(group),
        figure,
        None,
        figure,
        unit.value,
        None,
    )
