"""What a snapshot lost or changed of what the one before held, in rows and in money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.cache import Cache
from engine.errors import DataError, EngineError
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.profile import Profile, profile
from engine.intake.read import UnreadableError, collected, scan
from engine.intake.reliable import whole
from engine.intake.snapshot import Snapshot, as_of_dates, open_snapshot
from engine.money import exponent

#: Rows from which a change of their number is no chance.
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """The snapshot before, as far as it can be read.

    Attributes:
        rows: Table → how many, from the files' footers.
        profiles: Table → its money.
    """

    as_of: date
    rows: Mapping[str, int]
    profiles: Mapping[str, Profile]


def before(snapshot: Snapshot) -> Snapshot | None:
    """The next older snapshot under the same root; None if there is none that can be opened."""
    older = [each for each in as_of_dates(snapshot.root) if each < snapshot.as_of]
    if not older:
        return None
    try:
        return open_snapshot(snapshot.root, older[-1])
    except DataError:
        return None  # it was refused when it was new


def earlier(before: Snapshot, cache: Cache) -> Earlier:
    """What is known of a snapshot that was the latest once.

    Args:
        cache: Where is kept what was counted of its files then.
    """
    rows: dict[str, int] = {}
    profiles: dict[str, Profile] = {}
    for name in before.tables:
        try:
            rows[name] = collected(scan(before, name).select(pl.len()), name).item()
            if found := profile(whole(before, name, cache)):
                profiles[name] = found
        except UnreadableError:
            continue  # what is wrong with it was told when it was new
    return Earlier(before.as_of, rows, profiles)


def vanished(snapshot: Snapshot, before: Earlier) -> tuple[Finding, ...]:
    """One finding per table that was there before and is not now."""
    return tuple(
        Finding(
            name,
            "drift",
            examples=(f"no rows, {rows:,} before",),
            hint=f"the snapshot of {before.as_of} had it: look whether its export failed",
        )
        for name, rows in before.rows.items()
        if rows and not snapshot.has(name)
    )


def drift(
    table: str, rows: int, now: Profile | None, before: Earlier, share: float
) -> Finding | None:
    """One finding with how far the table's rows or closed months differ from before.

    Rows have drifted if more than ``share`` of them are gone, or there are more than twice as
    many. Sums are compared over the months that were closed on the earlier as-of date.
    """
    told = [*_rows(rows, before.rows.get(table, 0), share)]
    if now is not None and table in before.profiles:
        told += _sums(now, before.profiles[table], before.as_of, share)
    if not told:
        return None
    hint = (
        f"compare the export with that of {before.as_of}; "
        "`drift_share` sets how much is much, and a restatement may explain it"
    )
    return Finding(table, "drift", None, 0, tuple(told[:EXAMPLES]), hint)


def _rows(now: int, before: int, share: float) -> list[str]:
    is_far = before >= _ENOUGH and (now < before * (1 - share) or now > before * 2)
    return [f"{now:,} rows, {before:,} before ({_percent(now, before)})"] if is_far else []


def _sums(now: Profile, before: Profile, as_of: date, share: float) -> list[str]:
    closed = as_of.replace(day=1)
    both = _by_currency(before, closed).join(
        _by_currency(now, closed), on="currency", how="left", suffix="_now"
    )
    told: list[str] = []
    for code, old, new in both.sort("currency").select("currency", "net", "net_now").rows():
        if old and abs((new or 0) - old) > share * abs(old):
            told.append(
                f"{_amount(new or 0, code)} dated before {closed}, "
                f"{_amount(old, code)} in the snapshot before ({_percent(new or 0, old)})"
            )
    return told


def _by_currency(found: Profile, closed: date) -> pl.DataFrame:
    dated = found.frame.filter(pl.col("month") < closed, pl.col("currency").is_not_null())
    return dated.group_by("currency").agg(pl.col("net").sum())


def _amount(minor: int, code: str) -> str:
    try:
        digits = exponent(code)
    except EngineError:
        return f"{minor:,} of another currency"
    return f"{code} {minor / 10**digits:,.{digits}f}"


def _percent(now: int, before: int) -> str:
    return f"{(now - before) / abs(before):+.1%}"
