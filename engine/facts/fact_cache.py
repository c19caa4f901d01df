"""Facts kept from run to run, their labels as numbers that are told once and not in each table.

A table of facts holds some hundred thousand accounts, and a run keeps some sixty tables: as
text, their labels would be most of what is written. Numbers of labels are a process's own, so
each keeper tells what its numbers stand for, in tables of labels that grow with them. Columns of
numbers bear the keeper's name, and how many of its tables are needed to read them.
"""

import secrets

import polars as pl

from engine.cache import Cache
from engine.facts.keys import LABEL

_KIND = "labels"
_MARK = "\x1f"


class FactCache:
    """Tables of facts by kind and key, in a cache that may hold nothing."""

    def __init__(self, cache: Cache) -> None:
        """Reads and writes nothing yet."""
        self._cache = cache
        self._name = secrets.token_hex(8)
        self._bounds = [0]
        self._read: dict[str, list[pl.Series]] = {}

    def get(self, kind: str, key: str) -> pl.DataFrame | None:
        """What was kept under the key; None unless it is there and whole, labels and all."""
        found = self._cache.get(kind, key)
        if found is None:
            return None
        columns: list[pl.Series] = []
        for column in found:
            name, keeper, needed = (*column.name.split(_MARK), "", "")[:3]
            labels = self._labels(keeper, int(needed)) if keeper else None
            if keeper and labels is None:
                return None
            columns.append(column if labels is None else labels.gather(column).alias(name))
        return pl.DataFrame(columns)

    def put(self, kind: str, key: str, frame: pl.DataFrame) -> bool:
        """Keeps the table, in place of one under the same key; whether it could."""
        labels = [name for name, held in frame.schema.items() if held == LABEL]
        numbers = frame.with_columns(pl.col(labels).to_physical())
        highest = numbers.select(pl.max_horizontal(pl.col(labels).max())).item() if labels else None
        needed = self._tell(0 if highest is None else highest + 1)
        names = {name: _MARK.join((name, self._name, str(needed))) for name in labels}
        return self._cache.put(kind, key, numbers.rename(names), packed=False)

    def _tell(self, count: int) -> int:
        """Keeps what so many numbers stand for; how many tables that takes."""
        told = self._bounds[-1]
        if count > told:
            numbers = pl.int_range(told, count, dtype=pl.UInt32, eager=True)
            labels = numbers.cat.to(LABEL).cast(pl.String).to_frame("label")
            self._cache.put(_KIND, f"{self._name} {len(self._bounds)}", labels)
            self._bounds.append(count)
        return next(place for place, bound in enumerate(self._bounds) if bound >= count)

    def _labels(self, keeper: str, needed: int) -> pl.Series | None:
        """What the keeper's numbers stand for, by number; None where that is lost."""
        known = self._read.setdefault(keeper, [pl.Series(dtype=LABEL)])
        while len(known) <= needed:
            more = self._cache.get(_KIND, f"{keeper} {len(known)}")
            if more is None:
                return None
            known.append(pl.concat([known[-1], more["label"].cast(LABEL)]))
        return known[needed]
