"""Factors that turn native money of a month into the reporting currency's micro-units."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from engine.facts.sources import Calendar
from engine.money import (
    NARROW_FACTOR,
    Rates,
    factor_columns,
    micro_per_minor,
    scaled,
)

#: Suffixes of the valuations: at a month's own rate, that of the month after it, and that of the
#: month a year after it. The year's is nothing where there is no such rate.
OWN, NEXT, YEAR = "", "_next", "_year"

_MONTHS_LATER = {OWN: 0, NEXT: 1, YEAR: 12}


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


def factors(
    rates: Rates, calendar: Calendar, suffixes: Sequence[str] = (OWN, NEXT)
) -> pl.LazyFrame:
    """One row per currency and month that has a rate.

    Returns:
        ``currency``, ``month_number`` (Int32), and with each suffix its rate as Int128
        fractions ``top`` and ``bottom``. The last month has nothing after it and repeats its
        own; ``top`` is zero where only a later month's rate is missing.
    """
    known = [
        (code, month)
        for code in currencies(rates)
        for month in range(calendar.first, calendar.last + 1)
        if rates.has(code, calendar.rate_month(month))
    ]
    keys = {"currency": [code for code, _ in known], "month_number": [month for _, month in known]}
    frame = pl.DataFrame(keys, schema={"currency": pl.String, "month_number": pl.Int32})
    for suffix in suffixes:
        after = _MONTHS_LATER[suffix]
        fractions = [_later(rates, calendar, code, month + after) for code, month in known]
        top, bottom = factor_columns(fractions)
        frame = frame.with_columns(top.alias(f"top{suffix}"), bottom.alias(f"bottom{suffix}"))
    return frame.lazy()


def _later(rates: Rates, calendar: Calendar, code: str, month: int) -> Fraction:
    """The month's rate, after the calendar the last month's; zero where it is missing."""
    rated = calendar.rate_month(min(month, calendar.last))
    return rates.rate(code, rated) if rates.has(code, rated) else Fraction(0)


def narrow_factors(
    rates: Rates, calendar: Calendar, suffixes: Sequence[str] = (OWN, NEXT)
) -> pl.LazyFrame:
    """``factors`` of those suffixes in Int64; a rate that has no room, or is missing, is null.

    That of a year later is zero where it is missing, as it may be.
    """
    columns = [f"{part}{suffix}" for suffix in suffixes for part in ("top", "bottom")]
    required = [f"top{suffix}" for suffix in suffixes if suffix != YEAR]
    fits = [
        pl.when(pl.col(name) <= NARROW_FACTOR).then(pl.col(name)).cast(pl.Int64) for name in columns
    ]
    known = [pl.when(pl.col(name) > 0).then(pl.col(name)) for name in required]
    return factors(rates, calendar, suffixes).with_columns(fits).with_columns(known)


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
