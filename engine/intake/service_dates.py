"""Whether invoice lines, taken together, are dated as their kind of charge should be."""

from datetime import timedelta

import polars as pl

from engine.intake.findings import Finding
from engine.intake.profile import Profile

LINES = "billing/invoice_lines"

#: Lines from which something that they share is no chance.
_BULK = 20

#: Share of the lines around the turn of a month from which being early is the rule.
_MOST = 0.5

_DAY = timedelta(days=1)


def month_end_slip(found: Profile) -> Finding | None:
    """One finding if most lines that belong on the first of a month stand on the day before.

    Midnight of the first, written in a time zone further west, is still the last of the month.
    Lines are compared that are invoiced on the day their service starts, or on the day before.
    """
    if "same_day" not in found.days.columns:
        return None
    day = pl.col("day")
    is_first, is_last = day.dt.day() == 1, (day + _DAY).dt.day() == 1
    early = pl.col("same_day", "day_before").filter(is_last).sum()
    counts = found.days.select(early, pl.col("same_day").filter(is_first).sum().alias("on_time"))
    slipped = counts.select(pl.col("same_day") + pl.col("day_before")).item()
    total = slipped + counts["on_time"].item()
    if slipped < _BULK or slipped < total * _MOST:
        return None
    example = f"{slipped:,} of {total:,} lines stand on the last day of a month, one day early"
    hint = "look whether days were cut from times in another time zone than billing's"
    return Finding(LINES, "month-end-slip", "invoiced_on", slipped, (example,), hint)


def undated_charges(found: Profile) -> Finding | None:
    """One finding if some recurring charges have no service dates, where most have."""
    if "undated" not in found.days.columns:
        return None
    undated, recurring = found.days.select(pl.col("undated", "recurring").sum()).row(0)
    if not undated or undated * 2 > recurring:
        return None
    example = f"{undated:,} of {recurring:,} recurring charges have no service dates"
    hint = "export service_from and service_to; else they count whole on their invoice's day"
    return Finding(LINES, "service-dates-missing", "service_from", undated, (example,), hint)
