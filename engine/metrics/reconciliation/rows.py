"""Comparisons as rows of the tidy long table: ``reconciliation`` by check and side."""

from collections.abc import Iterable

import polars as pl

from engine.metrics.model import Number
from engine.metrics.numbers import SCHEMA, group_text
from engine.metrics.reconciliation.line import Line
from engine.period import Period

METRIC = "reconciliation"
SIDES = ("left", "right", "difference")


def number(line: Line, side: str, period: Period) -> Number:
    """One value of the line, as pages look it up."""
    value: float | None = getattr(line, side)
    group = (("check", line.check.name), ("side", side))
    reason = line.reason or None
    return Number(METRIC, period.label, group, value, None, value, line.check.unit, reason)


def rows(lines: Iterable[Line], period: Period) -> pl.DataFrame:
    """Three rows a line."""
    found = [number(line, side, period) for line in lines for side in SIDES]
    table = [
        (
            each.metric,
            each.period,
            "check,side",
            group_text(dict(each.group)),
            each.numerator,
            None,
            each.value,
            each.unit.value,
            each.reason,
        )
        for each in found
    ]
    return pl.DataFrame(table, schema=SCHEMA, orient="row")
