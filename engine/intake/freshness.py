"""Whether a table goes as far as the day it was exported on."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from engine.intake.checked import Checked
from engine.intake.findings import Finding
from engine.period import month_end, month_number

#: Name of the measure.
LATEST = "latest"

#: Which column tells how far a table goes; a ``month`` goes to its last day.
_COLUMNS: Mapping[str, str] = {
    "billing/subscription_items": "valid_from",
    "billing/invoice_lines": "invoiced_on",
    "billing/account_users": "month",
    "crm/opportunities": "created_on",
    "crm/spend": "month",
}


def latest(table: Checked, as_of: date) -> Mapping[str, pl.Expr]:
    """What to measure of the table: its latest day that is not after ``as_of``.

    Null where that is before the year 1, of which Python knows no days.
    """
    column = _COLUMNS.get(table.name, "")
    if not table.has((column,)):
        return {}
    found = pl.col(column).filter(pl.col(column) <= as_of).max()
    return {LATEST: pl.when(found >= date.min).then(found)}


def stale(
    table: str, measures: Mapping[str, object], as_of: date, freshness_days: int
) -> Finding | None:
    """One finding if the table ends more than so many days before ``as_of``."""
    found = measures.get(LATEST)
    if not isinstance(found, date):
        return None
    column = _COLUMNS[table]
    reached = month_end(month_number(found)) if column == "month" else found
    age = (as_of - reached).days
    if age <= freshness_days:
        return None
    example = f"the latest {column} is {found}, {age} days before {as_of}"
    hint = "look whether the export stopped early; `freshness_days` sets how old is old"
    return Finding(table, "stale", column, 0, (example,), hint)
