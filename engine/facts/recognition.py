"""Lines spread over the months that they are for, each part in the reporting currency too."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.facts.conversion import OWN, valued
from engine.facts.sources import Calendar, number
from engine.facts.terms import UNRATED, at, currencies, month_terms
from engine.money import NARROW, Rates, half_even, narrowly_scaled
from engine.policy import Policy

#: What a line's parts are called, and what they are in the fact.
NAMES = {"net": "revenue", "off": "discount"}

#: Columns of few words, that rows are grouped by as numbers.
_WORDS = {
    "charge_type": pl.Enum(["recurring", "usage", "one_time"]),
    "entry_type": pl.Enum(["charge", "credit", "refund"]),
}

_LARGEST = float(2**62)


@dataclass(frozen=True, slots=True)
class Recognition:
    """How lines become parts of months.

    Attributes:
        keys: Columns of the lines that parts are kept apart by, besides the account.
        suffixes: Which rates to convert at: each month's own, the following month's, and that
            of a year later, which may be missing.
        trailing: How many months' parts each month adds up, all at its own rate; 1: its own.
        parts: ``net`` for revenue, ``off`` for discount.
        kind: Only lines of this charge type; empty for all.
        invoiced: Only lines invoiced from the first of these days to the last.
    """

    calendar: Calendar
    rates: Rates
    policy: Policy
    keys: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (OWN,)
    trailing: int = 1
    parts: tuple[str, ...] = ("net", "off")
    kind: str = ""
    invoiced: tuple[date, date] | None = None

    @property
    def by(self) -> tuple[str, ...]:
        """What a row of the fact is keyed by."""
        return tuple(dict.fromkeys(("account_id", *self.keys, "month_number")))

    @property
    def money(self) -> tuple[str, ...]:
        """Columns of the fact that are money."""
        return tuple(NAMES[part] + suffix for part in self.parts for suffix in self.suffixes)

    def named(self, lines: pl.LazyFrame) -> str:
        """A name for all that decides what lines of that shape come to."""
        nothing = pl.DataFrame(schema=lines.collect_schema()).lazy()
        plan = recognised(nothing, self, narrow=False).select(*self.by, *self.money)
        return hashlib.sha256(plan.serialize()).hexdigest()


def recognised(lines: pl.LazyFrame, how: Recognition, *, narrow: bool) -> pl.LazyFrame:
    """One row per line and month, with the part of each amount that falls into it.

    Cumulative sums are rounded half to even, so the months of a line add up to the line.

    Args:
        lines: billing/invoice_lines.
        narrow: Count in 64 bits; what has no room in them is null.

    Returns:
        ``how.by``, ``currency``, ``how.parts`` in micro-units of it, and ``how.money``; null
        where there is no rate, or no room.
    """
    spread = _spread(_native(lines, how, narrow=narrow), how).with_columns(at())
    terms = month_terms(how.rates, how.calendar, how.suffixes, narrow=narrow)
    timed = spread.join(terms, on="at", how="left").with_columns(*_elapsed(how.policy))
    apart = _apart(timed, how.parts, narrow=narrow)
    if how.trailing > 1:
        apart = _trailing(apart, how).with_columns(at()).join(terms, on="at", how="left")
    return _valued(apart, how, narrow=narrow)


def _native(lines: pl.LazyFrame, how: Recognition, *, narrow: bool) -> pl.LazyFrame:
    """The lines with their parts in micro-units of their currency; null: no room."""
    if how.kind:
        lines = lines.filter(pl.col("charge_type") == how.kind)
    if how.invoiced:
        lines = lines.filter(pl.col("invoiced_on").is_between(*how.invoiced))
    dates = ("invoiced_on", "service_from", "service_to")
    amounts = {"net": pl.col("amount") - pl.col("discount"), "off": pl.col("discount")}
    micro = pl.col("micro").fill_null(1)
    limit = pl.col("limit").fill_null(NARROW) if narrow else pl.lit(_LARGEST)
    return (
        lines.with_columns(
            pl.col(name).cast(words, strict=False)
            for name, words in _WORDS.items()
            if name in how.keys
        )
        .select(
            *dict.fromkeys(("account_id", *how.keys, "currency", *dates)),
            *[amounts[part].alias(part) for part in how.parts],
        )
        .join(currencies(how.rates), on="currency", how="left")
        .with_columns(
            pl.when((pl.col(part).cast(pl.Float64) * micro).abs() < limit).then(
                pl.col(part) * micro
            )
            for part in how.parts
        )
        .with_columns(pl.col("code").fill_null(UNRATED))
        .drop("micro", "limit")
    )


def _spread(lines: pl.LazyFrame, how: Recognition) -> pl.LazyFrame:
    """One row per line and month that it reaches into, with what the line is spread over."""
    calendar = how.calendar
    first_month = pl.max_horizontal("since_month", pl.lit(calendar.first, pl.Int32))
    last_month = pl.min_horizontal("last_month", pl.lit(calendar.last, pl.Int32))
    return (
        lines.with_columns(*_service(how.policy))
        .with_columns(
            number("since").alias("since_month"),
            (number("until") - (pl.col("until").dt.day() == 1)).alias("last_month"),
            pl.col("since").cast(pl.Int32).alias("since_day"),
            *_whole(how.policy),
        )
        .with_columns(month_number=pl.int_ranges(first_month, last_month + 1, dtype=pl.Int32))
        .drop("since", "until", "last_month", "invoiced_on", "service_from", "service_to")
        .explode("month_number", empty_as_null=False)
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


def _whole(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """Days (or months, ``by_month``) that a line is spread over, as Int64 ``whole``."""
    by_month = pl.lit(value=False)
    if policy.recognition == "months":
        by_month = (pl.col("since").dt.day() == 1) & (pl.col("until").dt.day() == 1)
    days = pl.col("until").cast(pl.Int32) - pl.col("since").cast(pl.Int32)
    whole = pl.when(by_month).then(number("until") - number("since")).otherwise(days)
    return whole.cast(pl.Int64).alias("whole"), by_month.alias("by_month")


def _elapsed(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """``before`` and ``after``: of ``whole``, what passed until the month begins and ends."""
    before = (pl.col("begins") - pl.col("since_day")).clip(lower_bound=0)
    after = pl.col("ends") - pl.col("since_day")
    if policy.recognition == "months":
        done = pl.col("month_number") - pl.col("since_month")
        before = pl.when("by_month").then(done).otherwise(before)
        after = pl.when("by_month").then(done + 1).otherwise(after)
    reached = pl.min_horizontal(after.cast(pl.Int64), "whole")
    return before.cast(pl.Int64).alias("before"), reached.alias("after")


def _apart(rows: pl.LazyFrame, parts: Sequence[str], *, narrow: bool) -> pl.LazyFrame:
    """Of each part, what was reached until ``after``, less what was until ``before``."""
    ends = {f"{part} {done}": (part, done) for part in parts for done in ("after", "before")}
    if narrow:
        shares = {name: (part, done, "whole") for name, (part, done) in ends.items()}
        reached = narrowly_scaled(rows, shares)
    else:
        products = {
            name: pl.col(part).cast(pl.Int128) * pl.col(done) for name, (part, done) in ends.items()
        }
        reached = rows.with_columns(
            half_even(product, pl.col("whole")).alias(name) for name, product in products.items()
        )
    return reached.with_columns(
        (pl.col(f"{part} after") - pl.col(f"{part} before")).alias(part) for part in parts
    )


def _trailing(rows: pl.LazyFrame, how: Recognition) -> pl.LazyFrame:
    """Each part once for its month and once for each of the following ones it still counts in."""
    kept = rows.select(*how.by, "currency", "code", *how.parts)
    months = [kept.with_columns(pl.col("month_number") + after) for after in range(how.trailing)]
    return pl.concat(months).filter(pl.col("month_number") <= how.calendar.last)


def _valued(rows: pl.LazyFrame, how: Recognition, *, narrow: bool) -> pl.LazyFrame:
    """The rows with ``how.money``."""
    if not narrow:
        values = (valued(part, NAMES[part], how.suffixes) for part in how.parts)
        return rows.with_columns(value for each in values for value in each)
    return narrowly_scaled(
        rows,
        {
            NAMES[part] + suffix: (part, f"top{suffix}", f"bottom{suffix}")
            for part in how.parts
            for suffix in how.suffixes
        },
    )
