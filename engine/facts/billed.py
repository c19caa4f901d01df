"""What was billed, recognised in the months that it is for.

Lines become the fact in two steps: each part of them comes to a ``Partial``, and what several
have of a month is added up. Either is kept, so that another file costs its own part and the
months that it has lines of.
"""

import hashlib
from collections.abc import Iterator, Sequence

import polars as pl

from engine.facts.fact_cache import FactCache
from engine.facts.keeping import NOTHING_KEPT, Keeping
from engine.facts.packing import added_up
from engine.facts.partials import Partial
from engine.facts.recognition import Recognition
from engine.facts.sources import Sources
from engine.intake.parts import Part
from engine.money import all_checked

_TABLE = "billing/invoice_lines"

#: Bytes of parts that are held in memory until all their months have been added up.
_ENOUGH = 128 << 20


def billed(
    lines: Sequence[Part], how: Recognition, keeping: Keeping = NOTHING_KEPT
) -> Iterator[pl.DataFrame]:
    """One row per account, ``how.keys`` and month of recognition; no month is in two tables.

    Args:
        lines: billing/invoice_lines.
        keeping: Where what was counted is kept.

    Returns:
        ``how.by``; with each suffix, ``revenue`` (net of discount, without tax, negative for
        credits and refunds) and ``discount``; Int64 micro-units. Months after the calendar's
        last are left out.

    Raises:
        DataError: A rate is missing, or money does not fit.
    """
    return all_checked(_by_months(lines, how, keeping), how.money, _TABLE)


def billed_of(sources: Sources, how: Recognition) -> Iterator[pl.DataFrame]:
    """The same of all invoice lines, unless it is known what they come to."""
    known = sources.known(how) if sources.known else None
    if known is not None:
        return all_checked([known], how.money, _TABLE)
    return billed(sources.lines, how, sources.keeping)


def _by_months(lines: Sequence[Part], how: Recognition, keeping: Keeping) -> Iterator[pl.DataFrame]:
    partials = _partials(lines, how, keeping)
    months = sorted({month for each in partials for month in each.months}) if partials[1:] else []
    if not months:
        yield partials[0].whole()
    for month in months:
        yield _of_month(partials, month, how, keeping.cache)


def together(partials: Sequence[pl.DataFrame], how: Recognition) -> pl.DataFrame:
    """Rows of several parts of the lines, added up."""
    sums = pl.col(how.money)
    # A sum would make nothing of what has no room.
    whole = pl.when(sums.null_count() == 0).then(sums.sum())
    return added_up(pl.concat(partials).lazy(), how.by, (whole,))


def _partials(lines: Sequence[Part], how: Recognition, keeping: Keeping) -> list[Partial]:
    shapes = [tuple(each.frame.collect_schema().items()) for each in lines]
    shaped = dict(zip(shapes, lines, strict=True))
    is_kept = any(each.key for each in lines)
    named = {shape: how.named(each.frame) if is_kept else "" for shape, each in shaped.items()}
    shelf = keeping.shelf(_ENOUGH)
    return [
        Partial(each, how, named[shape], keeping.cache, shelf)
        for each, shape in zip(lines, shapes, strict=True)
    ]


def _of_month(
    partials: Sequence[Partial], month: int, how: Recognition, cache: FactCache
) -> pl.DataFrame:
    """The rows of one month, added up over all parts that have some."""
    having = [each for each in partials if month in each.months]
    key = _key(month, [each.key for each in having])
    known = cache.get("facts", key) if key else None
    if known is not None:
        return known
    found = [each.rows_of(month) for each in having]
    rows = together(found, how) if len(found) > 1 else found[0]
    if key and all(each.may_be_kept for each in having):
        cache.put("facts", key, rows)
    return rows


def _key(month: int, parts: Sequence[str]) -> str:
    """Names what a month's rows are made from; empty where that is in doubt."""
    named = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{month} {named}" if all(parts) else ""
