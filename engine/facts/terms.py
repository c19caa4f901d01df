"""What turns lines of a currency and month into parts: the month's days and the rates."""

from functools import lru_cache

import polars as pl

from engine.facts.conversion import currencies as codes_of
from engine.facts.conversion import factors, narrow_factors
from engine.facts.sources import Calendar
from engine.money import NARROW, Rates, micro_per_minor

_MONTHS = 2**15

_CODES = pl.Schema({"currency": pl.String, "code": pl.Int32})

#: Number of a currency that has no rate in any month.
UNRATED = -1


@lru_cache(maxsize=8)
def month_terms(
    rates: Rates, calendar: Calendar, suffixes: tuple[str, ...], *, narrow: bool
) -> pl.LazyFrame:
    """One row per currency and month, ``at``: when the month begins and ends, and its rates."""
    known = (narrow_factors if narrow else factors)(rates, calendar, suffixes)
    unrated = pl.LazyFrame({"currency": [None], "code": [UNRATED]}, schema=_CODES)
    codes = pl.concat([currencies(rates).select(_CODES.names()), unrated])
    months = codes.join(_month_days(calendar), how="cross")
    rated = months.join(known, on=["currency", "month_number"], how="left")
    coded = rated.with_columns(at()).drop("currency", "code", "month_number")
    return coded.sort("at").collect().lazy()


def currencies(rates: Rates) -> pl.LazyFrame:
    """One row a currency: its number, micro-units in a minor unit, and what has room narrowly."""
    codes = codes_of(rates)
    rows = [
        (code, place, micro_per_minor(code), NARROW / (1 + rates.highest(code)))
        for place, code in enumerate(codes)
    ]
    schema = {"currency": pl.String, "code": pl.Int32, "micro": pl.Int64, "limit": pl.Float64}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def at() -> pl.Expr:
    """Currency and month as one number."""
    return (pl.col("code") * _MONTHS + pl.col("month_number")).alias("at")


def _month_days(calendar: Calendar) -> pl.LazyFrame:
    """One row a month: ``begins`` and ``ends`` (exclusive) as numbers of days."""
    start = pl.date(pl.col("month_number") // 12, pl.col("month_number") % 12 + 1, 1)
    months = pl.int_range(calendar.first, calendar.last + 1, dtype=pl.Int32)
    return (
        pl.LazyFrame()
        .select(month_number=months)
        .with_columns(begins=start.cast(pl.Int32), ends=start.dt.offset_by("1mo").cast(pl.Int32))
    )
