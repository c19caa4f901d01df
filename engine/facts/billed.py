"""What was billed, recognised in the months that it is for."""

from collections.abc import Sequence

import polars as pl

from engine.facts.conversion import OWN, factors, lacks_rate, minor_units, require_rates, valued
from engine.facts.sources import Calendar, number
from engine.money import Rates, checked
from engine.policy import Policy

_PARTS = ("net", "off")
_LARGEST = float(2**62)


def billed(
    lines: pl.LazyFrame,
    calendar: Calendar,
    rates: Rates,
    policy: Policy,
    keys: Sequence[str],
    suffixes: Sequence[str] = (OWN,),
    trailing: int = 1,
) -> pl.DataFrame:
    """One row per account, ``keys``, charge type, entry type and month of recognition.

    Args:
        lines: billing/invoice_lines.
        keys: Further columns of it that rows are kept apart by.
        suffixes: Which rates to convert at: each month's own, the following month's.
        trailing: How many months' parts each month adds up, all at its own rate; 1: its own.

    Returns:
        ``account_id``, ``keys``, ``charge_type``, ``entry_type``, ``month_number``; with each
        suffix, ``revenue`` (net of discount, without tax, negative for credits and refunds)
        and ``discount``; Int64 micro-units. Months after the calendar's last are left out.

    Raises:
        DataError: A rate is missing, or money does not fit.
    """
    parts = _trailing(recognised(_native(lines, rates, keys), calendar, policy), trailing)
    parts = parts.filter(pl.col("month_number") <= calendar.last)
    money = _money(suffixes)
    rows = _converted(parts, calendar, rates, suffixes)
    by = ("account_id", *keys, "charge_type", "entry_type", "month_number")
    fact = rows.group_by(*dict.fromkeys(by)).agg(pl.col(*money, "unrated", "unfit").sum())
    collected = fact.collect()
    if collected["unrated"].sum():
        require_rates(rows.filter("unrated"), rates, calendar, suffixes)
    what = "billing/invoice_lines"
    checked(collected.select(pl.when(pl.col("unfit") == 0).then(pl.col(*money))), money, what)
    return collected.drop("unrated", "unfit")


def recognised(lines: pl.LazyFrame, calendar: Calendar, policy: Policy) -> pl.LazyFrame:
    """One row per line and month, with the part of ``net`` and ``off`` that falls into it.

    Cumulative sums are rounded half to even, so the months of a line add up to the line.

    Args:
        lines: Has ``net``, ``off`` (Int64), ``invoiced_on``, ``service_from``, ``service_to``.
    """
    dated = lines.with_columns(*_service(policy))
    first_month = pl.max_horizontal(number("since"), pl.lit(calendar.first, pl.Int32))
    last_month = pl.min_horizontal(
        number("until") - (pl.col("until").dt.day() == 1), pl.lit(calendar.last, pl.Int32)
    )
    spread = (
        dated.with_columns(
            pl.int_ranges(first_month, last_month + 1, dtype=pl.Int32).alias("month_number")
        )
        .explode("month_number", empty_as_null=False)
        .with_columns(*_elapsed(policy))
    )
    shares = [
        (_cumulative(part, "after") - _cumulative(part, "before")).alias(part) for part in _PARTS
    ]
    return spread.with_columns(*shares)


def _trailing(parts: pl.LazyFrame, months: int) -> pl.LazyFrame:
    """Each part once for its month and once for each of the following ones it still counts in."""
    later = [pl.col("month_number") + after for after in range(months)]
    return pl.concat([parts.with_columns(month) for month in later]) if months > 1 else parts


def _native(lines: pl.LazyFrame, rates: Rates, keys: Sequence[str]) -> pl.LazyFrame:
    """The lines with ``net`` and ``off`` in micro-units of their currency; null: no room."""
    kept = ("account_id", *keys, "charge_type", "entry_type", "currency")
    dates = ("invoiced_on", "service_from", "service_to")
    amounts = [
        (pl.col("amount") - pl.col("discount")).alias("net"),
        pl.col("discount").alias("off"),
    ]
    micro = pl.col("micro").fill_null(1)
    return (
        lines.select(*dict.fromkeys((*kept, *dates)), *amounts)
        .join(minor_units(rates), on="currency", how="left")
        .with_columns(
            pl.when((pl.col(part).cast(pl.Float64) * micro).abs() < _LARGEST).then(
                pl.col(part) * micro
            )
            for part in _PARTS
        )
    )


def _service(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """``since`` and ``until`` (exclusive): the days that a line is spread over."""
    on_invoice = pl.col("service_from").is_null() | pl.col("service_to").is_null()
    if policy.recognition == "invoice_date":
        on_invoice = pl.lit(value=True)
    next_day = pl.col("invoiced_on").dt.offset_by("1d")
    since = pl.when(on_invoice).then(pl.col("invoiced_on")).otherwise(pl.col("service_from"))
    until = pl.when(on_invoice).then(next_day).otherwise(pl.col("service_to"))
    return since.alias("since"), until.alias("until")


def _elapsed(policy: Policy) -> tuple[pl.Expr, ...]:
    """``whole``, ``before`` and ``after``: of how many days (months) how many have passed."""
    start = pl.date(pl.col("month_number") // 12, pl.col("month_number") % 12 + 1, 1)
    whole = (pl.col("until") - pl.col("since")).dt.total_days()
    before = (start - pl.col("since")).dt.total_days().clip(lower_bound=0)
    after = (start.dt.offset_by("1mo") - pl.col("since")).dt.total_days()
    days = (whole, before, pl.min_horizontal(after, whole))
    if policy.recognition == "months":
        is_whole = (pl.col("since").dt.day() == 1) & (pl.col("until").dt.day() == 1)
        done = (pl.col("month_number") - number("since")).cast(pl.Int64)
        months = ((number("until") - number("since")).cast(pl.Int64), done, done + 1)
        days = tuple(
            pl.when(is_whole).then(month).otherwise(day)
            for month, day in zip(months, days, strict=True)
        )
    return tuple(
        each.alias(name) for each, name in zip(days, ("whole", "before", "after"), strict=True)
    )


def _cumulative(part: str, done: str) -> pl.Expr:
    """``part × done / whole`` rounded half to even, without a product that could wrap."""
    amount, whole = pl.col(part), pl.col("whole")
    each = amount // whole
    rest = (amount - each * whole) * pl.col(done)
    beyond = rest // whole
    twice_left = (rest - beyond * whole) * 2
    floor = each * pl.col(done) + beyond
    up = (twice_left > whole) | ((twice_left == whole) & (floor % 2 == 1))
    return floor + up.cast(pl.Int64)


def _converted(
    parts: pl.LazyFrame, calendar: Calendar, rates: Rates, suffixes: Sequence[str]
) -> pl.LazyFrame:
    """The parts in the reporting currency, and whether money was ``unrated`` or ``unfit``."""
    revenue, discount = valued("net", "revenue", suffixes), valued("off", "discount", suffixes)
    no_value = pl.any_horizontal(pl.col(_money(suffixes)).is_null())
    lacks = lacks_rate("net", suffixes) | lacks_rate("off", suffixes)
    return (
        parts.join(factors(rates, calendar), on=["currency", "month_number"], how="left")
        .with_columns(*revenue, *discount, lacks.alias("unrated"))
        .with_columns((no_value & ~pl.col("unrated")).alias("unfit"))
    )


def _money(suffixes: Sequence[str]) -> list[str]:
    return [name + suffix for name in ("revenue", "discount") for suffix in suffixes]
