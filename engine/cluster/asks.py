"""What is asked of the accounts of every bucket, and how the answers become one."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import DataError
from engine.facts.book import Book, Count
from engine.metrics import economics, pipeline, standing
from engine.money import LARGEST_SUM


@dataclass(frozen=True, slots=True)
class Ask:
    """One count of a book.

    Attributes:
        keys: Columns that its rows are told apart by; all others add up.
        months: Those of each argument that has some: cuts are equal by their names alone.
    """

    count: Count
    keys: tuple[str, ...]
    args: tuple[Hashable, ...]
    months: tuple[range | None, ...]

    @classmethod
    def of(cls, keys: Sequence[str], count: Count, args: Sequence[Hashable]) -> "Ask":
        """The ask for that count with those arguments."""
        return cls(
            count,
            tuple(keys),
            tuple(args),
            tuple(getattr(each, "months", None) for each in args),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """How a count that does not add up is made: of rows that each bucket has, all together."""

    rows: Count
    whole: Callable[..., pl.DataFrame]


#: What does not add up over accounts: medians, and the largest of all.
APART: Mapping[Count, Way] = {
    standing.concentration: Way(standing.amounts, standing.of_amounts),
    pipeline.pipeline: Way(pipeline.touched, pipeline.of_touched),
}

#: What is no sum over accounts at all, and is made of small tables.
OF_NO_ACCOUNT: frozenset[Count] = frozenset({economics.spent, pipeline.plan})


def counted(book: Book, ask: Ask) -> pl.DataFrame:
    """What one bucket's book has of it."""
    count = APART[ask.count].rows if ask.count in APART else ask.count
    return count(book, *ask.args)


def whole(ask: Ask, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What all buckets have of it together.

    Raises:
        DataError: Money does not fit.
    """
    rows = pl.concat(parts)
    if ask.count in APART:
        return APART[ask.count].whole(rows.lazy(), *ask.args)
    sums = {name: kind for name, kind in rows.schema.items() if name not in ask.keys}
    exact = [pl.col(name).cast(pl.Int128).sum() for name in sums]
    found = rows.group_by(ask.keys).agg(exact) if ask.keys else rows.select(exact)
    _require_room(found.select(list(sums)))
    return found.cast(sums).select(rows.columns)  # pyright: ignore[reportArgumentType]


def _require_room(sums: pl.DataFrame) -> None:
    largest = sums.select(pl.max_horizontal(pl.all().abs().max())).item() if sums.width else 0
    if (largest or 0) > LARGEST_SUM:
        raise DataError(
            "money-overflow",
            "amounts are too large to be added up exactly",
            note="money is counted in 64-bit micro-units: 4.6 trillion in all may be held",
            hint="look for amounts exported in the wrong unit (minor units are expected)",
        )
