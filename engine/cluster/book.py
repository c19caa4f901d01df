"""A book whose accounts are counted in buckets, wherever that is done."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from operator import getitem
from typing import TypeVar

import polars as pl

from engine.cluster.asks import OF_NO_ACCOUNT, Ask, whole
from engine.cluster.executor import Executor
from engine.cluster.foresight import Foresight
from engine.cluster.job import Job, stack, unrated
from engine.cluster.parts import DEALT, Share, partial, reduced
from engine.errors import EngineError
from engine.facts.book import Book, Count
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar
from engine.facts.tables import LINES, sources
from engine.intake.snapshot import Snapshot
from engine.policy import Policy

_Result = TypeVar("_Result")

#: Bytes of files from which another bucket is made: some eighty million lines, whose facts and
#: what is made of them take some two gigabytes.
_BUCKET_BYTES = 2 << 30

#: Bytes of files from which another part is made, so that a part is worth a call.
_PART_BYTES = 8 << 20

#: Parts for each thread: the last one to end keeps the others waiting for less.
_PARTS_A_THREAD = 2


@dataclass(frozen=True, slots=True)
class Ground:
    """What books are made from, and where.

    Attributes:
        executor: Makes the executor, once it is needed.
        buckets: How many, if somebody said so; else 0.
    """

    snapshot: Snapshot
    currency: str
    executor: Callable[[], Executor]
    buckets: int = 0


class GatheredBook(Book):
    """Facts of all accounts, none of which are here unless something cannot be had in parts."""

    def __init__(
        self,
        ground: Ground,
        calendar: Calendar,
        policy: Policy,
        dimensions: Sequence[str] = (),
        months: range | None = None,
    ) -> None:
        """Reads nothing yet; an unknown dimension is a UsageError."""
        super().__init__(
            sources(ground.snapshot, ground.currency), calendar, policy, dimensions, months
        )
        self._ground = ground
        self._dimensions = tuple(dimensions)
        self._found: dict[Ask, pl.DataFrame] = {}
        self._hows: set[str] = set()
        self._shares: list[list[Share]] = []

    def all_counted(
        self, keys: Sequence[str], counts: Sequence[Count], *args: Hashable
    ) -> list[pl.DataFrame]:
        """What each counts of every bucket, added up."""
        asks = {count: Ask.of(keys, count, args) for count in counts}
        self._gather(ask for ask in asks.values() if ask.count not in OF_NO_ACCOUNT)
        return [
            count(self, *args) if count in OF_NO_ACCOUNT else self._found[ask]
            for count, ask in asks.items()
        ]

    def foreseen(self, work: Callable[[Book], _Result]) -> _Result:
        """What work makes of the book; what it will count is counted all at once before."""
        foresight = Foresight(self, self._dimensions)
        with suppress(EngineError):
            work(foresight)
        self._gather(foresight.asks, foresight.hows)
        return work(self)

    def _gather(self, asks: Iterable[Ask], hows: Mapping[str, Recognition] | None = None) -> None:
        """Has those of the asks counted that were not."""
        fresh = [ask for ask in asks if ask not in self._found]
        if not fresh:
            return
        self._deal(hows or {})
        executor, job = self._executor, self._sent
        parts = [
            executor.submit(reduced, job, place, fresh, shares)
            for place, shares in enumerate(self._shares)
        ]
        rows = zip(*executor.gathered(parts), strict=True)
        self._found |= {ask: whole(ask, found) for ask, found in zip(fresh, rows, strict=True)}

    def _deal(self, hows: Mapping[str, Recognition]) -> None:
        """Has all tables dealt into buckets that were not, and lines that are wanted so."""
        lines = [unrated(how) for name, how in hows.items() if name not in self._hows]
        tables: list[str] = [] if self._shares else list(DEALT)
        tables += [LINES] if lines else []
        self._hows |= hows.keys()
        if not self._shares:
            self._shares = [[] for _ in range(self._job.buckets)]
        for table in tables:
            for files in self._groups(table):
                dealt = self._executor.submit(partial, self._sent, table, files, lines)
                for place, shares in enumerate(self._shares):
                    shares.append(self._executor.submit(getitem, dealt, place))

    def _groups(self, table: str) -> Iterator[list[str]]:
        """The table's files, one after the other, in parts of about the same size."""
        snapshot = self._ground.snapshot
        files = snapshot.tables.get(table, ())
        sizes = [snapshot.listed[file].size for file in files]
        enough = max(_PART_BYTES, sum(sizes) // (_PARTS_A_THREAD * self._executor.threads))
        group: list[str] = []
        held = 0
        for file, size in zip(files, sizes, strict=True):
            group.append(file)
            held += size
            if held >= enough:
                yield group
                group, held = [], 0
        if group:
            yield group

    @cached_property
    def _executor(self) -> Executor:
        return self._ground.executor()

    @cached_property
    def _job(self) -> Job:
        ground = self._ground
        size = sum(each.size for each in ground.snapshot.listed.values())
        wanted = max(self._executor.threads, -(-size // _BUCKET_BYTES))
        months = self.kept.months
        told = (ground.snapshot, self.calendar, self.policy, self._dimensions, months)
        return Job(
            hashlib.sha256(repr((told, ground.snapshot.listed)).encode()).hexdigest(),
            ground.snapshot,
            ground.currency,
            self.calendar,
            self.policy,
            self._dimensions,
            months,
            ground.buckets or wanted,
            stack(),
        )

    @cached_property
    def _sent(self) -> Job:
        """The job, sent once to each who takes part."""
        return self._executor.submit(_itself, self._job)


def _itself(job: Job) -> Job:
    return job
