"""Answers to what pages ask, in total or within one value of some dimensions.

A pack of one region holds exactly that region's row of every metric, so it ties to the whole:
attributes are read on the day that each metric reads them, and what moved in from another
region is a transfer.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

import polars as pl

from engine.errors import UsageError
from engine.facts.book import Book
from engine.metrics.asks import (
    Ask,
    CohortRequest,
    PlanRequest,
    RankingRequest,
    ShiftRequest,
    between,
    dimensions_of,
    together,
)
from engine.metrics.bridge import Sums
from engine.metrics.cohort_rows import cohort_rows
from engine.metrics.cohorts import cohorts
from engine.metrics.evaluate import definition, evaluated, sums
from engine.metrics.model import Metric
from engine.metrics.numbers import SCHEMA, Request
from engine.metrics.plan import plan_rows
from engine.metrics.reconciliation import Line, reconcile
from engine.metrics.scope import Scope, within
from engine.metrics.shift import Shift, shift
from engine.metrics.shift_rows import ranking_rows, shift_rows
from engine.period import Period

Periods = Mapping[str, Period]
_Result = TypeVar("_Result")


class Answers:
    """Answers from one book, each count made once whatever the scopes that it is read within."""

    def __init__(self, book: Book, periods: Periods, dimensions: Collection[str]) -> None:
        """Takes facts, each period that will be asked for, and what facts are kept apart by."""
        self._book, self._periods, self._dimensions = book, periods, frozenset(dimensions)
        self._counted: dict[tuple[Request, tuple[str, ...]], pl.DataFrame] = {}
        self._tables: dict[tuple[CohortRequest, tuple[str, ...]], pl.DataFrame] = {}
        self._sums: dict[tuple[str, str, tuple[str, ...]], Sums] = {}
        self._lines: dict[tuple[str, tuple[str, ...]], tuple[Line, ...]] = {}

    def foreseen(self, work: "Callable[[Answers], _Result]") -> _Result:
        """What work makes of the answers, where what it will ask may be counted all at once."""

        def of(book: Book) -> _Result:
            if book is self._book:
                return work(self)
            return work(Answers(book, self._periods, self._dimensions))

        return self._book.foreseen(of)

    def rows(self, asks: Collection[Ask], scope: Scope) -> pl.DataFrame:
        """Rows of ``numbers.SCHEMA`` for all of them."""
        frames = [self._rows(ask, scope) for ask in together(asks) if self._can(ask)]
        return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)

    def reconciled(self, period: Period, dimensions: Sequence[str]) -> tuple[Line, ...]:
        """Everything that should agree for the period, compared once; raises as `reconcile`."""
        key = (period.label, tuple(dimensions))
        if key not in self._lines:
            self._lines[key] = reconcile(self._book, period, dimensions)
        return self._lines[key]

    def _can(self, ask: Ask) -> bool:
        """Whether facts are kept apart by all that the ask is cut by; a ranking takes what is."""
        is_ranking = isinstance(ask, RankingRequest)
        return is_ranking or self._dimensions.issuperset(dimensions_of(ask))

    def _rows(self, ask: Ask, scope: Scope) -> pl.DataFrame:
        """None for a cohort table, a bridge or a plan that there is not."""
        match ask:
            case Request():
                return self._metrics(ask, scope)
            case CohortRequest():
                return self._cohorts(ask, scope)
            case ShiftRequest():
                return self._shift(ask, scope)
            case RankingRequest():
                return self._ranking(ask, scope)
            case PlanRequest():
                return plan_rows(self._book.sources.targets, ask.periods, scope)

    def _metrics(self, ask: Request, scope: Scope) -> pl.DataFrame:
        by = _cut(scope, ask.by)
        if (ask, by) not in self._counted:
            periods = [self._periods[text] for text in ask.periods]
            self._counted[ask, by] = evaluated(self._book, ask.metrics, periods, by)
        return _largest(within(self._counted[ask, by], scope), ask.most)

    def _cohorts(self, ask: CohortRequest, scope: Scope) -> pl.DataFrame:
        by, period = _cut(scope, ask.by), self._periods[ask.period]
        if (ask, by) not in self._tables:
            try:
                found = cohorts(self._book, period.closing, by, by_month=ask.by_month)
            except UsageError:
                return pl.DataFrame(schema=SCHEMA)
            self._tables[ask, by] = found.with_columns(pl.lit(",".join(by)).alias("by"))
        return cohort_rows(within(self._tables[ask, by], scope), period)

    def _shift(self, ask: ShiftRequest, scope: Scope) -> pl.DataFrame:
        found = self._bridges(ask.metric, (ask.by,), ask.start, ask.end, scope)
        frames = [shift_rows(each, between(ask.start, ask.end)) for each in found]
        return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)

    def _ranking(self, ask: RankingRequest, scope: Scope) -> pl.DataFrame:
        found = self._bridges(ask.metric, ask.dimensions, ask.start, ask.end, scope)
        return ranking_rows(found, between(ask.start, ask.end))

    def _bridges(
        self, name: str, dimensions: Collection[str], start: str, end: str, scope: Scope
    ) -> Iterator[Shift]:
        """Those over a dimension that the metric has a bridge over within the scope."""
        metric = definition(name, self._book.policy)
        ends = (self._periods[start], self._periods[end])
        for dimension in dimensions:
            if dimension in scope or dimension not in self._dimensions:
                continue
            try:
                yield shift(self._summed, metric, (dimension,), *ends, scope)
            except UsageError:
                continue

    def _summed(self, metric: Metric, period: Period, by: Sequence[str]) -> Sums:
        key = (metric.id, period.label, tuple(by))
        if key not in self._sums:
            self._sums[key] = sums(self._book, metric, period, by)
        return self._sums[key]


def _cut(scope: Scope, by: Sequence[str]) -> tuple[str, ...]:
    """What to count by, the dimensions of the scope first."""
    return (*scope, *(name for name in by if name not in scope))


def _largest(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Of each metric and period the groups at both ends; ties go by their labels."""
    if not most:
        return rows
    known = rows.filter(pl.col("value").is_not_null(), pl.col("value") != 0)
    keys = ("metric", "period")
    ranked = known.sort(*keys, "value", "group", descending=[False, False, True, False])
    place = pl.int_range(pl.len()).over(*keys)
    from_end = pl.len().over(*keys) - place
    return ranked.filter((place < most) | (from_end <= most))
