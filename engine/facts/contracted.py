"""What accounts are contracted to pay, month end by month end."""

from collections.abc import Sequence

import polars as pl

from engine.facts.conversion import (
    NEXT,
    OWN,
    YEAR,
    factors,
    lacks_rate,
    minor_units,
    require_rates,
    valued,
)
from engine.facts.sources import Calendar, number
from engine.money import Rates, checked
from engine.policy import Policy

#: Intervals as months: (numerator, denominator) of what one interval's amount is a month.
MONTHLY = {"month": (1, 1), "year": (1, 12), "week": (52, 12), "day": (365, 12)}

SUFFIXES = (OWN, NEXT, YEAR)
MONEY = tuple(f"mrr{suffix}" for suffix in SUFFIXES)


def contracted(
    items: pl.LazyFrame, calendar: Calendar, rates: Rates, policy: Policy, keys: Sequence[str]
) -> pl.DataFrame:
    """One row per account, ``keys`` and month whose state day falls into a live row.

    Args:
        items: billing/subscription_items.
        keys: Further columns of it that rows are kept apart by.

    Returns:
        ``account_id``, ``keys``, ``month_number``; ``mrr`` at the month's own rate,
        ``mrr_next`` at the following month's and ``mrr_year`` at that of a year later, zero
        where that is missing (Int64 micro-units); ``paid_seats`` of paying rows and
        ``free_users``, seats of rows with no net amount.

    Raises:
        DataError: A rate is missing, or money does not fit.
    """
    rows = _converted(live_rows(items, calendar, policy, keys), calendar, rates)
    fact = rows.group_by("account_id", *keys, "month_number").agg(
        pl.col(*MONEY).sum(),
        pl.col("seats").filter(pl.col("mrr") > 0).sum().alias("paid_seats"),
        pl.col("seats").filter(pl.col("net") == 0).sum().alias("free_users"),
        pl.col("unrated", "unfit").sum(),
    )
    collected = fact.collect()
    if collected["unrated"].sum():
        require_rates(rows.filter("unrated"), rates, calendar)
    what = "billing/subscription_items"
    checked(collected.select(pl.when(pl.col("unfit") == 0).then(pl.col(*MONEY))), MONEY, what)
    return collected.drop("unrated", "unfit")


def live_rows(
    items: pl.LazyFrame, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.LazyFrame:
    """One row per item and month whose state day it is live on.

    Returns:
        ``account_id``, ``keys``, ``currency``, ``interval``, ``interval_count``, ``seats``,
        ``month_number``, ``net`` (minor units an interval, after discount) and ``recurring``,
        the part of it that is MRR: none of a usage row's.
    """
    needed = ("account_id", "currency", "interval", "interval_count", "seats")
    net = (pl.col("amount") - pl.col("discount")).alias("net")
    recurring = pl.when(pl.col("billing_unit") != "usage").then(pl.col("net")).otherwise(0)
    until = pl.min_horizontal(number("valid_to"), pl.lit(calendar.last, pl.Int32))
    columns = dict.fromkeys((*needed, *keys, "billing_unit", "valid_from", "valid_to"))
    return (
        items.filter(pl.col("status").is_in(policy.live_statuses))
        .select(*columns, net)
        .with_columns(
            recurring.alias("recurring"),
            pl.max_horizontal(number("valid_from"), pl.lit(calendar.first, pl.Int32)).alias(
                "since"
            ),
            until.alias("until"),
        )
        .filter(pl.col("since") <= pl.col("until"))
        .with_columns(
            pl.int_ranges("since", pl.col("until") + 1, dtype=pl.Int32).alias("month_number")
        )
        .explode("month_number")
        .join(calendar.days(), on="month_number", maintain_order="left")
        .filter(
            pl.col("valid_from") <= pl.col("day"),
            pl.col("valid_to").is_null() | (pl.col("day") < pl.col("valid_to")),
        )
        .drop("since", "until", "day", "valid_from", "valid_to")
    )


def _converted(rows: pl.LazyFrame, calendar: Calendar, rates: Rates) -> pl.LazyFrame:
    """The rows with ``mrr``, ``mrr_next``, and whether money was ``unrated`` or ``unfit``."""
    months = pl.DataFrame(
        [(name, *fraction) for name, fraction in MONTHLY.items()],
        schema={"interval": pl.String, "times": pl.Int64, "over": pl.Int64},
        orient="row",
    )
    over = (pl.col("over") * pl.col("interval_count")).cast(pl.Int128)
    return (
        rows.join(months.lazy(), on="interval", how="left")
        .join(minor_units(rates), on="currency", how="left")
        .join(factors(rates, calendar, SUFFIXES), on=["currency", "month_number"], how="left")
        .with_columns(
            *[pl.col(f"top{each}") * (pl.col("times") * pl.col("micro")) for each in SUFFIXES],
            *[pl.col(f"bottom{each}") * over for each in SUFFIXES],
        )
        .with_columns(
            *valued("recurring", "mrr", SUFFIXES), lacks_rate("recurring").alias("unrated")
        )
        .with_columns(
            (pl.any_horizontal(pl.col(*MONEY).is_null()) & ~pl.col("unrated")).alias("unfit"),
        )
    )
