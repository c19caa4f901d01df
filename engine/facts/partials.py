"""What some lines come to, counted once and kept; added up, several are what all lines come to."""

from dataclasses import replace
from functools import cached_property

import polars as pl

from engine.facts.conversion import YEAR, lacks_rate, require_rates
from engine.facts.fact_cache import FactCache
from engine.facts.packing import added_up
from engine.facts.recognition import Recognition, has_room, months, native, recognised, spans
from engine.intake.parts import Part
from engine.shelf import Shelf


class Partial:
    """The fact of one part of the lines, by month.

    Attributes:
        key: Names all that it is made from; empty where that is in doubt.
    """

    def __init__(
        self, part: Part, how: Recognition, named: str, cache: FactCache, shelf: Shelf
    ) -> None:
        """Counts nothing yet; ``named`` is what ``how`` is called for parts like this one."""
        self._part, self._how, self._cache, self._shelf = part, how, cache, shelf
        self.key = f"{part.key} {named}" if part.key else ""

    @cached_property
    def months(self) -> frozenset[int]:
        """Numbers of the months that it has rows of."""
        known = self._cache.get("months", self.key) if self.key else None
        return frozenset(self._rows if known is None else known["month_number"])

    @property
    def may_be_kept(self) -> bool:
        """Whether what was just counted is of what ``key`` names."""
        return bool(self.key) and self._part.may_be_kept

    def rows_of(self, month: int) -> pl.DataFrame:
        """Its rows of a month, which are let go with that; only to be asked for once."""
        rows = self._rows.pop(month, None)
        return self.whole().clear() if rows is None else rows.collect()

    @cached_property
    def _rows(self) -> dict[int, pl.LazyFrame]:
        split = self.whole().partition_by("month_number", as_dict=True)
        held = self._shelf.held(split.values()).parts if split else ()
        return {month: rows for (month,), rows in zip(split, held, strict=True)}

    def whole(self) -> pl.DataFrame:
        """All its rows."""
        known = self._cache.get("partials", self.key) if self.key else None
        if known is not None:
            return known
        found = partial(self._part.frame, self._how)
        if self.may_be_kept:
            self._cache.put("partials", self.key, found)
            self._cache.put("months", self.key, found.select(pl.col("month_number").unique()))
        return found


def partial(lines: pl.LazyFrame, how: Recognition) -> pl.DataFrame:
    """One row per ``how.by`` of these lines, ``how.money`` added up.

    Raises:
        DataError: A rate is missing.
    """
    rows = native(lines, how)
    found = months(spans(rows, how), how)
    if not has_room(found, how):
        return _widely(lines, found, how)
    parts = recognised(rows, found, how, narrow=True)
    return added_up(parts.select(*how.by, *how.money), how.by, [pl.col(how.money).sum()])


def _widely(lines: pl.LazyFrame, found: pl.DataFrame, how: Recognition) -> pl.DataFrame:
    """The same, where something has no room in 64 bits, or no rate; null where a sum lacks some."""
    told = replace(how, keys=(*how.keys, "currency"))
    rows = recognised(native(lines, told), found, told, narrow=False)
    needed = [suffix for suffix in how.suffixes if suffix != YEAR]
    lacks = pl.any_horizontal(lacks_rate(part, needed) for part in how.parts)
    require_rates(rows.filter(lacks), how.rates, how.calendar, needed)
    lost = pl.any_horizontal(pl.col(how.money).is_null()).alias("lost")
    sums = (pl.col(how.money).sum(), pl.col("lost").any())
    fact = added_up(rows.select(*how.by, *how.money, lost), how.by, sums)
    return fact.with_columns(pl.when(~pl.col("lost")).then(pl.col(how.money))).drop("lost")
