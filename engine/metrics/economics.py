"""What customers cost and bring: spend, newcomers, margin."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from engine.facts.book import Book
from engine.facts.keys import LABEL
from engine.metrics.movements import events
from engine.metrics.sheets import account_states, summed
from engine.money import factor_columns, scaled
from engine.period import Period


def spent(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Sales and marketing cost of the period's months, shifted back by the policy's lag.

    Null where nothing at all was recorded for those months.
    """
    lag = book.policy.cac_lag_months
    months = [month - lag for month in period.months]
    rows = book.spend.lazy().filter(pl.col("month_number").is_in(months))
    texts = [pl.col(name).cast(pl.String).fill_null("Unknown") for name in by]
    total = pl.when(pl.len() > 0).then(pl.col("amount").sum()).alias("spend")
    return (rows.group_by(*texts).agg(total) if by else rows.select(total)).collect()


def newcomers(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The accounts that were new in the period, as they stand on its last day."""
    new = events(book, period.months).filter(pl.col("event") == "new").select("account_id")
    standing = account_states(book, period.closing, by).join(new, on="account_id", how="semi")
    named = standing.rename(
        {"mrr": "newcomer_mrr", "paid_seats": "newcomer_seats", "accounts": "newcomers_paying"}
    )
    return summed(named, by, ("newcomer_mrr", "newcomer_seats", "newcomers_paying"))


def margins(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """MRR on the last day times the policy's margin of its product."""
    on_day = book.states.filter(pl.col("month_number") == period.closing)
    valued = (
        on_day.join(_factors(book), on="product", how="left")
        .with_columns(*_default(book))
        .with_columns(scaled(pl.col("mrr")).alias("margin"))
    )
    return summed(book.keyed(valued, by), by, ("margin",))


def _factors(book: Book) -> pl.LazyFrame:
    """One row a product with a margin of its own: ``product``, ``top``, ``bottom``."""
    own = book.policy.gross_margin_by_product
    top, bottom = factor_columns([Fraction(repr(margin)) for margin in own.values()])
    return pl.DataFrame([pl.Series("product", list(own), dtype=LABEL), top, bottom]).lazy()


def _default(book: Book) -> tuple[pl.Expr, pl.Expr]:
    margin = Fraction(repr(book.policy.gross_margin))
    return (
        pl.col("top").fill_null(pl.lit(margin.numerator, pl.Int128)),
        pl.col("bottom").fill_null(pl.lit(margin.denominator, pl.Int128)),
    )
