"""What money of a currency and month is converted by."""

from functools import lru_cache

import polars as pl

from engine.facts.conversion import currencies as codes_of
from engine.facts.conversion import factors, narrow_factors
from engine.facts.sources import Calendar
from engine.money import NARROW, Rates, micro_per_minor

_MONTHS = 2**15


@lru_cache(maxsize=8)
def month_terms(
    rates: Rates, calendar: Calendar, suffixes: tuple[str, ...], *, narrow: bool
) -> pl.LazyFrame:
    """One row per currency and month that has a rate, ``at``: its rates.

    Returns:
        ``top`` and ``bottom`` with each suffix; if ``narrow``, in 64 bits and one ``bottom``.
    """
    known = (narrow_factors if narrow else factors)(rates, calendar, suffixes)
    coded = known.join(currencies(rates).select("currency", "code"), on="currency")
    rated = coded.with_columns(at()).drop("currency", "code", "month_number")
    return rated.sort("at").collect().lazy()


def currencies(rates: Rates) -> pl.LazyFrame:
    """One row a currency: its number, micro-units in a minor unit, and what has room narrowly."""
    codes = codes_of(rates)
    rows = [
        (code, place, micro_per_minor(code), NARROW / (1 + rates.highest(code)))
        for place, code in enumerate(codes)
    ]
    schema = {"currency": pl.String, "code": pl.Int32, "micro": pl.Int64, "limit": pl.Float64}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def code(rates: Rates) -> pl.Expr:
    """The number of a line's currency; one more than any where it has no rate in any month."""
    codes = codes_of(rates)
    known = pl.col("currency").cast(pl.Enum(codes), strict=False)
    return known.to_physical().cast(pl.Int64).fill_null(len(codes))


def at() -> pl.Expr:
    """Currency and month as one number."""
    return (pl.col("code") * _MONTHS + pl.col("month_number")).alias("at")
