"""Accounts counted as their topmost parent, where the policy takes a family for one account."""

import polars as pl

from engine.facts.conversion import NEXT, OWN

#: Columns of facts that are added up where accounts become one.
SUMS = frozenset(("mrr", "mrr_next", "mrr_year", "paid_seats", "free_users", "active_users")).union(
    f"{name}{suffix}" for name in ("revenue", "discount") for suffix in (OWN, NEXT)
)


def of_parents(fact: pl.DataFrame, roots: pl.DataFrame | None) -> pl.DataFrame:
    """The fact with each account's topmost parent in its place.

    Args:
        fact: Has ``account_id``.
        roots: See ``attributes.parents``; None leaves every account its own.
    """
    if roots is None:
        return fact
    root = pl.coalesce("root", "account_id").alias("account_id")
    return fact.join(roots, on="account_id", how="left").with_columns(root).drop("root")


def rolled_up(fact: pl.DataFrame, roots: pl.DataFrame | None) -> pl.DataFrame:
    """The same with the rows of a family that agree in all else added up."""
    if roots is None:
        return fact
    others = [name for name in fact.columns if name not in SUMS]
    return of_parents(fact, roots).group_by(others).agg(pl.all().sum())
