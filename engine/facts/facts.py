"""All facts of one snapshot under one policy, each made once."""

from collections.abc import Collection, Iterator
from functools import cached_property

import polars as pl

from engine.facts.attributes import parents
from engine.facts.billed import billed_of
from engine.facts.bundles import unbundled
from engine.facts.contracted import contracted
from engine.facts.dated import opportunities, spend
from engine.facts.derived import signed_up
from engine.facts.families import SUMS, of_parents, rolled_up
from engine.facts.keys import keys, require_dimension
from engine.facts.packing import added_up
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar, Sources, number
from engine.facts.states import states
from engine.policy import Policy
from engine.shelf import Held

#: Bytes of facts that are held in memory: those of some ten million invoice lines.
_ENOUGH = 256 << 20

#: Months after which states are valued too.
YEAR_LATER = 12


class Facts:
    """Facts kept apart by ``dimensions`` and product."""

    def __init__(
        self,
        sources: Sources,
        calendar: Calendar,
        policy: Policy,
        dimensions: Collection[str] = (),
    ) -> None:
        """Reads nothing yet; an unknown dimension is a UsageError."""
        for dimension in dimensions:
            require_dimension(sources.described, dimension)
        self.sources = sources.keyed(dimensions)
        self.calendar = calendar
        self.policy = policy
        self.keys = tuple(sorted({*keys(dimensions), "product"}))
        self._shelf = self.sources.keeping.shelf(_ENOUGH)

    @property
    def state_table(self) -> pl.LazyFrame | None:
        """The table that MRR comes from; None where it was not exported."""
        if self.policy.mrr_source == "invoices":
            return self.sources.invoice_lines
        return self.sources.subscription_items

    @property
    def states(self) -> pl.LazyFrame:
        """See ``facts.states``; accounts rolled up as the policy says."""
        return self._states.whole

    @cached_property
    def _states(self) -> Held:
        return self._shelf.held(self._states_of(self.calendar))

    def _states_of(self, calendar: Calendar) -> Iterator[pl.DataFrame]:
        own = self._own(self.state_table)
        for fact in states(self.sources, calendar, self.policy, own):
            yield self._rolled_up(self._unbundled(fact))

    @cached_property
    def states_a_month(self) -> int:
        """About how many states a month has."""
        return _a_month(self.states)

    def states_at(self, month: int, rate_month: int) -> pl.LazyFrame:
        """The states of one month, ``mrr`` valued at another month's rates."""
        if self.is_valued_at(month, rate_month):
            return self.states.filter(pl.col("month_number") == month).with_columns(mrr="mrr_year")
        facts = self._states_of(self.calendar.only(month, rate_month))
        return pl.concat(facts).lazy().filter(pl.col("month_number") == month)

    def is_valued_at(self, month: int, rate_month: int) -> bool:
        """Whether ``states`` hold that month's money at that other month's rates."""
        rates, rated = self.sources.rates, self.calendar.rate_month(rate_month)
        is_known = all(rates.has(code, rated) for code in rates.currencies)
        is_held = self.calendar.first <= month and rate_month <= self.calendar.last
        return rate_month - month == YEAR_LATER and is_held and is_known

    def contracted_where(self, rows: pl.Expr, month: int) -> pl.DataFrame:
        """States of one month of those subscription items alone, at the month's own rates."""
        items = self.sources.subscription_items
        assert items is not None  # noqa: S101  asked only where the table is
        own = self._own(items)
        calendar = self.calendar.only(month, month)
        fact = contracted(items.filter(rows), calendar, self.sources.rates, self.policy, own)
        fact = self._unbundled(fact)
        return self._rolled_up(fact.filter(pl.col("month_number") == month))

    @property
    def revenue(self) -> pl.LazyFrame:
        """See ``facts.billed``; empty where no invoice lines were exported."""
        return self._revenue.whole

    @cached_property
    def revenue_a_month(self) -> int:
        """About how many rows of revenue a month has."""
        return _a_month(self.revenue)

    @cached_property
    def _revenue(self) -> Held:
        lines = self.sources.invoice_lines
        if lines is None:
            return Held.of(pl.DataFrame())
        apart = (*self._own(lines), "charge_type", "entry_type")
        how = Recognition(self.calendar, self.sources.rates, self.policy, apart)
        facts = billed_of(self.sources, how)
        return self._shelf.held(self._rolled_up(fact) for fact in facts)

    @cached_property
    def users(self) -> pl.DataFrame:
        """One row per account and month: ``account_id``, ``month_number``, ``active_users``."""
        table = self.sources.account_users
        if table is None:
            return pl.DataFrame()
        rows = table.select("account_id", number("month").alias("month_number"), "active_users")
        return self._rolled_up(
            rows.filter(pl.col("month_number") <= self.calendar.last).collect(engine="streaming")
        )

    @cached_property
    def spend(self) -> pl.DataFrame:
        """See ``facts.dated.spend``; empty where no spend was exported."""
        table = self.sources.spend
        if table is None:
            return pl.DataFrame()
        return spend(table, self.calendar, self.sources.rates, self._own(table))

    def opportunities(self, rows: pl.Expr, month: int) -> pl.DataFrame:
        """Those opportunities, at that month's rates; see ``facts.dated.opportunities``."""
        table = self.sources.opportunities
        assert table is not None  # noqa: S101  asked only where the table is
        calendar = self.calendar.only(month, month)
        fact = opportunities(table.filter(rows), calendar, self.sources.rates)
        return self.of_parents(fact)

    @cached_property
    def account_months(self) -> pl.DataFrame:
        """One row per account and month in which it has a live row.

        The money of ``states``, its seats if it has any, and ``is_paying``: MRR above zero at
        the own rate.
        """
        sums = pl.col(sorted(SUMS & self.own_columns)).sum()
        keys = ("account_id", "month_number")
        totals = pl.concat(added_up(part, keys, [sums]) for part in self._states.parts)
        return totals.with_columns((pl.col("mrr") > 0).alias("is_paying"))

    @cached_property
    def first_paid(self) -> pl.DataFrame:
        """One row per account that ever paid: ``account_id``, ``first_paid`` (month number)."""
        paid = self.account_months.lazy().filter("is_paying")
        return (
            paid.group_by("account_id")
            .agg(pl.col("month_number").min().alias("first_paid"))
            .collect()
        )

    @cached_property
    def starts(self) -> pl.DataFrame:
        """One row per account that belongs to a cohort: ``account_id``, ``first_paid``.

        The month number of its first paying month end, or by policy of its sign-up.
        """
        if self.policy.cohort_by == "first_paid":
            return self.first_paid
        return self._earliest(signed_up(self.sources.accounts))

    def _earliest(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """First sign-up of each account, or of each family where the policy rolls up."""
        if self.policy.account_level == "account":
            return accounts
        return self.of_parents(accounts).group_by("account_id").agg(pl.col("first_paid").min())

    @cached_property
    def own_columns(self) -> frozenset[str]:
        """Columns of ``states`` that groups may be made of, whatever the day."""
        return frozenset(self.states.collect_schema())

    def of_parents(self, fact: pl.DataFrame) -> pl.DataFrame:
        """The fact with each account's topmost parent in its place, where the policy says so."""
        return of_parents(fact, self._roots)

    @cached_property
    def _account_columns(self) -> frozenset[str]:
        return self._columns(self.sources.accounts) - {"account_id"}

    def _columns(self, table: pl.LazyFrame | None) -> frozenset[str]:
        names = [] if table is None else table.collect_schema().names()
        return frozenset(names)

    def _own(self, table: pl.LazyFrame | None) -> list[str]:
        columns = self._columns(table) - {"account_id"}
        return [name for name in self.keys if name in columns]

    @cached_property
    def _roots(self) -> pl.DataFrame | None:
        """Who belongs to whom; None where the policy takes each account for itself."""
        if self.policy.account_level == "account":
            return None
        known = self.sources.roots
        return parents(self.sources.accounts) if known is None else known

    def _unbundled(self, fact: pl.DataFrame) -> pl.DataFrame:
        return unbundled(fact, self.policy.bundles if "product" in fact.columns else {})

    def _rolled_up(self, fact: pl.DataFrame) -> pl.DataFrame:
        return rolled_up(fact, self._roots)


def _a_month(fact: pl.LazyFrame) -> int:
    month = pl.col("month_number")
    found = fact.select(pl.len() // (month.max() - month.min() + 1)).collect(engine="streaming")
    return int(found.item() or 0)
