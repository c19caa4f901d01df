"""Tables whose rows each fall into one month: spend, and opportunities."""

from collections.abc import Sequence

import polars as pl

from engine.facts.conversion import OWN, factors, lacks_rate, minor_units, require_rates
from engine.facts.sources import Calendar, number
from engine.money import Rates, checked, scaled

_MONEY = ("amount",)


def spend(
    table: pl.LazyFrame, calendar: Calendar, rates: Rates, keys: Sequence[str]
) -> pl.DataFrame:
    """One row per ``keys`` and month of sales and marketing cost.

    Returns:
        ``keys``, ``month_number``, ``amount`` in micro-units at the month's own rate.
    """
    rows = table.with_columns(number("month").alias("month_number"))
    within = pl.col("month_number").is_between(calendar.first, calendar.last)
    fact = _converted(rows.filter(within), calendar, rates, "crm/spend")
    return fact.group_by(*keys, "month_number").agg(pl.col("amount").sum())


def opportunities(table: pl.LazyFrame, calendar: Calendar, rates: Rates) -> pl.DataFrame:
    """One row an opportunity, its ``amount`` in micro-units at the calendar's last month's rate.

    Args:
        calendar: Its last month is the period's; opportunities convert at that day's rate.
    """
    rows = table.with_columns(pl.lit(calendar.last, pl.Int32).alias("month_number"))
    return _converted(rows, calendar, rates, "crm/opportunities")


def _converted(rows: pl.LazyFrame, calendar: Calendar, rates: Rates, what: str) -> pl.DataFrame:
    valued = (
        rows.join(minor_units(rates), on="currency", how="left")
        .join(factors(rates, calendar), on=["currency", "month_number"], how="left")
        .with_columns(
            pl.col("top") * pl.col("micro"), lacks_rate("amount", (OWN,)).alias("unrated")
        )
    )
    fact = valued.with_columns(scaled(pl.col("amount"))).collect()
    if fact["unrated"].sum():
        require_rates(valued.filter("unrated"), rates, calendar, (OWN,))
    factor_columns = ("micro", "top", "bottom", "top_next", "bottom_next", "unrated")
    return checked(fact, _MONEY, what).drop(factor_columns)
