"""Which money is converted into the reporting currency, and at which months' rates."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.period import month_number


@dataclass(frozen=True, slots=True)
class Conversion:
    """How money is turned into one currency.

    Attributes:
        currency: The reporting currency.
        as_of: The snapshot's day; rates are asked for up to the last month complete on it.
        by_invoice_date: Lines are recognised in the month of their invoice, not of service.
        constant_month: Number of the one month whose rates hold for all; None: each its own.
    """

    currency: str
    as_of: date
    by_invoice_date: bool = False
    constant_month: int | None = None

    @property
    def last(self) -> int:
        """Number of the last complete month."""
        _, length = monthrange(self.as_of.year, self.as_of.month)
        return month_number(self.as_of) - (self.as_of.day < length)


@dataclass(frozen=True, slots=True)
class Use:
    """Where a table has money, and the months it is converted at.

    Attributes:
        counts: Whether a row has money to convert.
        since: First day it is converted on.
        until: Last day; null: it goes on.
        reads: The columns that all of these read, ``currency`` too.
    """

    counts: pl.Expr
    since: pl.Expr
    until: pl.Expr
    reads: tuple[str, ...]


def uses(conversion: Conversion) -> Mapping[str, Use]:
    """Every table with money in several currencies."""
    amount = pl.col("amount")
    month, invoiced, closes = (pl.col(each) for each in ("month", "invoiced_on", "close_on"))
    dates = ("valid_from", "valid_to")
    services = ("service_from", "service_to", "invoiced_on")
    served = (pl.col("service_from"), pl.col("service_to") - pl.duration(days=1))
    since, until = (invoiced, invoiced)
    if not conversion.by_invoice_date:
        since, until = (pl.coalesce(each, invoiced) for each in served)
    return {
        "billing/subscription_items": Use(
            amount != pl.col("discount"),
            pl.col("valid_from"),
            pl.col("valid_to"),
            ("amount", "discount", "currency", *dates),
        ),
        "billing/invoice_lines": Use(
            (amount != 0) | (pl.col("discount") != 0),
            since,
            until,
            ("amount", "discount", "currency", *services),
        ),
        "crm/opportunities": Use(amount != 0, closes, closes, ("amount", "currency", "close_on")),
        "crm/spend": Use(amount != 0, month, month, ("amount", "currency", "month")),
    }
