"""The functions that are called for a part of the files, and for a bucket of the accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.cluster.asks import Ask, counted
from engine.cluster.dealing import dealt, of_bucket
from engine.cluster.job import Job, named, opened
from engine.facts import partials
from engine.facts.billed import together
from engine.facts.book import Book
from engine.facts.keys import LABEL, with_keys
from engine.facts.recognition import Recognition
from engine.facts.sources import Sources
from engine.facts.tables import ACCOUNTS, ITEMS, LINES, OPPORTUNITIES, USERS
from engine.intake.read import canonical, collected, scan
from schemas.canonical import TABLES

#: Tables whose rows are of accounts, by what they are called in ``Sources``.
DEALT: Mapping[str, str] = {
    ACCOUNTS: "accounts",
    ITEMS: "subscription_items",
    USERS: "account_users",
    OPPORTUNITIES: "opportunities",
}

#: Long names that no number is made of.
_NAMES = frozenset({"item_id", "subscription_id", "opportunity_id", "name"})


@dataclass(frozen=True, slots=True)
class Share:
    """What one bucket gets of some files: rows by table, or sums by how lines are recognised."""

    frames: Mapping[str, pl.DataFrame]

    def __sizeof__(self) -> int:
        """Bytes, so that what holds many shares knows when to put some aside."""
        return sum(int(frame.estimated_size()) for frame in self.frames.values())


def partial(job: Job, table: str, files: Sequence[str], hows: Sequence[Recognition]) -> list[Share]:
    """What each bucket gets of those files.

    Args:
        hows: How lines are recognised, without their rates.

    Raises:
        DataError: A rate is missing.
    """
    sources = opened(job)
    rows = canonical(scan(job.snapshot, table, files), TABLES[table].columns)
    if table == LINES:
        lines = with_keys(rows, job.dimensions)
        rated = [replace(how, rates=sources.rates) for how in hows]
        frames = {named(how): partials.partial(lines, how) for how in rated}
    else:
        frames = {table: collected(_needed(rows, table, job.dimensions), table)}
    each = {name: dealt(frame, sources.roots, job.buckets) for name, frame in frames.items()}
    return [
        Share({name: parts[place] for name, parts in each.items()}) for place in range(job.buckets)
    ]


def reduced(
    job: Job, place: int, asks: Sequence[Ask], shares: Sequence[Share]
) -> list[pl.DataFrame]:
    """What the accounts of that bucket come to, by ask.

    Args:
        shares: All that the bucket got.
    """
    held: dict[str, list[pl.DataFrame]] = {}
    for share in shares:
        for name, frame in share.frames.items():
            held.setdefault(name, []).append(frame)
    sources = _of_bucket(job, place, held)
    book = Book(sources, job.calendar, job.policy, job.dimensions, job.months)
    return [counted(book, ask) for ask in asks]


def _of_bucket(job: Job, place: int, held: Mapping[str, Sequence[pl.DataFrame]]) -> Sources:
    """The tables of the bucket's accounts; lines are known by what they come to."""

    def known(how: Recognition) -> pl.DataFrame | None:
        found = held.get(named(how))
        return together(found, how) if found else None

    whole = opened(job)
    lines = whole.invoice_lines
    if lines is not None:
        lines = of_bucket(lines, whole.roots, job.buckets, place)
    tables = {
        attribute: pl.concat(held[table]).lazy()
        for table, attribute in DEALT.items()
        if table in held
    }
    return replace(whole, **tables, invoice_lines=lines, known=known)


def _needed(rows: pl.LazyFrame, table: str, dimensions: Sequence[str]) -> pl.LazyFrame:
    """The columns that something is counted by, accounts as labels."""
    canonical_names = {each.name for each in TABLES[table].columns} - _NAMES
    wanted = canonical_names.union(dimensions)
    names = [name for name in rows.collect_schema().names() if name in wanted]
    return rows.select(names).with_columns(pl.col("account_id").cast(LABEL))
