"""Expressions that several models check by; true where a value is right."""

import polars as pl
from pandera.api.polars.types import PolarsData as Data

from schemas.canonical.currencies import currencies

__all__ = ["Data", "is_currency", "is_month"]


def is_currency(column: str) -> pl.Expr:
    """Whether the column holds the code of a currency with a minor unit."""
    return pl.col(column).is_in(sorted(currencies()))


def is_month(column: str) -> pl.Expr:
    """Whether the date is the first day of a month."""
    return pl.col(column).dt.day() == 1
