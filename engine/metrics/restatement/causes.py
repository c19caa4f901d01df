"""Why a number of the past may move, and the tables between the earlier and the later ones."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import polars as pl

from engine.facts.sources import Sources
from engine.metrics.restatement.rules import Rules
from engine.metrics.restatement.versions import KEYED, Versions, aligned, begun

ACCOUNTS = "crm/accounts"
RATES = "billing/fx_rates"


class Cause(StrEnum):
    """What moved a number, in the order in which it is exchanged."""

    DEFINITIONS = "definitions"
    RATES = "rates"
    ACCOUNTS = "accounts"
    REMOVED = "removed"
    AMENDED = "amended"
    LATE = "late"
    HEAD_COUNTS = "head_counts"
    SPEND = "spend"
    TARGETS = "targets"
    DAY = "day"

    @property
    def words(self) -> str:
        """What happened, in a few words."""
        return _WORDS[self]

    @property
    def meaning(self) -> str:
        """What happened, as a sentence of its own."""
        return _MEANINGS[self]


_WORDS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.DEFINITIONS: "policy or definitions changed",
        Cause.RATES: "exchange rates revised",
        Cause.ACCOUNTS: "accounts' attributes or history changed",
        Cause.REMOVED: "lines removed",
        Cause.AMENDED: "lines amended",
        Cause.LATE: "lines booked late",
        Cause.HEAD_COUNTS: "head counts of active users revised",
        Cause.SPEND: "spend revised",
        Cause.TARGETS: "targets revised",
        Cause.DAY: "days that had not come yet",
    }
)

_MEANINGS: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.DEFINITIONS: "The policy or a definition is another one than when it was reported.",
        Cause.RATES: "An exchange rate of the past was corrected.",
        Cause.ACCOUNTS: "The CRM tells an account's attributes or their history otherwise, such "
        "as its segment.",
        Cause.REMOVED: "Contract lines, invoice lines or deals that are no longer exported.",
        Cause.AMENDED: "Lines that were there before, with other terms, such as an end that was "
        "entered late.",
        Cause.LATE: "Lines that begin in the period or before it and were entered only later; "
        "a change that was entered late ends one line (amended) and begins another.",
        Cause.HEAD_COUNTS: "The month's active users were counted anew.",
        Cause.SPEND: "Sales and marketing cost was booked, moved or corrected later.",
        Cause.TARGETS: "Plan figures were changed.",
        Cause.DAY: "The period was still running when it was first reported.",
    }
)

#: Tables that have no rows of their own to follow: exchanged as a whole.
_WHOLE: Mapping[Cause, tuple[str, str]] = {
    Cause.HEAD_COUNTS: ("billing/account_users", "account_users"),
    Cause.SPEND: ("crm/spend", "spend"),
    Cause.TARGETS: ("crm/targets", "targets"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One end: a snapshot's tables, and the rules that it is counted by."""

    sources: Sources
    rules: Rules


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a cause; the first one has none.

    Attributes:
        rows: What moved, as counts by table; only of causes that are rows.
    """

    cause: Cause | None
    side: Side
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends, and what is known of the difference before anything is counted.

    Attributes:
        same: Tables whose files are the same bytes.
        until: The period's last day; what begins later is not told as having moved.
    """

    before: Side
    after: Side
    same: Collection[str]
    until: date


def steps(ends: Ends) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The states from the earlier end to the later one, and what a reader must know of them.

    A cause that did not touch its tables has no step; the last state is the later end itself.
    """
    before, after = _with_same_columns(ends)
    versions = {name: _versions(before, after, name, ends) for name in KEYED}
    found = [Step(None, Side(before, ends.before.rules), {})]
    for cause, sources, rows in _states(before, after, versions, ends):
        found.append(Step(cause, Side(sources, ends.after.rules), rows))
    found[-1] = replace(found[-1], side=Side(after, found[-1].side.rules))
    return tuple(found), tuple(note for each in versions.values() for note in each.notes)


def _states(
    before: Sources, after: Sources, versions: Mapping[str, Versions], ends: Ends
) -> Iterator[tuple[Cause, Sources, Mapping[str, int]]]:
    now = before
    if not ends.before.rules.count_as(ends.after.rules):
        yield Cause.DEFINITIONS, now, {}
    revised = () if RATES in ends.same else after.rates.revisions(before.rates)
    now = replace(now, rates=after.rates.over(before.rates))
    if revised:
        yield Cause.RATES, now, {RATES: len(revised)}
    gone = _gone(before, after)
    if ACCOUNTS not in ends.same:
        now = replace(now, accounts=pl.concat([after.accounts, gone]))
        yield Cause.ACCOUNTS, now, {ACCOUNTS: _changed_accounts(before, after, ends.until)}
    for cause in (Cause.REMOVED, Cause.AMENDED, Cause.LATE):
        moved = {name: each for name, each in versions.items() if each.has(cause.value)}
        if moved:
            now = replace(
                now, **{KEYED[name]: each.at(cause.value) for name, each in moved.items()}
            )
            yield cause, now, {name: each.rows(cause.value) for name, each in moved.items()}
    for cause, (name, attribute) in _WHOLE.items():
        pair = getattr(before, attribute), getattr(after, attribute)
        if name not in ends.same and _differ(*pair, ends.until):
            now = replace(now, **{attribute: pair[1]})
            yield cause, now, {}
    if min(before.as_of, after.as_of) < ends.until:
        now = replace(now, as_of=after.as_of)
        yield Cause.DAY, now, {}
    if ACCOUNTS not in ends.same and not gone.limit(1).collect().is_empty():
        yield Cause.ACCOUNTS, after, {}


def _with_same_columns(ends: Ends) -> tuple[Sources, Sources]:
    """The sources of both ends, each table with the columns of either export."""
    before, after = ends.before.sources, ends.after.sources
    shaped: dict[str, tuple[pl.LazyFrame, pl.LazyFrame]] = {}
    for attribute in ("accounts", *KEYED.values(), "spend"):
        old, new = getattr(before, attribute), getattr(after, attribute)
        if old is not None and new is not None:
            shaped[attribute] = aligned(old, new)
    return (
        replace(before, **{name: pair[0] for name, pair in shaped.items()}),
        replace(after, **{name: pair[1] for name, pair in shaped.items()}),
    )


def _versions(before: Sources, after: Sources, name: str, ends: Ends) -> Versions:
    old, new = getattr(before, KEYED[name]), getattr(after, KEYED[name])
    return Versions.of(name, old, new, ends.until, is_same=name in ends.same)


def _gone(before: Sources, after: Sources) -> pl.LazyFrame:
    """Rows of accounts that the later export does not know."""
    return before.accounts.join(after.accounts, on="account_id", how="anti")


def _changed_accounts(before: Sources, after: Sources, until: date) -> int:
    """How many accounts of the earlier export were told otherwise up to the day in the later."""
    old, new = (begun(each.accounts, pl.col("valid_from"), until) for each in (before, after))
    columns = old.collect_schema().names()
    mine = new.join(old, on="account_id", how="semi")
    sides = [
        one.join(other, on=columns, how="anti", nulls_equal=True).select("account_id")
        for one, other in ((old, new), (mine, old))
    ]
    return pl.concat(sides).select(pl.col("account_id").n_unique()).collect().item()


def _differ(before: pl.LazyFrame | None, after: pl.LazyFrame | None, until: date) -> bool:
    """Whether a table's rows of months up to the day, if it has months, are not the same."""
    if before is None or after is None:
        return before is not after
    if before.collect_schema() != after.collect_schema():
        return True
    old, new = (_counted(each, until) for each in (before, after))
    columns = old.collect_schema().names()
    either = [
        one.join(other, on=columns, how="anti", nulls_equal=True).select(pl.len())
        for one, other in ((old, new), (new, old))
    ]
    return any(each.item() for each in pl.collect_all(either))


def _counted(rows: pl.LazyFrame, until: date) -> pl.LazyFrame:
    """Each different row once, with how often it is there."""
    columns = rows.collect_schema().names()
    if "month" in columns:
        rows = rows.filter(pl.col("month") <= until)
    return rows.group_by(columns).agg(pl.len().alias("rows that are the same"))
