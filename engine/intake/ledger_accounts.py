"""crm/accounts out of a ledger's lines: what the ledger says of each account, and since when."""

from collections.abc import Iterator

import polars as pl

from engine.intake.ledger_rows import ACCOUNT
from engine.mapping import ONCE_AN_ACCOUNT, LedgerMapping

_EXAMPLES = 3


def accounts(rows: pl.DataFrame, mapping: LedgerMapping) -> pl.DataFrame:
    """One row per account; with ``account_history``, one per run of equal attributes.

    Args:
        rows: Ledger rows of all files: the lines' columns and ``account:NAME``.
        mapping: Says which attributes there are, and whether their changes are kept.

    Returns:
        ``account_id``, ``name``, the mapped attributes, ``signed_up_on`` and, for history,
        ``valid_from`` and ``valid_to`` (exclusive, null in the last row). An empty cell says
        nothing: the latest value by invoice date holds (of several on one day the greatest),
        before the first one the first. ``name`` is the identifier unless mapped;
        ``signed_up_on`` is the earliest day stated, else of an invoice.
    """
    single = rows.group_by("account_id").agg(
        _name(mapping),
        *[_latest(name) for name in mapping.attributes],
        _signed_up_on(mapping),
        pl.min_horizontal("invoiced_on", "service_from").min().alias("since"),
    )
    columns = ("account_id", "name", *mapping.attributes, "signed_up_on")
    if not mapping.account_history:
        return single.select(columns).sort("account_id")
    opening = pl.min_horizontal("since", "signed_up_on")
    return (
        _history(rows, mapping)
        .join(single.select("account_id", "name", "signed_up_on", opening), on="account_id")
        .with_columns(pl.coalesce("valid_from", "since").alias("valid_from"))
        .select(*columns, "valid_from", "valid_to")
        .sort("account_id", "valid_from")
    )


def several_values(rows: pl.DataFrame, mapping: LedgerMapping) -> Iterator[str]:
    """One sentence per mapped column in which an account has values that were not kept."""
    kept = mapping.attributes if mapping.account_history else ()
    for name in mapping.account:
        if name in kept:
            continue
        values = pl.col(f"{ACCOUNT}{name}").cast(pl.String).drop_nulls().unique().sort()
        found = (
            rows.group_by("account_id")
            .agg(values.alias("values"))
            .filter(pl.col("values").list.len() > 1)
            .sort("account_id")
        )
        if found.height:
            yield _sentence(name, found)


def _sentence(name: str, found: pl.DataFrame) -> str:
    shown = found.head(_EXAMPLES).with_columns(pl.col("values").list.join(", ")).iter_rows()
    such_as = "; ".join(f"{account}: {values}" for account, values in shown)
    plural = "s have" if found.height > 1 else " has"
    taken = "the earliest" if name == "signed_up_on" else "the latest"
    history = "" if name in ONCE_AN_ACCOUNT else ", `account_history = true` keeps each"
    return (
        f"{found.height:,} account{plural} several values of `{name}` ({such_as}): "
        f"{taken} was taken{history}"
    )


def _name(mapping: LedgerMapping) -> pl.Expr:
    identifier = pl.col("account_id").first()
    return (
        _latest("name").fill_null(identifier)
        if "name" in mapping.account
        else (identifier.alias("name"))
    )


def _latest(name: str) -> pl.Expr:
    column = pl.col(f"{ACCOUNT}{name}")
    return column.sort_by("invoiced_on", column).drop_nulls().last().alias(name)


def _signed_up_on(mapping: LedgerMapping) -> pl.Expr:
    first = pl.col("invoiced_on").min().alias("signed_up_on")
    if "signed_up_on" not in mapping.account:
        return first
    stated = pl.col(f"{ACCOUNT}signed_up_on").min().alias("signed_up_on")
    return stated.fill_null(first)


def _history(rows: pl.DataFrame, mapping: LedgerMapping) -> pl.DataFrame:
    """Runs of equal attributes; ``valid_from`` is null in an account's first row."""
    names = list(mapping.attributes)
    known = [pl.col(name).forward_fill().backward_fill().over("account_id") for name in names]
    previous = [pl.col(name).shift().over("account_id") for name in names]
    differs = [pl.col(name).ne_missing(was) for name, was in zip(names, previous, strict=True)]
    is_first = pl.col("account_id").is_first_distinct()
    since = pl.when(~is_first).then(pl.col("invoiced_on")).alias("valid_from")
    until = pl.col("valid_from").shift(-1).over("account_id").alias("valid_to")
    return (
        rows.group_by("account_id", "invoiced_on")
        .agg(pl.col(f"{ACCOUNT}{name}").max().alias(name) for name in names)
        .sort("account_id", "invoiced_on")
        .with_columns(known)
        .filter(is_first | pl.any_horizontal(differs))
        .with_columns(since)
        .with_columns(until)
        .select("account_id", *names, "valid_from", "valid_to")
    )
