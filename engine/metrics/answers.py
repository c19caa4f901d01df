"""Answers to what pages ask, in total or within one value of some dimensions.

A pack of one region holds exactly that region's row of every metric, so it ties to the whole:
attributes are read on the day that each metric reads them, and what moved in from another
region is a transfer.
"""

from collections.abc import Collection, Mapping

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
    together,
)
from engine.metrics.cohort_rows import cohort_rows
from engine.metrics.evaluate import definition, evaluate
from engine.metrics.numbers import SCHEMA, Request
from engine.metrics.plan import plan_rows
from engine.metrics.scope import Scope, within
from engine.metrics.shift import Shift, shift
from engine.metrics.shift_rows import ranking_rows, shift_rows
from engine.period import Period

Periods = Mapping[str, Period]


def answers(book: Book, asks: Collection[Ask], periods: Periods, scope: Scope) -> pl.DataFrame:
    """Rows of ``numbers.SCHEMA`` for all of them; ``periods`` holds each that they name."""
    frames = [_answer(book, ask, periods, scope) for ask in together(asks)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def _answer(book: Book, ask: Ask, periods: Periods, scope: Scope) -> pl.DataFrame:
    """Rows of ``numbers.SCHEMA``; none for a bridge or a plan that there is not."""
    match ask:
        case Request():
            return _metrics(book, ask, periods, scope)
        case CohortRequest():
            return cohort_rows(book, periods[ask.period], ask.by, scope, by_month=ask.by_month)
        case ShiftRequest():
            return _shift(book, ask, periods, scope)
        case RankingRequest():
            return _ranking(book, ask, periods, scope)
        case PlanRequest():
            return plan_rows(book.sources.targets, ask.periods, scope)


def _metrics(book: Book, ask: Request, periods: Periods, scope: Scope) -> pl.DataFrame:
    by = (*scope, *(name for name in ask.by if name not in scope))
    frames = [
        _largest(within(evaluate(book, ask.metrics, periods[text], by), scope), ask.most)
        for text in ask.periods
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def _largest(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Of each metric the groups at both ends; those tied are taken in the order of their labels."""
    if not most:
        return rows
    known = rows.filter(pl.col("value").is_not_null(), pl.col("value") != 0)
    ranked = known.sort("metric", "value", "group", descending=[False, True, False])
    place = pl.int_range(pl.len()).over("metric")
    from_end = pl.len().over("metric") - place
    return ranked.filter((place < most) | (from_end <= most))


def _shift(book: Book, ask: ShiftRequest, periods: Periods, scope: Scope) -> pl.DataFrame:
    metric = definition(ask.metric, book.policy)
    start, end = periods[ask.start], periods[ask.end]
    if ask.by in scope:
        return pl.DataFrame(schema=SCHEMA)
    try:
        found = shift(book, metric, (ask.by,), start, end, scope)
    except UsageError:
        return pl.DataFrame(schema=SCHEMA)
    return shift_rows(found, between(ask.start, ask.end))


def _ranking(book: Book, ask: RankingRequest, periods: Periods, scope: Scope) -> pl.DataFrame:
    label = between(ask.start, ask.end)
    ends = (periods[ask.start], periods[ask.end])
    metric, found = definition(ask.metric, book.policy), list[Shift]()
    for dimension in ask.dimensions:
        if dimension in scope:
            continue
        try:
            found.append(shift(book, metric, (dimension,), *ends, scope))
        except UsageError:
            continue
    return ranking_rows(found, label)
