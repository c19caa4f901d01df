"""A snapshot opened for counting: checked, turned into sources, and set on a period."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType

import polars as pl

from engine.cache import Cache
from engine.cluster.book import GatheredBook, Ground
from engine.cluster.dask import workers
from engine.cluster.executor import Here
from engine.config import Workspace
from engine.errors import UsageError
from engine.facts.book import Book
from engine.facts.fact_cache import FactCache
from engine.facts.keeping import Keeping
from engine.facts.keys import dimensions_of as known_dimensions
from engine.facts.sources import Calendar
from engine.facts.tables import ACCOUNTS, ITEMS, LINES, sources
from engine.intake.conversion import Conversion
from engine.intake.parts import Part, parts, sixteenth
from engine.intake.quarantine import Quarantine, is_curable, quarantined
from engine.intake.read import canonical, steady
from engine.intake.snapshot import Snapshot, open_snapshot
from engine.intake.verdict import Verdict, data_error, verdict
from engine.metrics.answers import Answers
from engine.metrics.asks import Ask, dimensions_of, periods_of
from engine.metrics.scope import Scope
from engine.period import Period
from engine.policy import Policy
from engine.settings.validation import Validation
from engine.shelf import Shelf
from schemas.canonical import TABLES


@dataclass(frozen=True, slots=True)
class Analysis:
    """One snapshot under one policy, its verdict without errors.

    Attributes:
        quarantine: The rows set aside, which no number counts; None where nothing was.
    """

    workspace: Workspace
    snapshot: Snapshot
    policy: Policy
    verdict: Verdict
    quarantine: Quarantine | None = None

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        as_of: date | None = None,
        policy: str | None = None,
        *,
        quarantine: bool = False,
    ) -> "Analysis":
        """The snapshot of that date (default: the latest), checked.

        Args:
            quarantine: Leave out the rows that break a rule, and go on with the rest.

        Raises:
            DataError: The data does not hold; names every failed rule.
            UsageError: No such snapshot or policy.
        """
        chosen = workspace.policy(policy)
        snapshot = open_snapshot(workspace.snapshots, as_of)
        checked, aside = check(workspace, snapshot, chosen), None
        if quarantine and not checked.ok and is_curable({each.rule for each in checked.errors}):
            aside = quarantined(
                snapshot, _conversion(workspace, snapshot, chosen), _validation(workspace)
            )
            checked = check(workspace, snapshot, chosen, aside)
        if not checked.ok:
            raise data_error(checked)
        return cls(workspace, snapshot, chosen, checked, aside)

    def period(self, text: str | None, *, partial: bool = False) -> Period:
        """The period asked for, else the last complete fiscal quarter.

        Raises:
            UsageError: It is not complete at the as-of date and ``partial`` was not said, or
                it lies wholly after that date.
        """
        start = self.workspace.settings.fiscal_year_start
        if text is None:
            return Period.last_complete_quarter(self.snapshot.as_of, start)
        period = Period.parse(text, start)
        as_of = self.snapshot.as_of
        if period.first_day > as_of or (period.last_day > as_of and not partial):
            raise UsageError(
                "period-incomplete",
                f"{period.title} ends on {period.last_day}, after the snapshot of {as_of}",
                hint="take an earlier --period or a later --snapshot; "
                "--partial counts a running period as far as the snapshot goes",
            )
        return period

    def book(
        self, last: int, dimensions: Collection[str] = (), months: range | None = None
    ) -> Book:
        """Facts up to the month numbered ``last``, kept apart by the dimensions.

        Args:
            months: Months that movements will be asked for, if more than one period's.
        """
        settings = self.workspace.settings
        calendar = Calendar(
            last,
            self.snapshot.as_of,
            self.policy.constant_fx_month,
            fiscal_year_start=settings.fiscal_year_start,
        )
        if self.quarantine is None and (ground := self._ground()) is not None:
            return GatheredBook(ground, calendar, self.policy, tuple(dimensions), months)
        tables = sources(
            self.snapshot, settings.currency, self.quarantine.good if self.quarantine else {}
        )
        if self.quarantine is None and tables.invoice_lines is not None:
            cache, aside = kept(self.workspace), self.workspace.state / "aside"
            shelf = partial(Shelf, aside if cache.moment() else None)
            keeping = Keeping(FactCache(cache), shelf)
            tables = replace(tables, line_parts=_parts(self.snapshot, cache), keeping=keeping)
        return Book(tables, calendar, self.policy, dimensions, months)

    def _ground(self) -> Ground | None:
        """What books are counted from in buckets; None where all accounts are counted at once."""
        cluster = self.workspace.configuration.cluster
        if not cluster.scheduler and cluster.buckets < 2:
            return None
        where = partial(workers, cluster.scheduler, cluster.wait_seconds)
        return Ground(
            self.snapshot,
            self.workspace.settings.currency,
            where if cluster.scheduler else Here,
            cluster.buckets,
        )

    def answers(self, asks: Collection[Ask], dimensions: Collection[str] = ()) -> Answers:
        """What answers these asks, in total or within values of ``dimensions``.

        An ask by what the export has no column for is answered by nothing, except by one of
        ``dimensions``.

        Raises:
            UsageError: The export has no column for one of ``dimensions``.
        """
        settings = self.workspace.settings
        start = settings.fiscal_year_start
        periods = {text: Period.parse(text, start) for ask in asks for text in periods_of(ask)}
        wanted = {name for ask in asks for name in dimensions_of(ask)}
        has = known_dimensions(sources(self.snapshot, settings.currency).described)
        months = [month for period in periods.values() for month in period.months]
        cuts = {*dimensions, *(wanted & has)}
        first = min(months) - self.policy.churn_months
        book = self.book(max(months), cuts, range(first, max(months) + 1))
        return Answers(book, periods, cuts)

    def numbers(self, asks: Collection[Ask], scope: Scope = MappingProxyType({})) -> pl.DataFrame:
        """Every ask answered over one book of facts, in ``numbers.SCHEMA``.

        Args:
            asks: What to look up.
            scope: Answers are of these values of these dimensions alone; by default of all.
        """
        with steady(self.snapshot):
            return self.answers(asks, scope).foreseen(lambda answers: answers.rows(asks, scope))


def check(
    workspace: Workspace, snapshot: Snapshot, policy: Policy, quarantine: Quarantine | None = None
) -> Verdict:
    """The snapshot's verdict, with the tables that the policy cannot do without.

    Args:
        quarantine: Rows that are left out of it.
    """
    needed = {ACCOUNTS, ITEMS if policy.mrr_source == "subscriptions" else LINES}
    return verdict(
        snapshot,
        _conversion(workspace, snapshot, policy),
        needed=needed,
        validation=_validation(workspace),
        quarantine=quarantine,
        cache=kept(workspace),
    )


def kept(workspace: Workspace) -> Cache:
    """What was counted in earlier runs."""
    return Cache(workspace.state / "cache")


def _parts(snapshot: Snapshot, cache: Cache) -> tuple[Part, ...]:
    """The invoice lines in some sixteen parts, in their canonical shape.

    Fewer would make one restated file dearer; of more, each repeats the months ahead.
    """
    columns, enough = TABLES[LINES].columns, sixteenth(snapshot, LINES)
    return tuple(
        replace(each, frame=canonical(each.frame, columns))
        for each in parts(snapshot, LINES, cache, enough)
    )


def _conversion(workspace: Workspace, snapshot: Snapshot, policy: Policy) -> Conversion:
    return Conversion(
        workspace.settings.currency,
        snapshot.as_of,
        by_invoice_date=policy.recognition == "invoice_date",
        constant_month=policy.constant_fx_month,
    )


def _validation(workspace: Workspace) -> Validation:
    return workspace.configuration.validation
