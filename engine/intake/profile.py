"""A table's money in a few rows, so that suspicions need not go over it one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from engine.intake.checked import Checked
from engine.intake.far_days import near
from schemas.canonical.enumerations import ChargeType, EntryType

#: The day that a table's money is dated by, and which of its rows are prices.
_DATED: Mapping[str, tuple[str, pl.Expr]] = {
    "billing/subscription_items": ("valid_from", pl.lit(value=True)),
    "billing/invoice_lines": ("invoiced_on", pl.col("charge_type") == "recurring"),
    "crm/spend": ("month", pl.lit(value=True)),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A table's money by month.

    Attributes:
        frame: One row per ``month`` (first day) and ``currency``: its ``rows``, their ``net``
            (amount less discount, minor units, Int128), how many of them are ``prices`` above
            zero, and what those are ``priced`` in all.
        days: One row per ``currency`` and ``day``; of invoice lines with the number invoiced on
            the ``same_day`` as their service starts and on the ``day_before``, and of
            ``recurring`` charges and those ``undated``.
    """

    table: str
    frame: pl.DataFrame
    days: pl.DataFrame


def profile(table: Checked) -> Profile | None:
    """The table's profile; None if it has no dated money."""
    if table.name not in _DATED:
        return None
    dated, is_price = _DATED[table.name]
    read = {"amount", "currency", dated, *is_price.meta.root_names()}
    if not table.has(read):
        return None
    amount = pl.col("amount")
    discount = pl.col("discount") if table.has(("discount",)) else pl.lit(0, pl.Int64)
    counts = is_price & (amount > 0)
    sums = {
        "rows": pl.len(),
        "net": amount.cast(pl.Int128).sum() - discount.cast(pl.Int128).sum(),
        "prices": counts.sum(),
        "priced": pl.when(counts).then(amount).cast(pl.Int128).sum(),
        **_of_service(table),
    }
    # Finding the month of a day costs more than all else here: first by day, of which are few.
    by_part = table.added(
        "profile", lambda frame: frame.group_by("currency", day=dated).agg(**sums)
    )
    days = by_part.group_by("currency", "day").agg(pl.col(sums).sum())
    by_month = days.group_by("currency", month=near(pl.col("day")).dt.month_start()).agg(
        pl.col("rows", "net", "prices", "priced").sum()
    )
    return Profile(table.name, by_month.sort("month", "currency"), days)


def _of_service(table: Checked) -> Mapping[str, pl.Expr]:
    starts, invoiced = pl.col("service_from"), pl.col("invoiced_on")
    if not table.has(("service_from", "invoiced_on", "charge_type", "entry_type")):
        return {}
    is_recurring = pl.col("charge_type") == ChargeType.RECURRING.value
    recurring = is_recurring & (pl.col("entry_type") == EntryType.CHARGE.value)
    return {
        "same_day": (starts == invoiced).sum(),
        "day_before": (starts == invoiced + timedelta(days=1)).sum(),
        "recurring": recurring.sum(),
        "undated": (recurring & starts.is_null()).sum(),
    }
