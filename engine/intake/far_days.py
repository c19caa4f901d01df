"""Days so far off that Polars ends in a panic when it is to name them or find their month.

A damaged file holds such, and one whose writer meant "for ever" by the largest number of days.
"""

import polars as pl

#: In Polars 2.1, as days from 1970-01-01: within some 262,000 years.
_FIRST, _LAST = -96_465_292, 95_026_236


def near(day: pl.Expr) -> pl.Expr:
    """The day; null where it is too far off."""
    return pl.when(_is_near(day)).then(day)


def named(day: pl.Expr) -> pl.Expr:
    """The day as text; as a number of days where it is too far off."""
    number = pl.format("{} days from 1970-01-01", pl.when(~_is_near(day)).then(day.cast(pl.Int32)))
    return pl.coalesce(near(day).cast(pl.String), number)


def _is_near(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32).is_between(_FIRST, _LAST)
