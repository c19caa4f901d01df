"""The facts of a snapshot with the dimensions they carry, and what was counted of them."""

from collections.abc import Callable, Collection, Hashable, Sequence
from functools import cached_property
from typing import TypeVar

import polars as pl

from engine.facts.attributes import EVER, UNKNOWN, attributed, history
from engine.facts.derived import DERIVED, Cut, band, cohort_labels, stage
from engine.facts.facts import Facts
from engine.facts.families import SUMS
from engine.facts.kept import Kept
from engine.facts.keys import LABEL, keys
from engine.facts.sources import Calendar, Sources
from engine.money import MICRO
from engine.policy import Policy

_Result = TypeVar("_Result")

#: What is counted of a book: a frame of keys and of what adds up over accounts.
Count = Callable[..., pl.DataFrame]


class Book(Facts):
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
            dimensions: Those that may be asked for, besides product.
            months: Months that movements will be asked for, so that they are made in one go.
        """
        super().__init__(sources, calendar, policy, dimensions)
        self.kept = Kept(months)
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

    def states_for(self, by: Sequence[str]) -> pl.LazyFrame:
        """The states, or no finer than by account where ``by`` holds nothing of the items."""
        is_finer = not (set(by) - {"account_id"}).isdisjoint(self.own_columns)
        return self.states if is_finer else self.account_months.lazy()

    def is_single(self, by: Collection[str]) -> bool:
        """Whether ``states_for`` has one row an account, month and group of those keys."""
        own = self.own_columns - SUMS - {"account_id", "month_number"}
        return own.isdisjoint(by) or own <= set(by)

    def lacking(
        self, table: pl.LazyFrame | None, by: Sequence[str], *, of_accounts: bool = True
    ) -> tuple[str, ...]:
        """Dimensions of ``by`` that neither the table nor (if it is of accounts) they carry."""
        if of_accounts:
            carried = self._columns(table) | self._account_columns | DERIVED
        else:  # the currency that was spent or planned does not say whose it is
            carried = self._columns(table) - {*keys(("currency",))}
        return tuple(name for name in by if name not in carried)

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

    def _cohorts_by(self, by: Sequence[str]) -> pl.LazyFrame:
        """Cohorts as they are known at the end of the period that ``by`` belongs to."""
        starts = self.starts
        if isinstance(by, Cut):
            starts = starts.filter(pl.col("first_paid") <= by.months[-1])
        return cohort_labels(starts, self.calendar.fiscal_year_start)

    @cached_property
    def _history(self) -> pl.DataFrame:
        names = sorted(self._account_columns & self._asked)
        return history(self.sources.accounts, names)


def _label(name: str, held: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    coded = column if held == LABEL else column.cast(pl.String).cast(LABEL)
    return coded.fill_null(UNKNOWN)
