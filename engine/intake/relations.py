"""Whether tables mean the same accounts, and whether owning one another ever ends."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from engine.intake.counting import Checked
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import quoted
from engine.intake.read import collected

ACCOUNTS = "crm/accounts"
BILLING = ("billing/subscription_items", "billing/invoice_lines")

#: Tables with an account, and the column that names it.
REFERENCES = (
    *((table, "account_id") for table in BILLING),
    ("billing/account_users", "account_id"),
    ("crm/opportunities", "account_id"),
    (ACCOUNTS, "parent_account_id"),
)


def referenced(table: Checked, column: str) -> pl.DataFrame:
    """One row per account that the table names: ``account_id`` and its number of ``rows``."""
    named = table.frame.select(account_id=column).filter(pl.col("account_id").is_not_null())
    return collected(named.group_by("account_id").agg(rows=pl.len()), table.name)


def known_accounts(accounts: Checked) -> pl.DataFrame:
    """One row per account of the CRM: ``account_id``."""
    return collected(accounts.frame.select("account_id").unique(), accounts.name)


def unknown_accounts(
    table: str, column: str, named: pl.DataFrame, accounts: pl.DataFrame
) -> Finding | None:
    """One finding with the number of rows whose account the CRM does not hold."""
    unknown = named.join(accounts, on="account_id", how="anti").sort("account_id")
    if unknown.is_empty():
        return None
    examples = tuple(
        f"{column}={quoted(account)}: {rows} row{'s' if rows != 1 else ''}"
        for account, rows in unknown.head(EXAMPLES).iter_rows()
    )
    hint = "every account is in crm/accounts; its attributes are shown as Unknown until it is"
    return Finding(table, "account_unknown", column, int(unknown["rows"].sum()), examples, hint)


def unbilled_accounts(named: Sequence[pl.DataFrame], accounts: pl.DataFrame) -> Finding | None:
    """One finding with the number of accounts of the CRM that billing has nothing about."""
    billed = pl.concat([each.select("account_id") for each in named])
    unbilled = accounts.join(billed, on="account_id", how="anti").sort("account_id")
    if unbilled.is_empty():
        return None
    first = unbilled["account_id"].head(EXAMPLES)
    examples = tuple(f"account_id={quoted(each)}" for each in first)
    hint = "billing has no row of these; they count only as signed up"
    return Finding(ACCOUNTS, "account_unbilled", "account_id", unbilled.height, examples, hint)


def owned_in_circles(accounts: Checked, as_of: date) -> Finding | None:
    """One finding with the number of accounts that own themselves through others.

    With history, each account's parent is the one of its latest row that starts by ``as_of``.
    """
    parents = _parents(accounts, as_of)
    reached = parents
    for _ in range(max(parents.height, 1).bit_length()):
        reached = _twice_as_far(reached)
    circle = reached.select("owner").unique().sort("owner")["owner"]
    if circle.is_empty():
        return None
    own = parents.filter(pl.col("account_id").is_in(circle.implode())).sort("account_id")
    examples = tuple(
        f"account_id={quoted(account)}: parent_account_id={quoted(owner)}"
        for account, owner in own.head(EXAMPLES).iter_rows()
    )
    hint = "an account's parent, its parent's parent and so on end at one without a parent"
    column = "parent_account_id"
    return Finding(ACCOUNTS, "parent_cycle", column, own.height, examples, hint)


def _parents(accounts: Checked, as_of: date) -> pl.DataFrame:
    """One row per account with a parent: ``account_id`` and ``owner``."""
    started = pl.col("valid_from").is_null() | (pl.col("valid_from") <= as_of)
    latest = (
        accounts.frame.filter(started, pl.col("account_id").is_not_null())
        .select("account_id", "valid_from", owner="parent_account_id")
        .sort("account_id", "valid_from", "owner")
        .group_by("account_id", maintain_order=True)
        .agg(pl.col("owner").last())
    )
    return collected(latest.filter(pl.col("owner").is_not_null()), accounts.name)


def _twice_as_far(reached: pl.DataFrame) -> pl.DataFrame:
    """Each account with the one above by twice the steps; gone where the way ends before."""
    above = reached.rename({"account_id": "owner", "owner": "further"})
    return reached.join(above, on="owner", how="inner").select("account_id", owner="further")
