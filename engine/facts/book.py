"""All facts of one snapshot under one policy, each made once, and the dimensions they carry."""

from collections.abc import Collection, Sequence
from functools import cached_property

import polars as pl

from engine.errors import UsageError, nearest
from engine.facts.attributes import UNKNOWN, attributed, parents
from engine.facts.billed import billed
from engine.facts.contracted import contracted
from engine.facts.dated import opportunities, spend
from engine.facts.sources import Calendar, Sources, number
from engine.facts.states import states
from engine.policy import Policy

_MEASURES = frozenset({"valid_from", "valid_to", "amount", "discount", "tax", "seats", "net"})


class Book:
    """Facts kept apart by ``dimensions``, the only ones that may be asked for."""

    def __init__(
        self, sources: Sources, calendar: Calendar, policy: Policy, dimensions: Collection[str] = ()
    ) -> None:
        """Reads nothing yet; an unknown dimension is a UsageError."""
        self.sources = sources
        self.calendar = calendar
        self.policy = policy
        for dimension in dimensions:
            self._require(dimension)
        by_margin = {"product"} if policy.gross_margin_by_product else set[str]()
        self.dimensions = tuple(sorted({*dimensions, *by_margin}))

    @property
    def state_table(self) -> pl.LazyFrame | None:
        """The table that MRR comes from; None where it was not exported."""
        if self.policy.mrr_source == "invoices":
            return self.sources.invoice_lines
        return self.sources.subscription_items

    @cached_property
    def states(self) -> pl.DataFrame:
        """See ``facts.states``; accounts rolled up as the policy says."""
        keys = self._own(self.state_table)
        return self._rolled_up(states(self.sources, self.calendar, self.policy, keys))

    def states_at(self, month: int, rate_month: int) -> pl.DataFrame:
        """The states of one month, ``mrr`` valued at another month's rates."""
        keys = self._own(self.state_table)
        calendar = self.calendar.only(month, rate_month)
        fact = states(self.sources, calendar, self.policy, keys)
        return self._rolled_up(fact.filter(pl.col("month_number") == month))

    def contracted_where(self, rows: pl.Expr, month: int) -> pl.DataFrame:
        """States of one month of those subscription items alone, at the month's own rates."""
        items = self.sources.subscription_items
        assert items is not None  # noqa: S101  asked only where the table is
        keys = self._own(items)
        calendar = self.calendar.only(month, month)
        fact = contracted(items.filter(rows), calendar, self.sources.rates, self.policy, keys)
        return self._rolled_up(fact.filter(pl.col("month_number") == month))

    @cached_property
    def revenue(self) -> pl.DataFrame:
        """See ``facts.billed``; empty where no invoice lines were exported."""
        lines = self.sources.invoice_lines
        if lines is None:
            return pl.DataFrame()
        keys = [key for key in self._own(lines) if key not in {"charge_type", "entry_type"}]
        fact = billed(lines, self.calendar, self.sources.rates, self.policy, keys)
        return self._rolled_up(fact)

    @cached_property
    def users(self) -> pl.DataFrame:
        """One row per account and month: ``account_id``, ``month_number``, ``active_users``."""
        table = self.sources.account_users
        if table is None:
            return pl.DataFrame()
        rows = table.select("account_id", number("month").alias("month_number"), "active_users")
        return self._rolled_up(rows.filter(pl.col("month_number") <= self.calendar.last).collect())

    @cached_property
    def spend(self) -> pl.DataFrame:
        """See ``facts.dated.spend``; empty where no spend was exported."""
        table = self.sources.spend
        if table is None:
            return pl.DataFrame()
        return spend(table, self.calendar, self.sources.rates, self._own(table))

    def opportunities(self, month: int) -> pl.DataFrame:
        """See ``facts.dated.opportunities``, at that month's rates; empty without the table."""
        table = self.sources.opportunities
        if table is None:
            return pl.DataFrame()
        calendar = self.calendar.only(month, month)
        return opportunities(table, calendar, self.sources.rates)

    @cached_property
    def account_months(self) -> pl.DataFrame:
        """One row per account and month in which it has a live row.

        ``account_id``, ``month_number``, ``mrr`` (own rate) and ``is_paying``: MRR above zero.
        """
        totals = self.states.lazy().group_by("account_id", "month_number").agg(pl.col("mrr").sum())
        return totals.with_columns((pl.col("mrr") > 0).alias("is_paying")).collect()

    @cached_property
    def first_paid(self) -> pl.DataFrame:
        """One row per account that ever paid: ``account_id``, ``first_paid`` (month number)."""
        paid = self.account_months.lazy().filter("is_paying")
        return (
            paid.group_by("account_id")
            .agg(pl.col("month_number").min().alias("first_paid"))
            .collect()
        )

    def lacking(
        self, table: pl.LazyFrame | None, by: Sequence[str], *, of_accounts: bool = True
    ) -> tuple[str, ...]:
        """Dimensions of ``by`` that neither the table nor (if it is of accounts) they carry."""
        carried = self._columns(table) | (self._account_columns if of_accounts else frozenset())
        return tuple(name for name in by if name not in carried)

    def keyed(self, fact: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The fact with the columns ``by`` as text: its own, else the account's on the day.

        Args:
            fact: Has ``account_id`` and ``month_number``, whose state day decides.
        """
        own = fact.collect_schema().names()
        texts = [pl.col(name).cast(pl.String).fill_null(UNKNOWN) for name in by if name in own]
        described = [name for name in by if name not in own]
        keyed = fact.with_columns(texts)
        if not described:
            return keyed
        dated = keyed.join(self.calendar.days(), on="month_number", how="left")
        return attributed(dated, self.sources.accounts, described).drop("day")

    @cached_property
    def _account_columns(self) -> frozenset[str]:
        names = frozenset(self.sources.accounts.collect_schema().names())
        return names - {"account_id", "parent_account_id", *_MEASURES}

    def _columns(self, table: pl.LazyFrame | None) -> frozenset[str]:
        names = [] if table is None else table.collect_schema().names()
        return frozenset(names) - _MEASURES

    def _own(self, table: pl.LazyFrame | None) -> list[str]:
        columns = self._columns(table) - {"account_id"}
        return [name for name in self.dimensions if name in columns]

    def _require(self, dimension: str) -> None:
        tables = (
            self.sources.subscription_items,
            self.sources.invoice_lines,
            self.sources.opportunities,
            self.sources.spend,
        )
        known = self._account_columns.union(*(self._columns(table) for table in tables))
        if dimension not in known:
            raise UsageError(
                "dimension",
                f"nothing in the snapshot is called `{dimension[:40]}`",
                hint=nearest(dimension, known),
            )

    @cached_property
    def _roots(self) -> pl.DataFrame:
        return parents(self.sources.accounts)

    def _rolled_up(self, fact: pl.DataFrame) -> pl.DataFrame:
        """The fact with accounts replaced by their topmost parents, where the policy says so."""
        if self.policy.account_level == "account":
            return fact
        sums = {"mrr", "mrr_next", "paid_seats", "free_users", "active_users"} | {
            f"{name}{suffix}" for name in ("revenue", "discount") for suffix in ("", "_next")
        }
        keys = [name for name in fact.columns if name not in sums]
        rolled = fact.join(self._roots, on="account_id", how="left").with_columns(
            pl.coalesce("root", "account_id").alias("account_id")
        )
        return rolled.drop("root").group_by(keys).agg(pl.all().sum())
