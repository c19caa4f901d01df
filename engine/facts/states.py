"""Monthly recurring revenue, from whichever table the policy takes it."""

from collections.abc import Sequence

import polars as pl

from engine.facts.billed import billed_of
from engine.facts.contracted import MONEY, SUFFIXES, contracted, live_rows
from engine.facts.keys import LABEL
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar, Sources
from engine.money import half_even
from engine.policy import Policy

#: Columns that count people.
SEATS = ("paid_seats", "free_users")

_TRAILING = 3


def states(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.DataFrame:
    """One row per account, ``keys`` and month, with the account's state on the month's day.

    Returns:
        ``account_id``, ``keys``, ``month_number``, ``mrr`` (the month's rate), ``mrr_next``
        (the following month's rate), ``mrr_year`` (the rate twelve months later, zero where
        that is missing), ``paid_seats``, ``free_users``. With ``mrr_source = "invoices"``
        MRR is the recurring revenue recognised in the month, which credits can make negative,
        and there are no columns of seats: those come from account_users.
    """
    fact = _recurring(sources, calendar, policy, keys)
    if policy.usage_in_mrr:
        fact = _summed(pl.concat([fact, _usage(sources, calendar, policy, keys)]), keys)
    return fact


def seats(rows: pl.LazyFrame) -> tuple[pl.Expr, ...]:
    """``SEATS`` of states; zero where they are from invoices, which have no such columns."""
    found, zero = rows.collect_schema(), pl.lit(0, pl.Int64)
    return tuple(pl.col(name) if name in found else zero.alias(name) for name in SEATS)


def _recurring(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.DataFrame:
    if policy.mrr_source == "invoices":
        return _recognised(sources, calendar, policy, keys)
    if sources.subscription_items is None:
        return _empty(keys)
    return contracted(sources.subscription_items, calendar, sources.rates, policy, keys)


def _recognised(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.DataFrame:
    if sources.invoice_lines is None:
        return _empty(keys)
    how = Recognition(
        calendar, sources.rates, policy, tuple(keys), SUFFIXES, parts=("net",), kind="recurring"
    )
    revenue = billed_of(sources, how)
    return _as_states(revenue.lazy(), keys).collect()


def _usage(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.DataFrame:
    """States that carry the mean usage of a month and the two before, at the month's own rate.

    With contracted states it is the MRR of the account's live usage row of that product (of
    several the first by its keys): where none is live any more, there is none.
    """
    if sources.invoice_lines is None:
        return _empty(keys)
    if policy.mrr_source == "invoices":
        return _mean(sources, calendar, policy, keys).collect()
    if sources.subscription_items is None:
        return _empty(keys)
    items = sources.subscription_items.filter(pl.col("billing_unit") == "usage")
    place = ["account_id", "product", "month_number"]
    held = list(dict.fromkeys((*place, *keys)))
    rows = live_rows(items, calendar, policy, list(dict.fromkeys(("product", *keys))))
    live = rows.select(held).sort(held).unique(place, keep="first", maintain_order=True)
    means = _mean(sources, calendar, policy, ["product"])
    found = live.join(means, on=place)
    return found.with_columns(seats(found)).select(_empty(keys).columns).collect()


def _mean(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> pl.LazyFrame:
    third = pl.lit(_TRAILING, pl.Int64)
    how = Recognition(
        calendar, sources.rates, policy, tuple(keys), SUFFIXES, _TRAILING, ("net",), "usage"
    )
    revenue = billed_of(sources, how)
    states = _as_states(revenue.lazy(), keys)
    return states.with_columns(
        half_even(pl.col(f"mrr{suffix}"), third).alias(f"mrr{suffix}") for suffix in SUFFIXES
    ).select(states.collect_schema().names())


def _as_states(revenue: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    return revenue.select(
        "account_id",
        *keys,
        "month_number",
        *[pl.col(f"revenue{suffix}").alias(f"mrr{suffix}") for suffix in SUFFIXES],
    )


def _summed(fact: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return fact.group_by("account_id", *keys, "month_number").sum()


def _empty(keys: Sequence[str]) -> pl.DataFrame:
    names = (*MONEY, *SEATS)
    text = dict.fromkeys(("account_id", *keys), LABEL)
    return pl.DataFrame(
        schema=text | {"month_number": pl.Int32()} | {name: pl.Int64() for name in names}
    )
