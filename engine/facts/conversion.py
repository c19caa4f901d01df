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
    known = _rated(rates, calendar)
    frame = _keyed(known)
    for suffix in suffixes:
        after = _MONTHS_LATER[suffix]
        fractions = [_later(rates, calendar, code, month + after) for code, month in known]
        top, bottom = factor_columns(fractions)
        frame = frame.with_columns(top.alias(f"top{suffix}"), bottom.alias(f"bottom{suffix}"))
    return frame.lazy()


def _rated(rates: Rates, calendar: Calendar) -> list[tuple[str, int]]:
    """Currencies and months of the calendar that have a rate."""
    return [
        (code, month)
        for code in currencies(rates)
        for month in range(calendar.first, calendar.last + 1)
        if rates.has(code, calendar.rate_month(month))
    ]


def _keyed(known: Sequence[tuple[str, int]]) -> pl.DataFrame:
    schema = {"currency": pl.String, "month_number": pl.Int32}
    return pl.DataFrame(known, schema=schema, orient="row")


def _later(rates: Rates, calendar: Calendar, code: str, month: int) -> Fraction:
    """The month's rate, after the calendar the last month's; zero where it is missing."""
    rated = calendar.rate_month(min(month, calendar.last))
    return rates.rate(code, rated) if rates.has(code, rated) else Fraction(0)


def narrow_factors(
    rates: Rates, calendar: Calendar, suffixes: Sequence[str] = (OWN, NEXT)
) -> pl.LazyFrame:
    """``factors`` of those suffixes in Int64, all of a currency with the same ``bottom``.

    What has no room, or is missing, is null; a rate of a year later that is missing is zero.
    """
    known = _rated(rates, calendar)
    frame = _keyed(known)
    for suffix in suffixes:
        after = _MONTHS_LATER[suffix]
        tops = [
            int(_later(rates, calendar, code, month + after) * rates.denominator(code))
            for code, month in known
        ]
        least = 0 if suffix == YEAR else 1
        fitting = [top if least <= top <= NARROW_FACTOR else None for top in tops]
        frame = frame.with_columns(pl.Series(f"top{suffix}", fitting, dtype=pl.Int64))
    below = [rates.denominator(code) for code, _ in known]
    fitting = [each if each <= NARROW_FACTOR else None for each in below]
    return frame.with_columns(pl.Series("bottom", fitting, dtype=pl.Int64)).lazy()


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
