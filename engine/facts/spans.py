"""Spans: the days of one currency that lines are spread over, and their parts in each month.

Lines of one span fall into months alike, and of spans there are few: some ten thousand in a
hundred million lines. What the calendar and the policy make of one is found once for all of its
lines, which then need one product for each end of each month.
"""

import polars as pl

from engine.errors import DataError
from engine.facts.sources import Calendar, number
from engine.facts.terms import at, currencies
from engine.money import Rates
from engine.policy import Policy

#: Bits of a span's length in days, and of the number of its currency.
_LENGTH_BITS, _CODE_BITS = 22, 9

#: Its first day is held from nought on.
_EPOCH = 2**31

_LONGEST = 2**_LENGTH_BITS - 1


def span(policy: Policy, code: pl.Expr) -> pl.Expr:
    """A line's span as one number, by its dates and the number of its currency."""
    since, until = (each.cast(pl.Int32).cast(pl.Int64) for each in _service(policy))
    length = (until - since).clip(0, _LONGEST)
    return (((since + _EPOCH) * 2**_LENGTH_BITS + length) * 2**_CODE_BITS + code).alias("span")


def months_of(
    spans: pl.LazyFrame, calendar: Calendar, rates: Rates, policy: Policy
) -> pl.LazyFrame:
    """One row per span and month of the calendar that it reaches into.

    Args:
        spans: Has ``span``; its other columns stay.

    Returns:
        ``month_number``, ``at``; ``before`` and ``after``: of ``whole`` days (or months), those
        that passed until the month begins and ends, in micro-units a minor unit.
    """
    first = pl.max_horizontal(number("since"), pl.lit(calendar.first, pl.Int32))
    last = pl.min_horizontal(number("through"), pl.lit(calendar.last, pl.Int32))
    spread = (
        _dated(spans)
        .with_columns(month_number=pl.int_ranges(first, last + 1, dtype=pl.Int32))
        .explode("month_number", empty_as_null=False)
        .join(_month_days(calendar), on="month_number")
        .join(currencies(rates).select("code", "micro"), on="code", how="left")
        .with_columns(*_elapsed(policy), pl.col("micro").fill_null(1))
        .with_columns(pl.col("before", "after") * pl.col("micro"), at())
    )
    return spread.drop("since", "through", "length", "begins", "ends", "micro")


def require_dates(spans: pl.DataFrame) -> None:
    """DataError where a span is so long that its number does not hold how long."""
    longest = spans.select((pl.col("span") // 2**_CODE_BITS % 2**_LENGTH_BITS).max()).item()
    if longest == _LONGEST:
        raise DataError(
            "service-range",
            "a line of billing/invoice_lines is for more than eleven thousand years",
            hint="look for wrong dates in service_from and service_to",
        )


def _dated(spans: pl.LazyFrame) -> pl.LazyFrame:
    """The spans with their first and last day, length in days and number of currency."""
    since = pl.col("span") // 2 ** (_LENGTH_BITS + _CODE_BITS) - _EPOCH
    length = pl.col("span") // 2**_CODE_BITS % 2**_LENGTH_BITS
    return spans.with_columns(
        since.cast(pl.Int32).cast(pl.Date).alias("since"),
        (since + length - 1).cast(pl.Int32).cast(pl.Date).alias("through"),
        length.alias("length"),
        (pl.col("span") % 2**_CODE_BITS).cast(pl.Int32).alias("code"),
    ).filter(pl.col("length") > 0)


def _service(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """The first day that a line is spread over, and the first that it is not any more."""
    next_day = pl.col("invoiced_on") + pl.duration(days=1)
    if policy.recognition == "invoice_date":
        return pl.col("invoiced_on"), next_day
    on_invoice = pl.col("service_from").is_null() | pl.col("service_to").is_null()
    since = pl.when(on_invoice).then(pl.col("invoiced_on")).otherwise(pl.col("service_from"))
    until = pl.when(on_invoice).then(next_day).otherwise(pl.col("service_to"))
    return since, until


def _elapsed(policy: Policy) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """``before``, ``after`` and ``whole`` of a month of a span, in days or, by policy, months."""
    since_day = pl.col("since").cast(pl.Int32)
    days = (
        (pl.col("begins") - since_day).clip(lower_bound=0).cast(pl.Int64),
        pl.min_horizontal((pl.col("ends") - since_day).cast(pl.Int64), "length"),
        pl.col("length"),
    )
    found = days
    if policy.recognition == "months":
        until = pl.col("through") + pl.duration(days=1)
        by_month = (pl.col("since").dt.day() == 1) & (until.dt.day() == 1)
        done = (pl.col("month_number") - number("since")).cast(pl.Int64)
        whole = (number("through") - number("since") + 1).cast(pl.Int64)
        months = (done, pl.min_horizontal(done + 1, whole), whole)
        found = tuple(
            pl.when(by_month).then(month).otherwise(day)
            for month, day in zip(months, days, strict=True)
        )
    before, after, whole = found
    return before.alias("before"), after.alias("after"), whole.alias("whole")


def _month_days(calendar: Calendar) -> pl.LazyFrame:
    """One row a month: ``begins`` and ``ends`` (exclusive) as numbers of days."""
    start = pl.date(pl.col("month_number") // 12, pl.col("month_number") % 12 + 1, 1)
    months = pl.int_range(calendar.first, calendar.last + 1, dtype=pl.Int32)
    return (
        pl.LazyFrame()
        .select(month_number=months)
        .with_columns(begins=start.cast(pl.Int32), ends=start.dt.offset_by("1mo").cast(pl.Int32))
    )
