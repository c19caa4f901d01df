"""A table as its rows are counted: in its canonical shape, as a whole and in parts."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from engine.cache import Cache
from engine.intake.listing import Listed
from engine.intake.parts import Part, joined
from engine.intake.read import collected, named_faults

#: What is counted of some rows: a small frame, or one column of numbers a row.
Plan = Callable[[pl.LazyFrame], pl.LazyFrame]

_NOTHING_KEPT = Cache()


@dataclass(frozen=True, slots=True)
class Checked:
    """A table's canonical scan (without columns of the wrong type) and how its rows are named.

    Attributes:
        frame: All rows.
        key: Columns that name a row.
        parts: The same rows, part by part; empty where they are only to be counted as a whole.
        cache: Where what was counted is kept.
    """

    name: str
    frame: pl.LazyFrame
    key: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    cache: Cache = _NOTHING_KEPT

    @property
    def found(self) -> Mapping[str, pl.DataType]:
        """Its columns and types."""
        return self.frame.collect_schema()

    def has(self, columns: Iterable[str]) -> bool:
        """Whether it has all of these."""
        return self.found.keys() >= set(columns)

    def by_part(self, kind: str, plan: Plan, *, packed: bool = True) -> tuple[pl.DataFrame, ...]:
        """What the plan comes to in each part, in their order; asked of a part only once.

        Args:
            kind: What it is called where it is kept.
            plan: Must give the same for the same rows in any order, and must come from its
                expressions alone: these name what is kept, as do the files.
            packed: Whether it can be kept in less space than it has.

        Raises:
            UnreadableError: A file is damaged inside.
        """
        named = self._named(plan) if any(each.key for each in self.parts) else ""
        whole = (Part(self.frame),)
        return tuple(
            self._counted(each, kind, plan, named, packed=packed) for each in self.parts or whole
        )

    def added(self, kind: str, plan: Plan) -> pl.DataFrame:
        """What the plan comes to in each part, one below the other."""
        return pl.concat(self.by_part(kind, plan))

    def at_once(self, kind: str, plan: Plan) -> pl.DataFrame:
        """What the plan comes to over all rows; asked only once while no part changes."""
        if not self.parts:
            return collected(plan(self.frame), self.name)
        part = Part(self.frame, joined([each.key for each in self.parts]), self._files)
        named = self._named(plan) if part.key else ""
        return self._counted(part, kind, plan, named, packed=True)

    @property
    def _files(self) -> tuple[tuple[str, Listed], ...]:
        return tuple(file for each in self.parts for file in each.files)

    def _named(self, plan: Plan) -> str:
        """The plan's expressions and the columns that they are asked of, as a digest."""
        with named_faults(self.name):
            nothing = pl.DataFrame(schema=self.found).lazy()
            return hashlib.sha256(plan(nothing).serialize()).hexdigest()

    def _counted(
        self, part: Part, kind: str, plan: Plan, named: str, *, packed: bool
    ) -> pl.DataFrame:
        key = f"{self.name} {part.key} {named}"
        known = self.cache.get(kind, key) if part.key else None
        if known is not None:
            return known
        found = collected(plan(part.frame), self.name)
        if part.may_be_kept:
            self.cache.put(kind, key, found, packed=packed)
        return found
