"""Factors that turn native money of a month into the reporting currency's micro-units."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from engine.facts.sources import Calendar
from engine.money import Rates, factor_columns, micro_per_minor, scaled

#: Suffixes of the two valuations: a month's own rate, and that of the month after it.
OWN, NEXT = "", "_next"


def currencies(rates: Rates) -> tuple[str, ...]:
    """Currencies that can be converted in some month, the reporting one first."""
    return (rates.currency, *sorted(rates.currencies - {rates.currency}))


def minor_units(rates: Rates) -> pl.LazyFrame:
    """One row a currency: ``currency`` and ``micro`` (Int64), micro-units in a minor unit."""
    codes = currencies(rates)
    return pl.LazyFrame(
        {"currency": codes, "micro": [micro_per_minor(code) for code in codes]},
        schema={"currency": pl.String, "micro": pl.Int64},
    )


def factors(rates: Rates, calendar: Calendar) -> pl.LazyFrame:
    """One row per currency and month that has a rate.

    Returns:
        ``currency``, ``month_number`` (Int32), and as Int128 fractions the month's own rate
        (``top``, ``bottom``) and the following month's (``top_next``, ``bottom_next``); the
        last month has nothing after it and repeats its own.
    """
    rows = [
        (
            code,
            month,
            rates.rate(code, calendar.rate_month(month)),
            _next(rates, calendar, code, month),
        )
        for code in currencies(rates)
        for month in range(calendar.first, calendar.last + 1)
        if rates.has(code, calendar.rate_month(month))
    ]
    own_top, own_bottom = factor_columns([row[2] for row in rows])
    next_top, next_bottom = factor_columns([row[3] for row in rows])
    keys = {"currency": [row[0] for row in rows], "month_number": [row[1] for row in rows]}
    frame = pl.DataFrame(keys, schema={"currency": pl.String, "month_number": pl.Int32})
    valued = (own_top, own_bottom, next_top.alias("top_next"), next_bottom.alias("bottom_next"))
    return frame.with_columns(*valued).lazy()


def _next(rates: Rates, calendar: Calendar, code: str, month: int) -> Fraction:
    """The rate of the following month; zero where only that one is missing."""
    following = calendar.rate_month(min(month + 1, calendar.last))
    return rates.rate(code, following) if rates.has(code, following) else Fraction(0)


def valued(amount: str, into: str, suffixes: Sequence[str] = (OWN, NEXT)) -> list[pl.Expr]:
    """``into`` with each suffix: the Int64 column converted at that rate; null: no rate."""
    return [
        scaled(pl.col(amount), f"top{suffix}", f"bottom{suffix}").alias(into + suffix)
        for suffix in suffixes
    ]


def lacks_rate(amount: str, suffixes: Sequence[str] = (OWN, NEXT)) -> pl.Expr:
    """Whether a row has money that one of the rates asked for does not convert."""
    no_rate = pl.any_horizontal(pl.col(f"top{suffix}").fill_null(0) == 0 for suffix in suffixes)
    return (pl.col(amount) != 0) & no_rate


def require_rates(
    rows: pl.LazyFrame,
    rates: Rates,
    calendar: Calendar,
    suffixes: Sequence[str] = (OWN, NEXT),
) -> None:
    """DataError naming the first month and currency that lack a rate.

    Args:
        rows: Has ``currency`` and ``month_number`` of rows with money, in any number.
    """
    keys = rows.select("currency", "month_number").unique().sort("month_number", "currency")
    for code, month in keys.collect().iter_rows():
        following = min(month + 1, calendar.last)
        for needed in (month, following)[: len(suffixes)]:
            rates.rate(code, calendar.rate_month(needed))
