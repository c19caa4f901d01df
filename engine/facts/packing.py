"""Rows added up by several keys at once, faster: as one number a row, where that has room.

Grouping by one number takes about three quarters of the time of grouping by three columns.
Labels are numbers already (``keys.LABEL``), counted from nought for all that a process has seen.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from engine.facts.keys import LABEL

_PACKED = "packed"
_BITS = 63
_LABEL_BITS = 32

#: Bits of a month's number: years up to 2730.
_MONTH_BITS = 15


def added_up(rows: pl.LazyFrame, by: Sequence[str], sums: Sequence[pl.Expr]) -> pl.DataFrame:
    """One row per ``by``, which are labels, words of an Enum and the number of a month.

    Args:
        sums: Aggregations of columns that are no keys.
    """
    found = rows.collect_schema()
    widths = _widths({name: found[name] for name in by})
    if widths is not None:
        numbered = rows.select(_packed(widths, found).alias(_PACKED), pl.all().exclude(by))
        packed = numbered.group_by(_PACKED).agg(*sums).collect(engine="streaming")
        if not packed[_PACKED].has_nulls():
            return packed.select(*_unpacked(widths, found), pl.all().exclude(_PACKED))
    return rows.group_by(by).agg(*sums).collect(engine="streaming")


def _widths(keys: Mapping[str, pl.DataType]) -> dict[str, int] | None:
    """Bits of each key; None where one cannot be numbered, or there are too many."""
    known = {name: width for name, kind in keys.items() if (width := _own_width(kind))}
    labels = [name for name, kind in keys.items() if kind == LABEL]
    left = _BITS - sum(known.values())
    if len(known) + len(labels) < len(keys) or left < len(labels):
        return None
    share = min(left // max(len(labels), 1), _LABEL_BITS)
    return {name: known.get(name, share) for name in keys}


def _own_width(kind: pl.DataType) -> int:
    if isinstance(kind, pl.Enum):
        return len(kind.categories).bit_length()
    return _MONTH_BITS if kind == pl.Int32 else 0


def _packed(widths: Mapping[str, int], kinds: pl.Schema) -> pl.Expr:
    """All keys one after the other in an Int64; null where one has no room."""
    codes = {name: _code(name, kinds[name]) for name in widths}
    number, fits = pl.lit(0, pl.Int64), pl.lit(value=True)
    for name, width in widths.items():
        number = number * 2**width + codes[name]
        fits = fits & (codes[name] < 2**width)
    return pl.when(fits).then(number)


def _code(name: str, kind: pl.DataType) -> pl.Expr:
    """The key as a number from nought, which stands for null."""
    if kind == pl.Int32:
        return pl.col(name).cast(pl.Int64)
    return (pl.col(name).to_physical().cast(pl.Int64) + 1).fill_null(0)


def _unpacked(widths: Mapping[str, int], kinds: pl.Schema) -> Iterator[pl.Expr]:
    """The keys again, from the number."""
    above = sum(widths.values())
    for name, width in widths.items():
        above -= width
        code = pl.col(_PACKED) // 2**above % 2**width
        yield _key(code, kinds[name]).alias(name)


def _key(code: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Int32:
        return code.cast(pl.Int32)
    held = pl.UInt32() if kind == LABEL else pl.Series([], dtype=kind).to_physical().dtype
    return pl.when(code > 0).then(code - 1).cast(held).cat.to(kind)
