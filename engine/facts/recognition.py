"""Lines spread over the months that they are for, each part in the reporting currency too."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.facts.conversion import OWN, valued
from engine.facts.sources import Calendar
from engine.facts.spans import months_of, require_dates, span
from engine.facts.terms import code, currencies, month_terms
from engine.money import Rates, half_even, narrowly_scaled
from engine.policy import Policy

#: What a line's parts are called, and what they are in the fact.
NAMES = {"net": "revenue", "off": "discount"}

#: Columns of few words, that rows are grouped by as numbers.
_WORDS = {
    "charge_type": pl.Enum(["recurring", "usage", "one_time"]),
    "entry_type": pl.Enum(["charge", "credit", "refund"]),
}


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
        rows = native(nothing, self)
        plan = recognised(rows, months(spans(rows, self), self), self, narrow=True)
        digest = hashlib.sha256(plan.select(*self.by, *self.money).serialize())
        spread = (self.calendar.first, self.calendar.last, self.policy.recognition)
        digest.update(f"{spread}".encode())
        return digest.hexdigest()


def native(lines: pl.LazyFrame, how: Recognition) -> pl.LazyFrame:
    """The lines that are asked for: ``account_id``, ``how.keys``, ``span`` and ``how.parts``.

    Args:
        lines: billing/invoice_lines; its parts stay in minor units of its currency.
    """
    if how.kind:
        lines = lines.filter(pl.col("charge_type") == how.kind)
    if how.invoiced:
        lines = lines.filter(pl.col("invoiced_on").is_between(*how.invoiced))
    amounts = {"net": pl.col("amount") - pl.col("discount"), "off": pl.col("discount")}
    keys = [
        pl.col(name).cast(_WORDS[name], strict=False) if name in _WORDS else pl.col(name)
        for name in dict.fromkeys(("account_id", *how.keys))
    ]
    parts = [amounts[part].alias(part) for part in how.parts]
    return lines.select(*keys, *parts, span(how.policy, code(how.rates)))


def spans(rows: pl.LazyFrame, how: Recognition) -> pl.DataFrame:
    """One row per ``span`` of the native lines, and the ``largest`` amount of any part of one.

    Raises:
        DataError: One is for longer than can be counted.
    """
    largest = pl.max_horizontal(pl.col(how.parts).cast(pl.Float64).abs()).max()
    found = rows.group_by("span").agg(largest.alias("largest")).collect(engine="streaming")
    require_dates(found)
    return found


def months(found: pl.DataFrame, how: Recognition) -> pl.DataFrame:
    """See ``spans.months_of``."""
    return months_of(found.lazy(), how.calendar, how.rates, how.policy).collect()


def has_room(months: pl.DataFrame, how: Recognition) -> bool:
    """Whether all that lines of these spans come to is known, and has room in 64 bits."""
    terms = month_terms(how.rates, how.calendar, how.suffixes, narrow=True)
    limits = currencies(how.rates).select("code", "micro", "limit")
    factors = ["bottom", *(f"top{suffix}" for suffix in how.suffixes)]
    is_small = pl.col("largest") * pl.col("micro") < pl.col("limit")
    fits = is_small & pl.all_horizontal(pl.col(factors).is_not_null())
    needed = _counting_on(months.lazy().select("code", "largest", "month_number", "at"), how)
    rows = needed.join(limits, on="code", how="left").join(terms, on="at", how="left")
    found = ((pl.col("largest") == 0) | fits).fill_null(value=False).all()
    return rows.select(found).collect().item()


def recognised(
    rows: pl.LazyFrame, months: pl.DataFrame, how: Recognition, *, narrow: bool
) -> pl.LazyFrame:
    """One row per native line and month, with the part of each amount that falls into it.

    Cumulative sums are rounded half to even, so the months of a line add up to the line.

    Args:
        rows: See ``native``.
        months: Those of their spans, see ``months``.
        narrow: Count in 64 bits, in which all has room.

    Returns:
        ``how.by``, ``how.parts`` in micro-units of the currency, and ``how.money``; null where
        there is no rate, or no room.
    """
    terms = month_terms(how.rates, how.calendar, how.suffixes, narrow=narrow)
    timed = rows.join(months.lazy().drop("code", "largest"), on="span")
    apart = _apart(timed, how.parts, narrow=narrow)
    if how.trailing > 1:
        apart = _counting_on(apart.select(*how.by, "at", *how.parts), how)
    return _valued(apart.join(terms, on="at", how="left"), how, narrow=narrow)


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


def _counting_on(rows: pl.LazyFrame, how: Recognition) -> pl.LazyFrame:
    """Each row once for its month and once for each of the following ones it still counts in."""
    months = [
        rows.with_columns(pl.col("month_number", "at") + after) for after in range(how.trailing)
    ]
    return pl.concat(months).filter(pl.col("month_number") <= how.calendar.last)


def _valued(rows: pl.LazyFrame, how: Recognition, *, narrow: bool) -> pl.LazyFrame:
    """The rows with ``how.money``."""
    if not narrow:
        values = (valued(part, NAMES[part], how.suffixes) for part in how.parts)
        return rows.with_columns(value for each in values for value in each)
    return narrowly_scaled(
        rows,
        {
            NAMES[part] + suffix: (part, f"top{suffix}", "bottom")
            for part in how.parts
            for suffix in how.suffixes
        },
    )
