"""What was known of an account on a day: segment, region, and whatever else the CRM exports."""

from collections.abc import Sequence
from datetime import date

import polars as pl

#: Shown where an attribute is null or the day lies outside the account's history rows.
UNKNOWN = "Unknown"

_EVER = date(1, 1, 1)


def attributed(
    fact: pl.LazyFrame, accounts: pl.LazyFrame, names: Sequence[str], day: str = "day"
) -> pl.LazyFrame:
    """The fact with the attributes that its accounts had on each row's ``day``, as text.

    Args:
        fact: Has ``account_id`` and ``day`` (Date).
        accounts: crm/accounts, one row an account or history rows that do not overlap.
        names: Columns of ``accounts``; nulls become ``Unknown``.
    """
    history = accounts.select(
        "account_id",
        pl.col("valid_from").fill_null(_EVER).alias("since"),
        pl.col("valid_to").alias("until"),
        *[pl.col(name).cast(pl.String) for name in names],
    ).sort("since")
    is_valid = pl.col("until").is_null() | (pl.col(day) < pl.col("until"))
    known = [pl.when(is_valid).then(pl.col(name)).fill_null(UNKNOWN) for name in names]
    return (
        fact.sort(day)
        .join_asof(
            history,
            left_on=day,
            right_on="since",
            by="account_id",
            strategy="backward",
            check_sortedness=False,
        )
        .with_columns(known)
        .drop("since", "until", strict=False)
    )


def parents(accounts: pl.LazyFrame) -> pl.DataFrame:
    """One row per account that has a parent: ``account_id`` and ``root``, its topmost parent.

    An account's latest history row decides; a cycle keeps the accounts in it as they are.
    """
    last = accounts.sort(pl.col("valid_from").fill_null(_EVER)).unique(
        "account_id", keep="last", maintain_order=True
    )
    links = last.select("account_id", "parent_account_id").drop_nulls().collect()
    parent = dict(links.iter_rows())
    roots = {account: _root(account, parent) for account in parent}
    return pl.DataFrame(
        {"account_id": list(roots), "root": list(roots.values())},
        schema={"account_id": pl.String, "root": pl.String},
    )


def _root(account: str, parent: dict[str, str]) -> str:
    seen = {account}
    here = account
    while (above := parent.get(here)) is not None:
        if above in seen:
            return account
        seen.add(above)
        here = above
    return here
