"""All facts of one snapshot under one policy, each made once, and the dimensions they carry."""

from collections.abc import Callable, Collection, Hashable, Sequence
from functools import cached_property
from typing import TypeVar

import polars as pl

from engine.facts.attributes import EVER, UNKNOWN, attributed, history, parents
from engine.facts.billed import billed_of
from engine.facts.bundles import unbundled
from engine.facts.contracted import MONEY, contracted
from engine.facts.dated import opportunities, spend
from engine.facts.derived import DERIVED, Cut, band, cohort_labels, signed_up, stage
from engine.facts.families import SUMS, of_parents, rolled_up
from engine.facts.kept import Kept
from engine.facts.keys import LABEL, keys, require_dimension
from engine.facts.packing import added_up
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar, Sources, number
from engine.facts.states import states
from engine.money import MICRO
from engine.policy import Policy

_Result = TypeVar("_Result")

#: What is counted of a book: a frame of keys and of what adds up over accounts.
Count = Callable[..., pl.DataFrame]

#: Months after which states are valued too.
YEAR_LATER = 12


class Book:
    """Facts kept apart by ``dimensions`` and product, the only ones that may be asked for.

    Attributes:
        is_counted: Whether something is to be made of what is counted; False where it is only
            looked what will be.
    """

    is_counted = True

    def __init__(
        self,
        sources: Sources,
        calendar: Calendar,
        policy: Policy,
        dimensions: Collection[str] = (),
        months: range | None = None,
    ) -> None:
        """Reads nothing yet; an unknown dimension is a UsageError.

        Args:
            months: Months that movements will be asked for, so that they are made in one go.
        """
        for dimension in dimensions:
            require_dimension(sources.described, dimension)
        self.sources = sources.keyed(dimensions)
        self.calendar = calendar
        self.policy = policy
        self.kept = Kept(months)
        self.keys = tuple(sorted({*keys(dimensions), "product"}))
        self._asked = frozenset(keys(dimensions))

    def counted(self, keys: Sequence[str], count: Count, *args: Hashable) -> pl.DataFrame:
        """What is counted of the facts by a function of the book and those arguments.

        Args:
            keys: Columns that rows are told apart by; all others add up over accounts.
        """
        return self.all_counted(keys, (count,), *args)[0]

    def all_counted(
        self,
        keys: Sequence[str],  # noqa: ARG002  for books whose accounts are counted apart
        counts: Sequence[Count],
        *args: Hashable,
    ) -> list[pl.DataFrame]:
        """The same, of several counts."""
        return [count(self, *args) for count in counts]

    def foreseen(self, work: "Callable[[Book], _Result]") -> _Result:
        """What work makes of the book, which may first look what that will count."""
        return work(self)

    @property
    def state_table(self) -> pl.LazyFrame | None:
        """The table that MRR comes from; None where it was not exported."""
        if self.policy.mrr_source == "invoices":
            return self.sources.invoice_lines
        return self.sources.subscription_items

    @cached_property
    def states(self) -> pl.DataFrame:
        """See ``facts.states``; accounts rolled up as the policy says."""
        own = self._own(self.state_table)
        fact = states(self.sources, self.calendar, self.policy, own)
        return self._rolled_up(self._unbundled(fact))

    def states_at(self, month: int, rate_month: int) -> pl.DataFrame:
        """The states of one month, ``mrr`` valued at another month's rates."""
        if self.is_valued_at(month, rate_month):
            return self.states.filter(pl.col("month_number") == month).with_columns(mrr="mrr_year")
        own = self._own(self.state_table)
        calendar = self.calendar.only(month, rate_month)
        fact = self._unbundled(states(self.sources, calendar, self.policy, own))
        return self._rolled_up(fact.filter(pl.col("month_number") == month))

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

    @cached_property
    def revenue(self) -> pl.DataFrame:
        """See ``facts.billed``; empty where no invoice lines were exported."""
        lines = self.sources.invoice_lines
        if lines is None:
            return pl.DataFrame()
        apart = (*self._own(lines), "charge_type", "entry_type")
        how = Recognition(self.calendar, self.sources.rates, self.policy, apart)
        return self._rolled_up(billed_of(self.sources, how))

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

        The money and seats of ``states``, and ``is_paying``: MRR above zero at the own rate.
        """
        sums = pl.col(*MONEY, "paid_seats", "free_users").sum()
        totals = added_up(self.states.lazy(), ("account_id", "month_number"), [sums])
        return totals.with_columns((pl.col("mrr") > 0).alias("is_paying"))

    def states_for(self, by: Sequence[str]) -> pl.LazyFrame:
        """The states, or no finer than by account where ``by`` holds nothing of the items."""
        is_finer = not (set(by) - {"account_id"}).isdisjoint(self.states.columns)
        return (self.states if is_finer else self.account_months).lazy()

    def is_single(self, by: Collection[str]) -> bool:
        """Whether ``states_for`` has one row an account, month and group of those keys."""
        own = self.own_columns - SUMS - {"account_id", "month_number"}
        return own.isdisjoint(by) or own <= set(by)

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
        if of_accounts:
            carried = self._columns(table) | self._account_columns | DERIVED
        else:  # the currency that was spent or planned does not say whose it is
            carried = self._columns(table) - {*keys(("currency",))}
        return tuple(name for name in by if name not in carried)

    @property
    def own_columns(self) -> frozenset[str]:
        """Columns of ``states`` that groups may be made of, whatever the day."""
        return frozenset(self.states.columns)

    def of_items(self, by: Sequence[str]) -> frozenset[str]:
        """Dimensions of ``by`` that are columns of the table that MRR comes from."""
        return self._columns(self.state_table).intersection(by) - {"account_id"}

    def keyed(self, fact: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The fact with the columns ``by`` as labels: its own, else the account's on the day.

        Args:
            fact: Has ``account_id`` and ``month_number``, whose state day decides.
        """
        own = fact.collect_schema()
        texts = [_label(name, own[name]) for name in by if name in own]
        keyed = self._derived(
            fact.with_columns(texts), [name for name in by if name not in own], by
        )
        described = [name for name in by if name not in own and name not in DERIVED]
        if not described:
            return keyed
        if set(described) <= set(self.settled):
            labels = self._history.lazy().select("account_id", *described)
            found = keyed.join(labels, on="account_id", how="left", maintain_order="left")
            return found.with_columns(pl.col(described).fill_null(UNKNOWN))
        dated = keyed.join(self.calendar.days(), on="month_number", how="left")
        return attributed(dated, self._history, described).drop("day")

    @cached_property
    def settled(self) -> tuple[str, ...]:
        """Attributes of accounts that no account has ever changed, and that no item has.

        They keep each account in one group, so nothing moves between those groups, and groups
        by some of them are sums of the groups by all.
        """
        rows = self._history
        lasting = (pl.col("since") == EVER) & pl.col("until").is_null()
        is_one = rows["account_id"].n_unique() == rows.height
        if not is_one or not rows.select(lasting.all()).item():
            return ()
        lines, items = self.sources.invoice_lines, self.sources.subscription_items
        own = {*self._own(lines), *self._own(items)}
        return tuple(name for name in rows.columns[3:] if name not in own)

    def _derived(self, fact: pl.LazyFrame, names: Sequence[str], by: Sequence[str]) -> pl.LazyFrame:
        """The fact with those of the names that are derived dimensions."""
        if "cohort" in names:
            fact = fact.join(self._cohorts_by(by), on="account_id", how="left")
            fact = fact.with_columns(pl.col("cohort").fill_null(UNKNOWN))
        if "stage" in names and isinstance(by, Cut):
            fact = fact.join(self.first_paid.lazy(), on="account_id", how="left")
            known = stage("first_paid", by.months).fill_null(UNKNOWN)
            fact = fact.with_columns(known.alias("stage"))
        if "mrr_band" in names:
            totals = self.account_months.lazy().select("account_id", "month_number", total="mrr")
            fact = fact.join(totals, on=["account_id", "month_number"], how="left")
            bounds = self.policy.mrr_bands
            fact = fact.with_columns(band("total", bounds, MICRO).alias("mrr_band"))
        return fact.drop("first_paid", "total", strict=False)

    @cached_property
    def starts(self) -> pl.DataFrame:
        """One row per account that belongs to a cohort: ``account_id``, ``first_paid``.

        The month number of its first paying month end, or by policy of its sign-up.
        """
        if self.policy.cohort_by == "first_paid":
            return self.first_paid
        return self._earliest(signed_up(self.sources.accounts))

    def _cohorts_by(self, by: Sequence[str]) -> pl.LazyFrame:
        """Cohorts as they are known at the end of the period that ``by`` belongs to."""
        starts = self.starts
        if isinstance(by, Cut):
            starts = starts.filter(pl.col("first_paid") <= by.months[-1])
        return cohort_labels(starts, self.calendar.fiscal_year_start)

    def _earliest(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """First sign-up of each account, or of each family where the policy rolls up."""
        if self.policy.account_level == "account":
            return accounts
        return self.of_parents(accounts).group_by("account_id").agg(pl.col("first_paid").min())

    @cached_property
    def _history(self) -> pl.DataFrame:
        names = sorted(self._account_columns & self._asked)
        return history(self.sources.accounts, names)

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

    def of_parents(self, fact: pl.DataFrame) -> pl.DataFrame:
        """The fact with each account's topmost parent in its place, where the policy says so."""
        return of_parents(fact, self._roots)


def _label(name: str, held: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    coded = column if held == LABEL else column.cast(pl.String).cast(LABEL)
    return coded.fill_null(UNKNOWN)
