"""Bridges as rows of the tidy long table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import polars as pl

from engine.metrics.bridge import EFFECTS
from engine.metrics.model import Unit
from engine.metrics.numbers import SCHEMA, group_text
from engine.metrics.shift import Shift

#: A row of the table, in the order of its columns.
Record = tuple[object, ...]

EFFECT, EXPLAINED, VOLUME = "effect", "explained", "volume"


def shift_rows(found: Shift, period: str) -> pl.DataFrame:
    """A row per effect, in total and by group, of the ratio; in total of its numerator."""
    rows = list(_totals(found, period))
    for group, effects in found.ratio.groups.items():
        labels: dict[str, str] = json.loads(group)
        rows += [
            _row(found.metric.id, period, {**labels, EFFECT: each}, value, found.metric.unit)
            for each, value in zip(EFFECTS, effects, strict=True)
        ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def ranking_rows(found: Iterable[Shift], period: str) -> pl.DataFrame:
    """The totals over each dimension, and how much of all movement the dimension explains."""
    rows: list[Record] = []
    for each in found:
        key = {**_dimension(each), EFFECT: EXPLAINED}
        rows.append(_row(each.metric.id, period, key, each.explained, Unit.RATIO))
        rows += _totals(each, period)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _totals(found: Shift, period: str) -> Iterator[Record]:
    """Both bridges over the dimension; the numerator's says which ratio's it is."""
    metric, key = found.metric, _dimension(found)
    for effect, value in found.ratio.effects.items():
        yield _row(metric.id, period, {**key, EFFECT: effect}, value, metric.unit)
    unit = Unit.MONEY if metric.unit.is_money else Unit.COUNT
    for effect, value in {VOLUME: found.numerator.volume, **found.numerator.effects}.items():
        whose = {"ratio": metric.id, **key, EFFECT: effect}
        yield _row(metric.numerator, period, whose, value, unit)


def _dimension(found: Shift) -> dict[str, str]:
    (dimension,) = found.by
    return {"dimension": dimension}


def _row(metric: str, period: str, group: Mapping[str, str], value: Fraction, unit: Unit) -> Record:
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
