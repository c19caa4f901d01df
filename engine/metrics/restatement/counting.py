"""The counts at every step, made into what was and what is, by metric, group and account."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from types import MappingProxyType

import polars as pl

from engine.facts.book import Book
from engine.facts.sources import Calendar
from engine.metrics.restatement.causes import Cause, Ends, Step, steps
from engine.metrics.restatement.reading import Measured, measured
from engine.metrics.restatement.split import Scale, scale, split
from engine.metrics.restatement.value import Restated, Restatement
from engine.metrics.scope import Scope
from engine.period import Period

_TOTAL = "{}"
_ACCOUNT = ("account_id",)

#: A cut's groups at every step, by the dimensions of the cut.
_Counts = Mapping[tuple[str, ...], Sequence[Measured]]


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way from one end to the other."""

    ends: Ends
    path: Sequence[Step]
    notes: tuple[str, ...]


def restated(
    ends: Ends,
    periods: Sequence[Period],
    metrics: Sequence[str],
    by: Sequence[str] = (),
    *,
    scope: Scope = MappingProxyType({}),
    accounts: bool = True,
) -> tuple[Restatement, ...]:
    """The metrics of each period at both ends and what lies between.

    Args:
        ends: Their ``until`` is the last day of the last period; the rows that moved are told
            up to there for all.
        periods: Both ends know them all.
        by: Dimensions of ``groups``; without any there are none.
        scope: Values that everything is within.
        accounts: Whether to tell accounts apart.

    Raises:
        UsageError: No such metric or dimension.
        DataError: The data of one end does not hold.
    """
    walk = _Walk(ends, *steps(ends))
    cuts: set[tuple[str, ...]] = {(), tuple(by), *([_ACCOUNT] if accounts else [])}
    last = max(period.closing for period in periods)
    dimensions = {*scope, *(name for cut in cuts for name in cut)}
    books = [_book(step, last, periods[0].fiscal_year_start, dimensions) for step in walk.path]

    def counts(period: Period) -> _Counts:
        pairs = list(zip(books, (step.side.rules for step in walk.path), strict=True))
        return {
            cut: [measured(book, rules, metrics, period, cut, scope) for book, rules in pairs]
            for cut in cuts
        }

    return tuple(
        _restatement(walk, period, metrics, tuple(by), counts(period)) for period in periods
    )


def _book(step: Step, last: int, fiscal_year_start: int, dimensions: Collection[str]) -> Book:
    """The facts after the step."""
    sources, policy = step.side.sources, step.side.rules.policy
    fixed = policy.constant_fx_month
    calendar = Calendar(last, sources.as_of, fixed, fiscal_year_start=fiscal_year_start)
    return Book(sources, calendar, policy, dimensions)


def _restatement(
    walk: _Walk, period: Period, metrics: Sequence[str], by: tuple[str, ...], counts: _Counts
) -> Restatement:
    causes = [step.cause for step in walk.path if step.cause]
    whole = counts[()]
    groups = _by_size(metrics, counts[by], whole, causes) if by else ()
    accounts = counts.get(_ACCOUNT, ())
    each = _by_size(metrics, accounts, whole, causes, moved=True) if accounts else ()
    moved = tuple(one for one in each if one.contributions)
    ends = walk.ends
    return Restatement(
        period,
        ends.before.sources.as_of,
        ends.after.sources.as_of,
        tuple(_restated(name, _TOTAL, whole, causes, None) for name in metrics),
        groups,
        moved,
        _names(ends, {label for one in moved for _, label in one.group}),
        _rows(walk.path),
        (ends.before.rules, ends.after.rules),
        walk.notes,
    )


def _rows(path: Sequence[Step]) -> dict[Cause, dict[str, int]]:
    """Rows that moved, by cause and table; none that is zero."""
    rows: defaultdict[Cause, dict[str, int]] = defaultdict(dict)
    for step in path:
        if step.cause and (told := {name: count for name, count in step.rows.items() if count}):
            rows[step.cause] |= told
    return dict(rows)


def _names(ends: Ends, accounts: Collection[str]) -> dict[str, str]:
    """What those accounts are called, in the later export if it knows them."""
    wanted = pl.col("account_id").is_in(list(accounts))
    found: dict[str, str] = {}
    for side in (ends.before, ends.after):
        rows = side.sources.accounts.filter(wanted).sort("valid_from", nulls_last=False)
        named = rows.select("account_id", "name").drop_nulls().collect()
        found |= dict(named.iter_rows())
    return found


def _by_size(
    metrics: Sequence[str],
    found: Sequence[Measured],
    whole: Sequence[Measured],
    causes: Sequence[Cause],
    *,
    moved: bool = False,
) -> tuple[Restated, ...]:
    """Each metric's groups, the one that moved most first.

    Args:
        moved: Only what any step may have moved, of metrics whose groups add up.
    """
    groups = sorted({group for each in found for group in each.groups})
    may_stay = moved and all(one.rules.count_as(other.rules) for one, other in pairwise(found))
    rows: list[Restated] = []
    for name in metrics:
        readings = [each.reading(name, _TOTAL) for each in whole]
        size = scale(readings)
        if size and not all(map(partial(_adds_up, name), found, whole)):
            size = None
        if moved and not size:
            continue
        shown = [each for each in groups if not may_stay or _is_moved(name, each, found)]
        each = [_restated(name, group, found, causes, size) for group in shown]
        rows += sorted(each, key=lambda one: (-one.size, one.group))
    return tuple(rows)


def _is_moved(name: str, group: str, found: Sequence[Measured]) -> bool:
    """Whether a sum of the metric differs between any two steps."""
    metric = found[0].definitions[name]
    sides = (*metric.tops, *metric.bottoms)
    sums = [[each.sums(group).get(side) for side in sides] for each in found]
    return any(one != other for one, other in pairwise(sums))


def _adds_up(name: str, groups: Measured, whole: Measured) -> bool:
    """Whether the groups' sums make the total's, on both sides of the line."""
    metric = groups.definitions[name]
    return all(
        sum(each.get(side) or 0 for each in groups.groups.values())
        == (whole.sums(_TOTAL).get(side) or 0)
        for side in (*metric.tops, *metric.bottoms)
    )


def _restated(
    name: str,
    group: str,
    found: Sequence[Measured],
    causes: Sequence[Cause],
    whole: Scale | None,
) -> Restated:
    readings = [each.reading(name, group) for each in found]
    own, given = split(readings), whole.parts(readings) if whole else None
    reasons = (each.reason(name, group) for each in (found[-1], found[0]))
    return Restated(
        name,
        found[-1].definitions[name].unit,
        tuple(json.loads(group).items()),
        readings[0].value,
        readings[-1].value,
        _caused(causes, own or ()),
        None if given is None else _caused(causes, given),
        next(filter(None, reasons), None),
    )


def _caused(causes: Sequence[Cause], parts: Sequence[Fraction]) -> dict[Cause, Fraction]:
    sums: defaultdict[Cause, Fraction] = defaultdict(Fraction)
    for cause, part in zip(causes, parts, strict=bool(parts)):
        sums[cause] += part
    return {cause: part for cause, part in sums.items() if part}
