"""What moved between two snapshots in a period that both know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from engine.analysis import Analysis
from engine.facts.tables import RATES, sources
from engine.intake.identity import identities
from engine.intake.snapshot import Snapshot, as_of_dates, table_of
from engine.metrics.restatement import Ends, Restatement, Rules, Side, restated
from engine.metrics.scope import Scope
from engine.period import Period


def restatement(
    before: Analysis,
    after: Analysis,
    period: Period,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    *,
    rules: Rules | None = None,
    accounts: bool = True,
) -> Restatement:
    """The metrics of the period on both snapshots, and why they differ.

    Args:
        by: Dimensions to tell groups apart by; without any, only totals and accounts.
        rules: What was counted by then; default: the policy that ``before`` was opened with.
        accounts: Whether to tell accounts apart.

    Raises:
        UsageError: No such metric or dimension.
    """
    ends = _ends(before, after, period, rules or Rules(before.policy))
    (found,) = restated(ends, (period,), metrics, by, accounts=accounts)
    return found


def first_snapshot(days: Iterable[date], period: Period) -> date | None:
    """The earliest after the period's end, else one of its last day; None where there is none."""
    known = sorted(day for day in days if day >= period.last_day)
    return next((day for day in known if day > period.last_day), known[0] if known else None)


def first_snapshots(after: Analysis, periods: Iterable[Period]) -> dict[Period, date]:
    """The snapshot that each period was first reported from, of those that are still there.

    Periods that only the analysed snapshot itself, or a later one, knows as a whole are not in it.
    """
    days = [day for day in as_of_dates(after.workspace.snapshots) if day < after.snapshot.as_of]
    found = {period: first_snapshot(days, period) for period in periods}
    return {period: day for period, day in found.items() if day is not None}


def restatements(
    after: Analysis,
    firsts: Mapping[Period, date],
    metrics: Sequence[str],
    scope: Scope = MappingProxyType({}),
) -> tuple[Restatement, ...]:
    """What those periods were on their snapshots, by today's rules, and are on this one.

    Args:
        firsts: As ``first_snapshots`` finds them.
        scope: Values that everything is within.

    Raises:
        DataError: An earlier snapshot does not hold.
    """
    found: list[Restatement] = []
    for day in sorted(set(firsts.values())):
        periods = sorted((each for each in firsts if firsts[each] == day), key=lambda p: p.start)
        before = Analysis.open(after.workspace, day, after.policy.name)
        ends = _ends(before, after, periods[-1], Rules(after.policy))
        found += restated(ends, periods, metrics, scope=scope)
    return tuple(sorted(found, key=lambda each: -each.period.start))


def _ends(before: Analysis, after: Analysis, last: Period, rules: Rules) -> Ends:
    currency = after.workspace.settings.currency
    return Ends(
        Side(sources(before.snapshot, currency), rules),
        Side(sources(after.snapshot, currency), Rules(after.policy)),
        same_tables(before.snapshot, after.snapshot, after.workspace.state),
        last.last_day,
    )


def same_tables(one: Snapshot, other: Snapshot, state: Path) -> frozenset[str]:
    """Tables that are the same bytes in both, or in neither."""
    files = [_files(each, state) for each in (one, other)]
    names = {*files[0], *files[1], *one.tables, *other.tables, RATES}
    return frozenset(name for name in names if files[0].get(name) == files[1].get(name))


def _files(snapshot: Snapshot, state: Path) -> dict[str, tuple[tuple[str, str], ...]]:
    """Table → name and digest of each of its files, in their order."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for each in identities(snapshot, state):
        name = table_of(each.path) or ""
        found[name] = (*found.get(name, ()), (each.path, each.sha256))
    return found
