"""The pipeline: what was created, won and lost, and what is open."""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book
from engine.facts.keys import spoken
from engine.metrics.sheets import grouped
from engine.money import MICRO
from engine.period import Period

COUNTS = ("opportunities_created", "opportunities_won", "opportunities_closed")
VALUES = ("won_value", "closed_value", "pipeline_created", "pipeline_open")


def pipeline(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Counts and values of the period's opportunities; the median days from creation to win."""
    return of_touched(_touched(book, period, by), period, by)


def touched(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row per opportunity that the sheet counts: ``by`` and what it is counted by."""
    columns = ("created_on", "close_on", "is_closed", "is_won", "amount")
    return _touched(book, period, by).select(*by, *columns).collect()


def of_touched(rows: pl.LazyFrame, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The sheet of ``pipeline`` from rows of ``touched``."""
    within, created, known, is_next = _days(period)
    closed = within & pl.col("is_closed")
    won = closed & pl.col("is_won")
    done = pl.col("is_closed") & (pl.col("close_on") <= period.last_day)
    still_open = known & ~done & is_next
    days = (pl.col("close_on") - pl.col("created_on")).dt.total_days()
    columns = [
        *[
            flag.sum().cast(pl.Int64).alias(name)
            for name, flag in zip(COUNTS, (created, won, closed), strict=True)
        ],
        *[
            pl.col("amount").filter(flag).sum().alias(name)
            for name, flag in zip(VALUES, (won, closed, created, still_open), strict=True)
        ],
        days.filter(won).median().alias("cycle_median"),
    ]
    return grouped(rows, by, columns)


def _touched(book: Book, period: Period, by: Sequence[str]) -> pl.LazyFrame:
    within, created, known, is_next = _days(period)
    month = pl.lit(period.closing, pl.Int32).alias("month_number")
    rows = book.opportunities(created | within | (is_next & known), period.closing)
    return book.keyed(rows.lazy().with_columns(month), by)


def _days(period: Period) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Closes within the period; created within it; created by its end; closes in the next."""
    following = period.before(-1)
    closes, created = pl.col("close_on"), pl.col("created_on")
    return (
        closes.is_between(period.first_day, period.last_day),
        created.is_between(period.first_day, period.last_day),
        created <= period.last_day,
        closes.is_between(following.first_day, following.last_day),
    )


def plan(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The target of new ARR for the period after this one; null where there is none."""
    following = period.before(-1).label
    table = book.sources.targets
    assert table is not None  # noqa: S101  a sheet is asked only where its table is
    here = {"period", "metric", "value", *by, *spoken(by)}
    groups = [name for name in table.collect_schema().names() if name not in here]
    rows = table.filter(
        pl.col("period").str.to_uppercase() == following,
        pl.col("metric") == "new_arr",
        *[pl.col(name).is_null() for name in groups],
        *[pl.col(name).is_not_null() for name in by],
    ).with_columns(pl.col(name).cast(pl.String) for name in by)
    micro = (pl.col("value") * MICRO).round().cast(pl.Int64).sum()
    total = pl.when(pl.len() > 0).then(micro).alias("new_arr_target")
    return (rows.group_by(*by).agg(total) if by else rows.select(total)).collect()
