"""Whether billing has lines in every month between its first and its last."""

import polars as pl

from engine.intake.findings import EXAMPLES, Finding
from engine.intake.profile import Profile

LINES = "billing/invoice_lines"

#: A month with this share of its neighbours' lines is as good as empty.
_HOLLOW = 0.05

#: Lines from which a month is full.
_FULL = 20


def months_without_lines(found: Profile) -> Finding | None:
    """One finding with the months that are (nearly) empty between two full ones.

    Full is a month with at least twenty lines; a neighbour is the nearest full one on each side.
    """
    counts = found.frame.filter(pl.col("month").is_not_null()).group_by("month")
    lines = counts.agg(pl.col("rows").sum()).sort("month")
    full = lines.filter(pl.col("rows") >= _FULL)
    if full.height < 2:
        return None
    first, last = full["month"][0], full["month"][-1]
    every = pl.DataFrame({"month": pl.date_range(first, last, "1mo", eager=True)})
    rows = every.join(lines, on="month", how="left").with_columns(pl.col("rows").fill_null(0))
    near = pl.when(pl.col("rows") >= _FULL).then("rows")
    smaller = pl.min_horizontal(near.forward_fill(), near.backward_fill())
    hollow = rows.sort("month").filter(pl.col("rows") < smaller * _HOLLOW)
    if hollow.is_empty():
        return None
    examples = tuple(
        f"{month.isoformat()[:7]}: {count} lines" for month, count in hollow.head(EXAMPLES).rows()
    )
    hint = "export these months again: a month without lines reads as one without revenue"
    return Finding(LINES, "month-without-lines", "invoiced_on", hollow.height, examples, hint)
