"""What facts are made of: the tables of one snapshot and the calendar they are read on."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from engine.facts.keeping import NOTHING_KEPT, Keeping
from engine.facts.keys import with_keys
from engine.intake.parts import Part
from engine.money import Rates
from engine.period import month_end

if TYPE_CHECKING:
    from engine.facts.recognition import Recognition

#: Months before the last that are looked at; fifty years, so that one wild date costs nothing.
HISTORY = 600


@dataclass(frozen=True, slots=True)
class Sources:
    """Canonical tables as lazy scans, None where a table was not exported.

    Attributes:
        line_parts: The rows of ``invoice_lines`` again, in parts that may be counted one by one.
        keeping: Where what parts came to is kept.
        known: What lines came to where they were counted before, None where they were not.
        roots: Who belongs to whom, see ``attributes.parents``, where that was found before.
    """

    as_of: date
    rates: Rates
    accounts: pl.LazyFrame
    subscription_items: pl.LazyFrame | None = None
    invoice_lines: pl.LazyFrame | None = None
    account_users: pl.LazyFrame | None = None
    opportunities: pl.LazyFrame | None = None
    spend: pl.LazyFrame | None = None
    targets: pl.LazyFrame | None = None
    line_parts: tuple[Part, ...] = ()
    keeping: Keeping = NOTHING_KEPT
    known: "Callable[[Recognition], pl.DataFrame | None] | None" = None
    roots: pl.DataFrame | None = None

    @property
    def lines(self) -> tuple[Part, ...]:
        """The invoice lines in parts; one that nothing is kept of where there are none."""
        whole = [] if self.invoice_lines is None else [Part(self.invoice_lines)]
        return self.line_parts or tuple(whole)

    @property
    def described(self) -> tuple[pl.LazyFrame, ...]:
        """The exported tables whose columns are dimensions, the account's attributes first."""
        tables = (
            self.accounts,
            self.subscription_items,
            self.invoice_lines,
            self.opportunities,
            self.spend,
        )
        return tuple(table for table in tables if table is not None)

    def keyed(self, dimensions: Collection[str]) -> "Sources":
        """The same, with the columns that hold those dimensions inside facts."""
        return replace(
            self,
            accounts=with_keys(self.accounts, dimensions),
            subscription_items=with_keys(self.subscription_items, dimensions),
            invoice_lines=with_keys(self.invoice_lines, dimensions),
            account_users=with_keys(self.account_users, ()),
            opportunities=with_keys(self.opportunities, dimensions),
            spend=with_keys(self.spend, dimensions),
            targets=with_keys(self.targets, dimensions),
            line_parts=tuple(
                replace(each, frame=with_keys(each.frame, dimensions)) for each in self.line_parts
            ),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months up to the last one reported, and the day in each that states are read on.

    That day is the month's end; in a month still running at ``as_of`` it is ``as_of``.

    Attributes:
        last: Number of the last month.
        constant_fx_month: Number of the month whose rates hold for all; None for each its own.
        history: How many months before the last are looked at.
        fiscal_year_start: Calendar month that fiscal quarters are counted from.
    """

    last: int
    as_of: date
    constant_fx_month: int | None = None
    history: int = HISTORY
    fiscal_year_start: int = 1

    @property
    def first(self) -> int:
        """Number of the first month."""
        return self.last - self.history

    def only(self, month: int, rate_month: int) -> "Calendar":
        """That month and the two that its usage is smoothed over, at ``rate_month``'s rates."""
        return Calendar(month, self.as_of, self.rate_month(rate_month), history=2)

    def day(self, month: int) -> date:
        """The day that states of that month are read on."""
        return min(month_end(month), self.as_of)

    def days(self) -> pl.LazyFrame:
        """One row a month: ``month_number`` (Int32) and ``day`` (Date)."""
        number = pl.int_range(self.first, self.last + 1, dtype=pl.Int32)
        start = pl.date(pl.col("month_number") // 12, pl.col("month_number") % 12 + 1, 1)
        day = pl.min_horizontal(start.dt.month_end(), pl.lit(self.as_of))
        return pl.LazyFrame().select(month_number=number).with_columns(day=day)

    def rate_month(self, month: int) -> int:
        """Number of the month whose rate converts that month's money."""
        return month if self.constant_fx_month is None else self.constant_fx_month


def number(day: str) -> pl.Expr:
    """Month number (Int32) of a Date column; null stays null."""
    return pl.col(day).dt.year().cast(pl.Int32) * 12 + pl.col(day).dt.month() - 1
