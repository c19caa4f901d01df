"""Evaluation: one sum divided by another, last, for any periods and dimensions."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import polars as pl

from engine.errors import UsageError, nearest
from engine.facts.book import Book
from engine.facts.derived import Cut
from engine.metrics import sheets
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.formula import (
    PER_MAJOR,
    Lookup,
    denominator,
    leaves,
    numerator,
    reason,
    value,
)
from engine.metrics.measures import MEASURES, lacking
from engine.metrics.model import Metric
from engine.metrics.numbers import SCHEMA, group_text
from engine.money import MICRO
from engine.period import Period
from engine.policy import Policy


def definition(name: str, policy: Policy) -> Metric:
    """The metric's definition under the policy; an unknown name is a UsageError."""
    if name not in DEFINITIONS:
        raise UsageError("metric", f"no metric is called `{name}`", hint=nearest(name, DEFINITIONS))
    return DEFINITIONS[name].under(policy)


def evaluate(
    book: Book, metrics: Iterable[str], period: Period, by: Sequence[str] = ()
) -> pl.DataFrame:
    """One row per metric and group, groups in the order of their labels.

    The groups are all that the period's opening, closing, movements or any measure asked for
    knows, so no metric lacks a row that another has.

    Returns:
        ``numbers.SCHEMA``: sums in major units where they are money; ``value`` is null exactly
        where ``reason`` says why.
    """
    asked = [definition(name, book.policy) for name in metrics]
    by = Cut(by, period.months)
    names = {leaf for metric in asked for leaf in leaves(metric, _lookup(book))}
    lacks = {name: why for name in names if (why := lacking(book, name, by))}
    wide = _wide(book, names - lacks.keys(), period, by)
    rows = [_rows(book, metric, period, wide, by, lacks) for metric in asked]
    return pl.concat(rows) if rows else pl.DataFrame(schema=SCHEMA)


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
    if why := next(filter(None, (lacking(book, name, by) for name in sides)), None):
        raise UsageError("bridge", f"`{metric.id}` cannot be had: {why}")
    wide = _wide(book, sides, period, Cut(by, period.months))
    columns = [wide["group"], *(wide[name].fill_null(0) for name in sides)]
    units = [MICRO if MEASURES[name].is_money else 1 for name in sides]
    return {
        group: (Fraction(top * metric.factor, units[0]), Fraction(below, units[1]))
        for group, top, below in zip(*columns, strict=True)
    }


def _wide(book: Book, names: Iterable[str], period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row a group: ``by``, ``group`` (JSON text) and the measures."""
    wanted = list(dict.fromkeys(MEASURES[name].sheet for name in sorted(names)))
    if by and wanted and sheets.movement not in wanted and lacking(book, "mrr", by) is None:
        wanted.append(sheets.movement)  # it knows every group of the opening and the closing
    frames = [sheet(book, period, by) for sheet in wanted]
    wide = _groups(frames, by)
    for frame in frames:
        wide = _beside(wide, frame, by)
    return wide.with_columns(pl.Series(PER_MAJOR, [float(MICRO)] * wide.height))


def _groups(frames: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    if not by:
        return pl.DataFrame({"group": ["{}"]})
    if not frames:
        return pl.DataFrame(schema={**dict.fromkeys(by, pl.String()), "group": pl.String()})
    groups = pl.concat([frame.select(by) for frame in frames]).unique().sort(by)
    texts = [group_text(dict(zip(by, row, strict=True))) for row in groups.iter_rows()]
    return groups.with_columns(pl.Series("group", texts, dtype=pl.String))


def _beside(wide: pl.DataFrame, frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Both frames' columns; a group that one lacks adds up to zero there."""
    fresh = [column for column in frame.columns if column not in by]
    if not by:
        return pl.concat([wide, frame.select(fresh)], how="horizontal")
    joined = wide.join(frame, on=list(by), how="left", maintain_order="left")
    return joined.with_columns(pl.col(fresh).fill_null(0))


def _rows(
    book: Book,
    metric: Metric,
    period: Period,
    wide: pl.DataFrame,
    by: Sequence[str],
    lacks: dict[str, str],
) -> pl.DataFrame:
    """The metric's rows in ``SCHEMA``."""
    lookup = _lookup(book)
    missing = next((lacks[leaf] for leaf in leaves(metric, lookup) if leaf in lacks), None)
    identity = {
        "metric": pl.lit(metric.id),
        "period": pl.lit(period.label),
        "by": pl.lit(",".join(by)),
        "group": pl.col("group"),
        "unit": pl.lit(metric.unit.value),
    }
    if missing is None:
        values = {
            "numerator": numerator(metric, lookup),
            "denominator": denominator(metric, lookup),
            "value": value(metric, lookup),
            "reason": reason(metric, lookup),
        }
    else:
        nothing = dict.fromkeys(("numerator", "denominator", "value"), pl.lit(None, pl.Float64))
        values = {**nothing, "reason": pl.lit(missing)}
    return wide.select(**identity, **values).select(
        pl.col(name).cast(kind) for name, kind in SCHEMA.items()
    )


def _lookup(book: Book) -> Lookup:
    return lambda name: definition(name, book.policy)
