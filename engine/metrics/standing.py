"""What is true on the last day and does not add up, or looks ahead from it."""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book
from engine.metrics.sheets import account_states, grouped, summed
from engine.period import Period

TOP = 10


def concentration(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The median paying account's MRR, and what the ten largest accounts hold."""
    return _concentrated(_paying(book, period, by), by)


def amounts(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row per group and MRR that somebody pays in it, with how many ``accounts`` do."""
    alike = _paying(book, period, by).group_by(*by, "mrr")
    return alike.agg(pl.len().cast(pl.Int64).alias("accounts")).collect()


def of_amounts(rows: pl.LazyFrame, _period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The sheet of ``concentration`` from rows of ``amounts``."""
    each = rows.select(*by, pl.col("mrr").repeat_by("accounts")).explode("mrr")
    return _concentrated(each, by)


def _concentrated(paying: pl.LazyFrame, by: Sequence[str]) -> pl.DataFrame:
    columns = (
        pl.col("mrr").median().alias("account_median"),
        pl.col("mrr").top_k(TOP).sum().alias("top10_mrr"),
    )
    return grouped(paying, by, columns)


def _paying(book: Book, period: Period, by: Sequence[str]) -> pl.LazyFrame:
    return account_states(book, period.closing, by).filter(pl.col("mrr") > 0)


def renewals(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """MRR of paying rows on the last day whose committed term ends in the next period."""
    following = period.before(-1)
    ends_then = pl.col("term_ends_on").is_between(following.first_day, following.last_day)
    rows = book.contracted_where(ends_then, period.closing).lazy()
    return summed(
        book.keyed(rows, by).with_columns(pl.col("mrr").alias("renewals_due")),
        by,
        ("renewals_due",),
    )


def conversion(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Accounts that were live and paid nothing at the opening, and those of them that pay now."""
    opening = account_states(book, period.opening, by)
    whole = account_states(book, period.opening, ()).filter(pl.col("mrr") == 0)
    now = account_states(book, period.closing, ()).select(
        "account_id", pl.col("accounts").alias("free_converted")
    )
    rows = (
        opening.join(whole.select("account_id"), on="account_id", how="semi")
        .join(now, on="account_id", how="left")
        .with_columns(pl.col("free_converted").fill_null(0), pl.lit(1).alias("free_opening"))
    )
    return summed(rows, by, ("free_opening", "free_converted"))
