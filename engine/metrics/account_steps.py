"""From month end to month end: what each account had, and has."""

import polars as pl

_STEP = ("account_id", "month_number")

#: Months' numbers are below.
_MONTHS = 2**15


def account_steps(states: pl.DataFrame, last: int) -> pl.LazyFrame:
    """One row per account and month with MRR at its opening or closing.

    In the order of account and month, what follows a row is what became of it.

    Args:
        states: One row per account and month: ``mrr``, and ``mrr_next`` at the next month's rate.
        last: Number of the last month.

    Returns:
        ``account_id``, ``month_number``; ``closing``, ``opening`` at the month's rate,
        ``opening_own`` at its own; ``last_paid``, the last month before in which it had MRR.
    """
    place = pl.col("account_id").to_physical().cast(pl.Int64) * _MONTHS + pl.col("month_number")
    month = states.lazy().select(*_STEP, "mrr", "mrr_next", place=place)
    rows = month.sort("place").collect().lazy()
    paid = pl.when(pl.col("mrr") > 0).then("place").forward_fill()
    at_next = pl.col("place").shift(-1) == pl.col("place") + 1
    was_before = pl.col("place").shift() == pl.col("place") - 1
    before, zero = pl.when(was_before), pl.lit(0, pl.Int64)
    there = rows.select(
        *_STEP,
        closing="mrr",
        opening=before.then(pl.col("mrr_next").shift()).otherwise(0),
        opening_own=before.then(pl.col("mrr").shift()).otherwise(0),
        last_paid=_month_of(paid.shift(), "place"),
    )
    gone = rows.with_columns(stays=at_next, paid=paid).filter(
        ~pl.col("stays").fill_null(value=False)
    )
    left = gone.select(
        "account_id",
        pl.col("month_number") + 1,
        closing=zero,
        opening="mrr_next",
        opening_own="mrr",
        last_paid=_month_of(pl.col("paid"), "place"),
    )
    return pl.concat([there, left.filter(pl.col("month_number") <= last)])


def _month_of(paid: pl.Expr, place: str) -> pl.Expr:
    """The month of a place in the same account; null where it is another's."""
    is_own = paid // _MONTHS == pl.col(place) // _MONTHS
    return pl.when(is_own).then((paid % _MONTHS).cast(pl.Int32))
