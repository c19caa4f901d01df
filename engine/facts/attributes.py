"""What was known of an account on a day: segment, region, and whatever else the CRM exports."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from engine.facts.keys import LABEL

#: Shown where an attribute is null or the day lies outside the account's history rows.
UNKNOWN = "Unknown"

#: Begins before anything.
EVER = date(1, 1, 1)


def history(accounts: pl.LazyFrame, names: Sequence[str]) -> pl.DataFrame:
    """The rows of crm/accounts: ``account_id``, ``since``, ``until`` and the names as labels."""
    return accounts.select(
        "account_id",
        pl.col("valid_from").fill_null(EVER).alias("since"),
        pl.col("valid_to").alias("until"),
        *[pl.col(name).cast(pl.String).cast(LABEL) for name in names],
    ).collect(engine="streaming")


def attributed(
    fact: pl.LazyFrame, history: pl.DataFrame, names: Sequence[str], day: str = "day"
) -> pl.LazyFrame:
    """The fact with the attributes that its accounts had on each row's ``day``, as labels.

    Args:
        fact: Has ``account_id`` and ``day`` (Date).
        history: One row an account or rows that do not overlap; see ``history``.
        names: Columns of it; nulls become ``Unknown``.
    """
    rows = history.select("account_id", "since", "until", *names).lazy()
    if history["account_id"].n_unique() == history.height:
        found = fact.join(rows, on="account_id", how="left", maintain_order="left")
    else:
        found = _latest(fact, rows, day)
    begun = pl.col("since") <= pl.col(day)
    is_valid = begun & (pl.col("until").is_null() | (pl.col(day) < pl.col("until")))
    known = [pl.when(is_valid).then(pl.col(name)).fill_null(UNKNOWN) for name in names]
    return found.with_columns(known).drop("since", "until", strict=False)


def _latest(fact: pl.LazyFrame, rows: pl.LazyFrame, day: str) -> pl.LazyFrame:
    """The fact with the last of each account's rows that had begun on the day."""
    return fact.sort(day).join_asof(
        rows.sort("since"),
        left_on=day,
        right_on="since",
        by="account_id",
        strategy="backward",
        check_sortedness=False,
    )


def parents(accounts: pl.LazyFrame) -> pl.DataFrame:
    """One row per account that has a parent: ``account_id`` and ``root``, its topmost parent.

    An account's latest history row decides; a cycle keeps the accounts in it as they are.
    """
    last = accounts.sort(pl.col("valid_from").fill_null(EVER)).unique(
        "account_id", keep="last", maintain_order=True
    )
    links = last.select("account_id", "parent_account_id").drop_nulls().collect()
    parent = dict(links.iter_rows())
    roots = {account: _root(account, parent) for account in parent}
    return pl.DataFrame(
        {"account_id": list(roots), "root": list(roots.values())},
        schema={"account_id": pl.String, "root": pl.String},
    ).cast(dict.fromkeys(("account_id", "root"), links.schema["account_id"]))


def _root(account: str, parent: dict[str, str]) -> str:
    seen = {account}
    here = account
    while (above := parent.get(here)) is not None:
        if above in seen:
            return account
        seen.add(above)
        here = above
    return here
