"""What expansion and contraction came from: products, seats, or price.

Per account that stays and product, at the later month's rate. A product gained or lost is
``product``; the change in paid seats times the mean of the two ends' MRR per paid seat is
``seats``; the rest (price, plan, term, discount) is ``price``.
"""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book
from engine.facts.states import seats
from engine.metrics.movements import events
from engine.metrics.sheets import summed
from engine.money import half_even
from engine.period import Period

LEVERS = ("lever_seats", "lever_price", "lever_product")

_KEYS = ("account_id", "product", "month_number")


def levers(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """A sheet of ``LEVERS``; ``by`` may hold ``product`` and attributes of the account.

    They are booked in the group of the month's opening if the account shrank, else in that
    of its closing.
    """
    steps = _pulled(_ends(book, period.months)).join(
        events(book, period.months).filter(pl.col("event") == "stayed"),
        on=["account_id", "month_number"],
        how="semi",
    )
    shrank = pl.col("change").sum().over("account_id", "month_number") < 0
    day = pl.col("month_number") - shrank.cast(pl.Int32)
    return summed(book.keyed(steps.with_columns(day), by), by, LEVERS)


def _ends(book: Book, months: range) -> pl.LazyFrame:
    """One row per account, product and month: MRR at the later rate and paid seats, both ends."""
    wanted = pl.col("month_number").is_between(months[0] - 1, months[-1])
    product = "product" if "product" in book.own_columns else pl.lit("").alias("product")
    paid, _ = seats(book.states)
    states = (
        book.states.filter(wanted)
        .select("account_id", product, "month_number", "mrr", "mrr_next", paid)
        .group_by(_KEYS)
        .sum()
    )
    zero = pl.lit(0, pl.Int64)
    now = states.select(
        *_KEYS,
        zero.alias("mrr_then"),
        zero.alias("seats_then"),
        pl.col("mrr").alias("mrr_now"),
        pl.col("paid_seats").alias("seats_now"),
    )
    then = states.select(
        *_KEYS,
        pl.col("mrr_next").alias("mrr_then"),
        pl.col("paid_seats").alias("seats_then"),
        zero.alias("mrr_now"),
        zero.alias("seats_now"),
    ).with_columns(pl.col("month_number") + 1)
    ends = pl.concat([now, then]).group_by(_KEYS).sum()
    return ends.filter(pl.col("month_number").is_between(months[0], months[-1]))


def _pulled(ends: pl.LazyFrame) -> pl.LazyFrame:
    """The ends with ``change`` and its three levers."""
    change = pl.col("mrr_now") - pl.col("mrr_then")
    comes_or_goes = (pl.col("mrr_then") == 0) | (pl.col("mrr_now") == 0)
    has_seats = (pl.col("seats_then") > 0) & (pl.col("seats_now") > 0)
    then, now = pl.col("seats_then").cast(pl.Int128), pl.col("seats_now").cast(pl.Int128)
    twice_mean = pl.col("mrr_then") * now + pl.col("mrr_now") * then
    seats = half_even((now - then) * twice_mean, then * now * 2)
    by_seats = pl.when(~comes_or_goes & has_seats).then(seats).otherwise(0)
    product = pl.when(comes_or_goes).then(change).otherwise(0)
    return ends.with_columns(
        change.alias("change"), by_seats.alias("lever_seats"), product.alias("lever_product")
    ).with_columns(
        (pl.col("change") - pl.col("lever_seats") - pl.col("lever_product")).alias("lever_price")
    )
