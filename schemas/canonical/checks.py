"""Expressions that several models check by; true where a value is right."""

import polars as pl
from pandera.api.polars.types import PolarsData as Data

from schemas.canonical.currencies import currencies

__all__ = ["LARGEST_COUNT", "LONGEST_INTERVAL", "Data", "is_currency", "is_month"]

#: More people than live; so few that billions of rows still add up in 64 bits.
LARGEST_COUNT = 10_000_000_000

#: Days, weeks, months or years in one billing interval: a hundred years of days.
LONGEST_INTERVAL = 36_525


def is_currency(column: str) -> pl.Expr:
    """Whether the column holds the code of a currency with a minor unit."""
    return pl.col(column).is_in(sorted(currencies()))


def is_month(column: str) -> pl.Expr:
    """Whether the date is the first day of a month."""
    return pl.col(column).dt.day() == 1
