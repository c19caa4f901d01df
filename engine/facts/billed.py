"""What was billed, recognised in the months that it is for."""

from collections.abc import Sequence

import polars as pl

from engine.facts.conversion import (
    OWN,
    YEAR,
    factors,
    lacks_rate,
    minor_units,
    narrow_factors,
    require_rates,
    valued,
)
from engine.facts.sources import Calendar, number
from engine.money import Rates, checked
from engine.policy import Policy

#: What a line's parts are called, and what they are in the fact.
_NAMES = {"net": "revenue", "off": "discount"}
_LARGEST = float(2**62)


def billed(
    lines: pl.LazyFrame,
    calendar: Calendar,
    rates: Rates,
    policy: Policy,
    keys: Sequence[str],
    suffixes: Sequence[str] = (OWN,),
    trailing: int = 1,
    parts: Sequence[str] = ("net", "off"),
) -> pl.DataFrame:
    """One row per account, ``keys``, charge type, entry type and month of recognition.

    Args:
        lines: billing/invoice_lines.
        keys: Further columns of it that rows are kept apart by.
        suffixes: Which rates to convert at: each month's own, the following month's, and that
            of a year later, which may be missing.
        trailing: How many months' parts each month adds up, all at its own rate; 1: its own.
        parts: ``net`` for revenue, ``off`` for discount.

    Returns:
        ``account_id``, ``keys``, ``charge_type``, ``entry_type``, ``month_number``; with each
        suffix, ``revenue`` (net of discount, without tax, negative for credits and refunds)
        and ``discount``; Int64 micro-units. Months after the calendar's last are left out.

    Raises:
        DataError: A rate is missing, or money does not fit.
    """
    native = _native(lines, rates, keys, parts)
    spread = _trailing(recognised(native, calendar, policy, parts), trailing)
    within = spread.filter(pl.col("month_number") <= calendar.last)
    by = tuple(dict.fromkeys(("account_id", *keys, "charge_type", "entry_type", "month_number")))
    money = [_NAMES[part] + suffix for part in parts for suffix in suffixes]
    fact = _summed(_converted(within, calendar, rates, suffixes, parts, narrow=True), by, money)
    if fact["lost"].any():
        rows = _converted(within, calendar, rates, suffixes, parts, narrow=False)
        fact = _summed(rows, by, money)
        needed = [suffix for suffix in suffixes if suffix != YEAR]
        lacks = pl.any_horizontal(lacks_rate(part, needed) for part in parts)
        require_rates(rows.filter(lacks), rates, calendar, needed)
    kept = fact.select(pl.when(~pl.col("lost")).then(pl.col(money)))
    checked(kept, money, "billing/invoice_lines")
    return fact.drop("lost")


def _summed(rows: pl.LazyFrame, by: Sequence[str], money: Sequence[str]) -> pl.DataFrame:
    """The money added up, and whether some of a row's could not be had (``lost``)."""
    lost = pl.any_horizontal(pl.col(money).is_null())
    sums = rows.group_by(by).agg(pl.col(money).sum(), lost.any().alias("lost"))
    return sums.collect(engine="streaming")


def recognised(
    lines: pl.LazyFrame, calendar: Calendar, policy: Policy, parts: Sequence[str] = ("net", "off")
) -> pl.LazyFrame:
    """One row per line and month, with the part of each amount that falls into it.

    Cumulative sums are rounded half to even, so the months of a line add up to the line.

    Args:
        lines: Has ``parts`` (Int64), ``invoiced_on``, ``service_from``, ``service_to``.
    """
    first_month = pl.max_horizontal("since_month", pl.lit(calendar.first, pl.Int32))
    last_month = pl.min_horizontal("last_month", pl.lit(calendar.last, pl.Int32))
    months = pl.int_ranges(first_month, last_month + 1, dtype=pl.Int32)
    return (
        lines.with_columns(*_service(policy))
        .with_columns(
            number("since").alias("since_month"),
            (number("until") - (pl.col("until").dt.day() == 1)).alias("last_month"),
            _day_number("since").alias("since_day"),
            *_whole(policy),
        )
        .with_columns(month_number=months)
        .with_columns(
            *[(pl.col(part) // pl.col("whole")).alias(f"{part} each") for part in parts],
            *[(pl.col(part) % pl.col("whole")).alias(f"{part} left") for part in parts],
        )
        .drop("since", "until", "last_month", "invoiced_on", "service_from", "service_to", *parts)
        .explode("month_number", empty_as_null=False)
        .join(_month_days(calendar), on="month_number", how="left", maintain_order="left")
        .with_columns(*_elapsed(policy))
        .with_columns(
            (_cumulative(part, "after") - _cumulative(part, "before")).alias(part) for part in parts
        )
        .drop("since_month", "since_day", "by_month", "whole", "begins", "ends", "before", "after")
        .drop(f"{part} {each}" for part in parts for each in ("each", "left"))
    )


def _trailing(parts: pl.LazyFrame, months: int) -> pl.LazyFrame:
    """Each part once for its month and once for each of the following ones it still counts in."""
    later = [pl.col("month_number") + after for after in range(months)]
    return pl.concat([parts.with_columns(month) for month in later]) if months > 1 else parts


def _native(
    lines: pl.LazyFrame, rates: Rates, keys: Sequence[str], parts: Sequence[str]
) -> pl.LazyFrame:
    """The lines with their parts in micro-units of their currency; null: no room."""
    kept = ("account_id", *keys, "charge_type", "entry_type", "currency")
    dates = ("invoiced_on", "service_from", "service_to")
    amounts = {"net": pl.col("amount") - pl.col("discount"), "off": pl.col("discount")}
    micro = pl.col("micro").fill_null(1)
    return (
        lines.select(
            *dict.fromkeys((*kept, *dates)), *[amounts[part].alias(part) for part in parts]
        )
        .join(minor_units(rates), on="currency", how="left")
        .with_columns(
            pl.when((pl.col(part).cast(pl.Float64) * micro).abs() < _LARGEST).then(
                pl.col(part) * micro
            )
            for part in parts
        )
        .drop("micro")
    )


def _service(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """``since`` and ``until`` (exclusive): the days that a line is spread over."""
    on_invoice = pl.col("service_from").is_null() | pl.col("service_to").is_null()
    if policy.recognition == "invoice_date":
        on_invoice = pl.lit(value=True)
    next_day = pl.col("invoiced_on") + pl.duration(days=1)
    since = pl.when(on_invoice).then(pl.col("invoiced_on")).otherwise(pl.col("service_from"))
    until = pl.when(on_invoice).then(next_day).otherwise(pl.col("service_to"))
    return since.alias("since"), until.alias("until")


def _day_number(day: str) -> pl.Expr:
    return pl.col(day).cast(pl.Int32)


def _whole(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """Days (or months, ``by_month``) that a line is spread over, as Int64 ``whole``."""
    by_month = pl.lit(value=False)
    if policy.recognition == "months":
        by_month = (pl.col("since").dt.day() == 1) & (pl.col("until").dt.day() == 1)
    days = _day_number("until") - _day_number("since")
    whole = pl.when(by_month).then(number("until") - number("since")).otherwise(days)
    return whole.cast(pl.Int64).alias("whole"), by_month.alias("by_month")


def _month_days(calendar: Calendar) -> pl.LazyFrame:
    """One row a month: ``begins`` and ``ends`` (exclusive) as numbers of days."""
    start = pl.date(pl.col("month_number") // 12, pl.col("month_number") % 12 + 1, 1)
    months = pl.int_range(calendar.first, calendar.last + 1, dtype=pl.Int32)
    return (
        pl.LazyFrame()
        .select(month_number=months)
        .with_columns(begins=start.cast(pl.Int32), ends=start.dt.offset_by("1mo").cast(pl.Int32))
    )


def _elapsed(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """``before`` and ``after``: of ``whole``, what passed until the month begins and ends."""
    before = (pl.col("begins") - pl.col("since_day")).clip(lower_bound=0)
    after = pl.col("ends") - pl.col("since_day")
    if policy.recognition == "months":
        done = pl.col("month_number") - pl.col("since_month")
        before = pl.when("by_month").then(done).otherwise(before)
        after = pl.when("by_month").then(done + 1).otherwise(after)
    whole = pl.col("whole")
    reached = pl.min_horizontal(after.cast(pl.Int64), whole)
    return before.cast(pl.Int64).alias("before"), reached.alias("after")


def _cumulative(part: str, done: str) -> pl.Expr:
    """The part × ``done`` / ``whole`` rounded half to even, without a product that could wrap."""
    whole = pl.col("whole")
    rest = pl.col(f"{part} left") * pl.col(done)
    beyond = rest // whole
    twice_left = (rest - beyond * whole) * 2
    floor = pl.col(f"{part} each") * pl.col(done) + beyond
    up = (twice_left > whole) | ((twice_left == whole) & ((floor & 1) == 1))
    return floor + up.cast(pl.Int64)


def _converted(
    rows: pl.LazyFrame,
    calendar: Calendar,
    rates: Rates,
    suffixes: Sequence[str],
    parts: Sequence[str],
    *,
    narrow: bool,
) -> pl.LazyFrame:
    """The rows with their parts in the reporting currency too; null: no rate, or no room."""
    known = (narrow_factors if narrow else factors)(rates, calendar, suffixes)
    values = [valued(part, _NAMES[part], suffixes, narrow=narrow) for part in parts]
    return rows.join(known, on=["currency", "month_number"], how="left").with_columns(
        value for each in values for value in each
    )
