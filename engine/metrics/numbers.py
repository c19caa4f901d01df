"""The tidy long table behind every figure, and how a page looks a number up in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from engine.metrics.model import Number, Unit

#: One row per metric, period and group; money in major units, nulls only with a ``reason``.
SCHEMA = pl.Schema(
    {
        "metric": pl.String,
        "period": pl.String,
        "by": pl.String,  # dimensions, comma-separated; empty for the total
        "group": pl.String,  # JSON object, keys in the order of ``by``
        "numerator": pl.Float64,
        "denominator": pl.Float64,
        "value": pl.Float64,
        "unit": pl.String,
        "reason": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a page needs evaluated: every metric for every period, by these dimensions.

    Attributes:
        most: Keep, of each metric and period, only so many groups with the largest values and
            so many with the smallest, none at zero; 0 keeps all.
    """

    metrics: tuple[str, ...]
    periods: tuple[str, ...]
    by: tuple[str, ...] = ()
    most: int = 0


def group_text(group: Mapping[str, str]) -> str:
    """The group as the table keys it."""
    return json.dumps(dict(group), ensure_ascii=False, separators=(",", ":"))


class Numbers:
    """Evaluated metrics, looked up by metric, period and group."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Takes rows of ``SCHEMA``; a row asked for twice is kept once."""
        keys = ["metric", "period", "by", "group"]
        self.frame = frame.unique(keys, keep="first", maintain_order=True)

    def one(self, metric: str, period: str, group: Mapping[str, str] | None = None) -> Number:
        """The number; one that was not evaluated is a KeyError, a fault of the page."""
        return self._index[metric, period, group_text(group or {})]

    def find(
        self, metric: str, period: str, group: Mapping[str, str] | None = None
    ) -> Number | None:
        """The number, or None if it was not evaluated."""
        return self._index.get((metric, period, group_text(group or {})))

    def series(
        self, metric: str, periods: Sequence[str], group: Mapping[str, str] | None = None
    ) -> tuple[float | None, ...]:
        """The values for those periods in order; None where a value cannot be had.

        A group that did not exist in a period has no row there and gives None too.
        """
        key = group_text(group or {})
        found = (self._index.get((metric, period, key)) for period in periods)
        return tuple(number.value if number else None for number in found)

    def groups(self, *by: str, period: str | None = None) -> tuple[dict[str, str], ...]:
        """Groups evaluated for exactly these dimensions, in the order of the table."""
        rows = self.frame.filter(pl.col("by") == ",".join(by))
        rows = rows if period is None else rows.filter(pl.col("period") == period)
        texts = rows["group"].unique(maintain_order=True)
        return tuple(json.loads(text) for text in texts)

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], Number]:
        return {
            (row["metric"], row["period"], row["group"]): Number(
                row["metric"],
                row["period"],
                tuple(json.loads(row["group"]).items()),
                row["numerator"],
                row["denominator"],
                row["value"],
                Unit(row["unit"]),
                row["reason"],
            )
            for row in self.frame.iter_rows(named=True)
        }
