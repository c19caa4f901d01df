"""Monthly recurring revenue, from whichever table the policy takes it."""

from collections.abc import Iterator, Sequence

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
) -> Iterator[pl.DataFrame]:
    """One row per account, ``keys`` and month, with the account's state on the month's day.

    No month is in two tables.

    Returns:
        ``account_id``, ``keys``, ``month_number``, ``mrr`` (the month's rate), ``mrr_next``
        (the following month's rate), ``mrr_year`` (the rate twelve months later, zero where
        that is missing), ``paid_seats``, ``free_users``. With ``mrr_source = "invoices"``
        MRR is the recurring revenue recognised in the month, which credits can make negative,
        and there are no columns of seats: those come from account_users.
    """
    facts = _recurring(sources, calendar, policy, keys)
    if policy.usage_in_mrr:
        facts = iter([_summed([*facts, *_usage(sources, calendar, policy, keys)], keys)])
    return facts


def seats(rows: pl.LazyFrame) -> tuple[pl.Expr, ...]:
    """``SEATS`` of states; zero where they are from invoices, which have no such columns."""
    found, zero = rows.collect_schema(), pl.lit(0, pl.Int64)
    return tuple(pl.col(name) if name in found else zero.alias(name) for name in SEATS)


def _recurring(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> Iterator[pl.DataFrame]:
    if policy.mrr_source == "invoices":
        return _recognised(sources, calendar, policy, keys)
    if sources.subscription_items is None:
        return iter([_empty(keys)])
    return iter([contracted(sources.subscription_items, calendar, sources.rates, policy, keys)])


def _recognised(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> Iterator[pl.DataFrame]:
    if sources.invoice_lines is None:
        return iter([_empty(keys)])
    how = Recognition(
        calendar, sources.rates, policy, tuple(keys), SUFFIXES, parts=("net",), kind="recurring"
    )
    return (_as_states(revenue, keys) for revenue in billed_of(sources, how))


def _usage(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """States that carry the mean usage of a month and the two before, at the month's own rate.

    With contracted states it is the MRR of the account's live usage row of that product (of
    several the first by its keys): where none is live any more, there is none.
    """
    if sources.invoice_lines is None:
        return iter([_empty(keys)])
    if policy.mrr_source == "invoices":
        return _means(sources, calendar, policy, keys)
    if sources.subscription_items is None:
        return iter([_empty(keys)])
    items = sources.subscription_items.filter(pl.col("billing_unit") == "usage")
    place = ["account_id", "product", "month_number"]
    held = list(dict.fromkeys((*place, *keys)))
    rows = live_rows(items, calendar, policy, list(dict.fromkeys(("product", *keys))))
    live = rows.select(held).sort(held).unique(place, keep="first", maintain_order=True)
    means = pl.concat(_means(sources, calendar, policy, ["product"])).lazy()
    found = live.join(means, on=place)
    return iter([found.with_columns(seats(found)).select(_empty(keys).columns).collect()])


def _means(
    sources: Sources, calendar: Calendar, policy: Policy, keys: Sequence[str]
) -> Iterator[pl.DataFrame]:
    third = pl.lit(_TRAILING, pl.Int64)
    how = Recognition(
        calendar, sources.rates, policy, tuple(keys), SUFFIXES, _TRAILING, ("net",), "usage"
    )
    for revenue in billed_of(sources, how):
        yield _as_states(revenue, keys).with_columns(
            half_even(pl.col(name), third).alias(name) for name in MONEY
        )


def _as_states(revenue: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return revenue.select(
        "account_id",
        *keys,
        "month_number",
        *[pl.col(f"revenue{suffix}").alias(f"mrr{suffix}") for suffix in SUFFIXES],
    )


def _summed(facts: Sequence[pl.DataFrame], keys: Sequence[str]) -> pl.DataFrame:
    return pl.concat(facts).group_by("account_id", *keys, "month_number").sum()


def _empty(keys: Sequence[str]) -> pl.DataFrame:
    names = (*MONEY, *SEATS)
    text = dict.fromkeys(("account_id", *keys), LABEL)
    return pl.DataFrame(
        schema=text | {"month_number": pl.Int32()} | {name: pl.Int64() for name in names}
    )
