"""Whether tables mean the same accounts, and whether owning one another ever ends."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from engine.intake.checked import Checked
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import quoted
from engine.intake.read import collected
from engine.intake.spellings import closest

ACCOUNTS = "crm/accounts"
BILLING = ("billing/subscription_items", "billing/invoice_lines")

#: What tells who owns whom.
OWNERS = ("account_id", "parent_account_id", "valid_from")

#: Tables with an account, and the column that names it.
REFERENCES = (
    *((table, "account_id") for table in BILLING),
    ("billing/account_users", "account_id"),
    ("crm/opportunities", "account_id"),
    (ACCOUNTS, "parent_account_id"),
)


def account_findings(tables: Mapping[str, Checked], as_of: date) -> tuple[Finding | None, ...]:
    """What is wrong between tables and the accounts of the CRM; nothing if there are none."""
    accounts = tables.get(ACCOUNTS)
    if accounts is None or not accounts.has(("account_id",)):
        return ()
    known = known_accounts(accounts)
    named = {
        (name, column): referenced(tables[name], column)
        for name, column in REFERENCES
        if name in tables and tables[name].has((column,))
    }
    unknown = [unknown_accounts(*where, each, known) for where, each in named.items()]
    billed = [each for (name, _), each in named.items() if name in BILLING]
    circles = [owned_in_circles(accounts, as_of)] if accounts.has(OWNERS) else []
    return (*unknown, unbilled_accounts(billed, known), *circles)


def referenced(table: Checked, column: str) -> pl.DataFrame:
    """One row per account that the table names: ``account_id`` and its number of ``rows``."""
    is_named = pl.col("account_id").is_not_null()
    by_part = table.added(
        "accounts",
        lambda frame: (
            frame.select(account_id=column)
            .filter(is_named)
            .group_by("account_id")
            .agg(rows=pl.len())
        ),
    )
    return by_part.group_by("account_id").agg(pl.col("rows").sum())


def known_accounts(accounts: Checked) -> pl.DataFrame:
    """One row per account of the CRM: ``account_id``."""
    return accounts.added("ids", lambda frame: frame.select("account_id").unique()).unique()


def unknown_accounts(
    table: str, column: str, named: pl.DataFrame, known: pl.DataFrame
) -> Finding | None:
    """One finding with the number of rows whose account the CRM does not hold."""
    unknown = named.join(known, on="account_id", how="anti").sort("account_id")
    if unknown.is_empty():
        return None
    examples = tuple(
        f"{column}={quoted(account)}: {rows} row{'s' if rows != 1 else ''}"
        + _meant(closest(account, known["account_id"]))
        for account, rows in unknown.head(EXAMPLES).iter_rows()
    )
    hint = "every account is in crm/accounts; its attributes are shown as Unknown until it is"
    return Finding(table, "account-unknown", column, int(unknown["rows"].sum()), examples, hint)


def _meant(account: str | None) -> str:
    return "" if account is None else f" (did you mean {quoted(account)}?)"


def unbilled_accounts(named: Sequence[pl.DataFrame], known: pl.DataFrame) -> Finding | None:
    """One finding with the number of accounts of the CRM that billing has nothing about.

    None where billing has nothing about any: then it was not exported.
    """
    billed = pl.concat([known.clear(), *(each.select("account_id") for each in named)])
    if billed.is_empty():
        return None
    unbilled = known.join(billed, on="account_id", how="anti").sort("account_id")
    if unbilled.is_empty():
        return None
    first = unbilled["account_id"].head(EXAMPLES)
    examples = tuple(f"account_id={quoted(each)}" for each in first)
    hint = "billing has no row of these; they count only as signed up"
    return Finding(ACCOUNTS, "account-unbilled", "account_id", unbilled.height, examples, hint)


def owned_in_circles(accounts: Checked, as_of: date) -> Finding | None:
    """One finding with the number of accounts that own themselves through others.

    With history, each account's parent is the one of its latest row that starts by ``as_of``.
    """
    parents = _parents(accounts, as_of)
    circle = _circle(parents)
    if circle.is_empty():
        return None
    own = parents.filter(pl.col("account_id").is_in(circle.implode())).sort("account_id")
    examples = tuple(
        f"account_id={quoted(account)}: parent_account_id={quoted(owner)}"
        for account, owner in own.head(EXAMPLES).iter_rows()
    )
    hint = "an account's parent, its parent's parent and so on end at one without a parent"
    column = "parent_account_id"
    return Finding(ACCOUNTS, "parent-cycle", column, own.height, examples, hint)


def circling_accounts(accounts: Checked, as_of: date) -> pl.Series:
    """The accounts that own themselves through others, by name."""
    return _circle(_parents(accounts, as_of))


def _circle(parents: pl.DataFrame) -> pl.Series:
    reached = parents
    for _ in range(max(parents.height, 1).bit_length()):
        reached = _twice_as_far(reached)
    return reached.select("owner").unique().sort("owner")["owner"]


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
