"""Rules of a table that depend on the day it was exported."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from engine.intake.rules import Rule
from schemas.canonical import TABLES

_FIRST = date(1970, 1, 1)
_YEARS_AHEAD = 50

#: How many systems write "for ever"; where an end may be open, it means the same.
_FOR_EVER = date(9999, 12, 31)
_OPEN_ENDS = ("valid_to", "term_ends_on")

#: Where any early day means "since ever".
_OPEN_STARTS = (("crm/accounts", "valid_from"),)


def plausibility(table: str, found: Mapping[str, pl.DataType], as_of: date) -> tuple[Rule, ...]:
    """One rule per date column that was found, and what closed before it was created.

    Args:
        table: Canonical name.
        as_of: The day of the snapshot.
    """
    days = [
        _near(table, each.name, as_of)
        for each in TABLES[table].columns
        if each.name in found and each.dtype == pl.Date
    ]
    read = ("is_closed", "created_on", "close_on")
    return (*days, _closed_before_created(read)) if found.keys() >= set(read) else tuple(days)


def _near(table: str, column: str, as_of: date) -> Rule:
    last = date(as_of.year + _YEARS_AHEAD, 12, 31)
    day = pl.col(column)
    is_far = day > last
    if column in _OPEN_ENDS:
        is_far = is_far & (day < _FOR_EVER)
    if (table, column) not in _OPEN_STARTS:
        is_far = is_far | (day < _FIRST)
    meaning = f"{column} lies between {_FIRST} and {last}"
    return Rule("date-range", column, meaning, (column,), is_far.fill_null(False))


def _closed_before_created(read: tuple[str, ...]) -> Rule:
    meaning = "an opportunity closes on or after the day it was created"
    is_early = pl.col("is_closed") & (pl.col("close_on") < pl.col("created_on"))
    return Rule("close-before-created", None, meaning, read, is_early.fill_null(False))
