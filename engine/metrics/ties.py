"""How a bridge by account ties to the monthly movements between its two dates."""

import polars as pl

from engine.facts.book import Book
from engine.metrics.movements import KINDS, movements
from engine.money import MICRO
from engine.period import Period

#: What an account is, seen from the two dates alone.
CLASSES = ("continuing", "entered", "exited", "round trip")

_MOVES = (*KINDS[:5], "fx")


def ties(book: Book, start: Period, end: Period) -> list[dict[str, object]]:
    """One row a class of account: its monthly movements after ``start`` up to ``end``.

    Accounts that pay at both dates continue; those of one date entered (new or returned) or
    exited; those of neither made a round trip within. In each row the kinds add up to
    ``change``, MRR at the end less MRR at the start; money in major units.
    """
    sums = book.counted(("class",), tied, start, end)
    found = {row["class"]: row for row in sums.iter_rows(named=True)}
    return [_row(name, found.get(name)) for name in CLASSES]


def tied(book: Book, start: Period, end: Period) -> pl.DataFrame:
    """One row per class that there is: ``accounts``, and their movements in micro-units."""
    months = range(start.closing + 1, end.closing + 1)
    moved = (
        movements(book, months, ("account_id",))
        .lazy()
        .group_by("account_id")
        .agg(pl.col(_MOVES).sum())
    )
    classed = moved.join(_classes(book, start, end), on="account_id", how="left").with_columns(
        pl.col("class").fill_null(CLASSES[3])
    )
    has_moved = pl.any_horizontal(pl.col(_MOVES) != 0)
    classed = classed.filter((pl.col("class") != CLASSES[3]) | has_moved)
    accounts = pl.len().cast(pl.Int64).alias("accounts")
    return classed.group_by("class").agg(accounts, pl.col(_MOVES).sum()).collect()


def _classes(book: Book, start: Period, end: Period) -> pl.LazyFrame:
    """``account_id`` and ``class`` of accounts that pay at one of the dates or both."""
    paying = book.account_months.lazy().filter("is_paying")
    ends = [
        paying.filter(pl.col("month_number") == period.closing).select(
            "account_id", pl.lit(value=True).alias(name)
        )
        for name, period in (("was", start), ("is", end))
    ]
    both = ends[0].join(ends[1], on="account_id", how="full", coalesce=True)
    name = (
        pl.when(pl.col("was").fill_null(False) & pl.col("is").fill_null(False))
        .then(pl.lit(CLASSES[0]))
        .when("is")
        .then(pl.lit(CLASSES[1]))
        .otherwise(pl.lit(CLASSES[2]))
    )
    return both.select("account_id", name.alias("class"))


def _row(name: str, sums: dict[str, int] | None) -> dict[str, object]:
    micro = {kind: sums[kind] if sums else 0 for kind in _MOVES}
    money = {kind: value / MICRO for kind, value in micro.items()}
    count = sums["accounts"] if sums else 0
    return {"class": name, "accounts": count, **money, "change": sum(micro.values()) / MICRO}
