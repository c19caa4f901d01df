"""What was and what is: one metric with its causes, and all that were asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from engine.metrics.model import Unit
from engine.metrics.restatement.causes import Cause
from engine.metrics.restatement.rules import Rules
from engine.metrics.restatement.split import ZERO
from engine.period import Period


@dataclass(frozen=True, slots=True)
class Restated:
    """One metric in total, of a group or of an account.

    Attributes:
        was: Exact, money in major units; ``now`` the same; None: no value, see ``reason``.
        causes: Cause → what it did to this value; no zeros; adds up to ``change``.
        contributions: Cause → what it did here to the metric's total. Over the groups they add
            up to the total's causes. None where the metric's sums do not add over the groups,
            or it is neither a sum nor a ratio of two.
    """

    metric: str
    unit: Unit
    group: tuple[tuple[str, str], ...]
    was: Fraction | None
    now: Fraction | None
    causes: Mapping[Cause, Fraction]
    contributions: Mapping[Cause, Fraction] | None
    reason: str | None = None

    @property
    def change(self) -> Fraction | None:
        """What is less what was; None where one of them is not known."""
        return None if self.was is None or self.now is None else self.now - self.was

    @property
    def contribution(self) -> Fraction | None:
        """What of the total's change comes from here."""
        if self.contributions is None:
            return None
        return sum(self.contributions.values(), ZERO)

    @property
    def size(self) -> Fraction:
        """By how much to rank it: its contribution, else its own change."""
        found = self.change if self.contribution is None else self.contribution
        return abs(found or ZERO)


@dataclass(frozen=True, slots=True)
class Restatement:
    """A period's metrics on two snapshots.

    Attributes:
        before: As-of date of the earlier count; ``after`` of the later.
        metrics: In total, as they were asked for.
        groups: Per metric, those that moved it most first; all there are at either end.
        accounts: The same, by ``account_id``; only of what moved, and only where it adds up.
        names: Names of those accounts by ``account_id``.
        rows: Cause → table → rows that moved for it and begin by the period's end.
        rules: What was counted by at either end.
        notes: What a reader must know of how the tables were matched.
    """

    period: Period
    before: date
    after: date
    metrics: tuple[Restated, ...]
    groups: tuple[Restated, ...]
    accounts: tuple[Restated, ...]
    names: Mapping[str, str]
    rows: Mapping[Cause, Mapping[str, int]]
    rules: tuple[Rules, Rules]
    notes: tuple[str, ...] = ()

    def one(self, metric: str) -> Restated:
        """The metric in total; one that was not asked for is a KeyError."""
        return {each.metric: each for each in self.metrics}[metric]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Causes that moved anything, in their order."""
        every = (*self.metrics, *self.groups, *self.accounts)
        found = {cause for each in every for cause in (*each.causes, *(each.contributions or {}))}
        return tuple(cause for cause in Cause if cause in found)
