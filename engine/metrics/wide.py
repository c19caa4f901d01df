"""Sheets side by side: one row a group, one column a measure."""

from collections.abc import Iterable, Sequence

import polars as pl

from engine.errors import UsageError
from engine.facts.book import Book
from engine.facts.keys import spoken
from engine.metrics.measures import MEASURES, Sheet, lacking
from engine.metrics.numbers import group_text
from engine.metrics.sheets import groups, movement
from engine.period import Period

#: Bytes of a group's label.
_LONGEST_LABEL = 10_000


def wide(book: Book, names: Iterable[str], period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row a group, in the order of their labels: ``by``, ``group`` (JSON text), the measures.

    The groups are all that the period's opening, closing, movements or any of the measures'
    sheets know; a group that a sheet lacks adds up to zero there.
    """
    wanted = list(dict.fromkeys(MEASURES[name].sheet for name in sorted(names)))
    if by and movement not in wanted:
        wanted += [sheet for sheet in _knowing_groups(book, by) if sheet not in wanted]
    frames = book.all_counted(by, wanted, period, by)
    found = _groups(frames, by)
    for frame in frames:
        found = _beside(found, frame, by)
    return found


def _knowing_groups(book: Book, by: Sequence[str]) -> tuple[Sheet, ...]:
    """The sheet that knows every group of the opening and the closing, else one that knows some."""
    if lacking(book, "mrr", by) is None:
        return (groups,)
    for measure in ("recurring_revenue", "spend", "opportunities_created"):
        if lacking(book, measure, by) is None:
            return (MEASURES[measure].sheet,)
    return ()


def _groups(frames: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    if not by:
        return pl.DataFrame({"group": ["{}"]})
    if not frames:
        return pl.DataFrame(schema={**dict.fromkeys(by, pl.String()), "group": pl.String()})
    found = pl.concat([frame.select(by) for frame in frames]).unique().sort(by)
    _refuse_texts(found)
    texts = [group_text(dict(zip(spoken(by), row, strict=True))) for row in found.iter_rows()]
    return found.with_columns(pl.Series("group", texts, dtype=pl.String))


def _refuse_texts(groups: pl.DataFrame) -> None:
    """UsageError where a label is so long that nothing could be printed of its group."""
    for name in groups.columns:
        longest = groups.select(pl.col(name).str.len_bytes().max()).item() or 0
        if longest > _LONGEST_LABEL:
            raise UsageError(
                "dimension",
                f"`{spoken((name,))[0]}` has a value of {longest:,} bytes, which names no group",
                hint=f"take another dimension, or correct it: {_LONGEST_LABEL:,} is the most",
            )


def _beside(found: pl.DataFrame, frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    fresh = [column for column in frame.columns if column not in by]
    if not by:
        return pl.concat([found, frame.select(fresh)], how="horizontal")
    joined = found.join(frame, on=list(by), how="left", maintain_order="left")
    return joined.with_columns(pl.col(fresh).fill_null(0))
