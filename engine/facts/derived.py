"""Dimensions that no table exports: cohort, stage and MRR band of an account."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import polars as pl

from engine.period import MONTH, Period

#: Names of the derived dimensions.
DERIVED = frozenset({"cohort", "stage", "mrr_band"})


class Cut(tuple[str, ...]):  # noqa: SLOT001  a tuple cannot have slots of its own
    """Dimensions to group by, and the months that tell a new account from an existing one."""

    months: range

    def __new__(cls, by: Sequence[str], months: range) -> Self:
        """Takes the dimensions and the numbers of the period's months."""
        cut = super().__new__(cls, by)
        cut.months = months
        return cut

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[str, ...], range]]:
        """A tuple alone would come to another process without its months."""
        return type(self), (tuple(self), self.months)


def cohort_labels(
    first_paid: pl.DataFrame, fiscal_year_start: int, *, by_month: bool = False
) -> pl.LazyFrame:
    """``account_id`` and ``cohort``: the fiscal quarter (or month) of its first month.

    Args:
        first_paid: ``account_id`` and ``first_paid``, a month number.
    """
    months = first_paid["first_paid"].unique().to_list()
    labels = {
        month: (Period(month, MONTH) if by_month else quarter(month, fiscal_year_start)).label
        for month in months
    }
    names = pl.LazyFrame(
        {"first_paid": list(labels), "cohort": list(labels.values())},
        schema={"first_paid": pl.Int32, "cohort": pl.String},
    )
    return first_paid.lazy().join(names, on="first_paid").select("account_id", "cohort")


def quarter(month: int, fiscal_year_start: int) -> Period:
    """The fiscal quarter that the month lies in."""
    into = (month - (fiscal_year_start - 1)) % 3
    return Period(month - into, 3, fiscal_year_start)


def stage(first_paid: str, months: range) -> pl.Expr:
    """``new`` if the account first paid in those months, else ``existing``; null: no account."""
    is_new = pl.col(first_paid).is_between(months[0], months[-1])
    known = pl.when(is_new).then(pl.lit("new")).otherwise(pl.lit("existing"))
    return pl.when(pl.col("account_id").is_not_null()).then(known)


def band(mrr: str, bounds: Sequence[int], micro: int) -> pl.Expr:
    """The band that an MRR in micro-units falls into; a bound belongs to the band above it."""
    labels = [f"below {bounds[0]}"] if bounds else ["above 0"]
    labels += [f"{low} to {high}" for low, high in pairwise(bounds)]
    labels += [f"{bounds[-1]} and above"] if bounds else []
    value = pl.col(mrr)
    found = pl.when(value.is_null() | (value <= 0)).then(pl.lit("none"))
    for label, bound in zip(labels, bounds, strict=False):
        found = found.when(value < bound * micro).then(pl.lit(label))
    return found.otherwise(pl.lit(labels[-1]))


def signed_up(accounts: pl.LazyFrame) -> pl.DataFrame:
    """``account_id`` and ``first_paid``, here the month number of its first sign-up date."""
    number = pl.col("signed_up_on").dt.year().cast(pl.Int32) * 12
    month = number + pl.col("signed_up_on").dt.month() - 1
    return accounts.group_by("account_id").agg(month.min().alias("first_paid")).collect()
