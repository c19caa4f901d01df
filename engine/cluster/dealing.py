"""Accounts dealt into buckets, alike on every machine, whatever tables they are met in."""

from functools import reduce

import polars as pl

#: The largest prime below 2³¹: products of two remainders fit 64 bits.
_PRIME = 2**31 - 1

#: Multipliers of an identifier's first four words of eight bytes, and of its last.
_WORDS = (48_271, 69_621, 16_807, 39_373)
_LAST = 742_938_285

_PADDING = "\0" * 32


def bucket(account: pl.Expr, buckets: int) -> pl.Expr:
    """The bucket of an account by its identifier, from nought; that of null is the first.

    Polars' own hash differs between kinds of processors.
    """
    text = account.cast(pl.String)
    first = (text + pl.lit(_PADDING)).cast(pl.Binary)
    last = (pl.lit(_PADDING) + text).cast(pl.Binary).bin.tail(8)
    words = [(first.bin.slice(8 * place, 8), times) for place, times in enumerate(_WORDS)]
    parts = [_number(word) * times for word, times in (*words, (last, _LAST))]
    whole = reduce(lambda total, part: (total + part) % _PRIME, parts)
    return (whole % buckets).fill_null(0)


def dealt(rows: pl.DataFrame, roots: pl.DataFrame | None, buckets: int) -> list[pl.DataFrame]:
    """The rows of each bucket's accounts.

    Args:
        rows: Have ``account_id``.
        roots: Whose bucket an account is in, where that is not its own.
    """
    if buckets == 1:
        return [rows]
    owners = rows.lazy().select(pl.col("account_id").unique())
    owners = _owned(owners, roots).select("account_id", bucket(pl.col("owner"), buckets))
    placed = rows.lazy().join(
        owners.rename({"owner": "bucket"}),
        on="account_id",
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    parts = placed.collect().partition_by("bucket", as_dict=True, include_key=False)
    return [parts.get((place,), rows.clear()) for place in range(buckets)]


def of_bucket(
    rows: pl.LazyFrame, roots: pl.DataFrame | None, buckets: int, place: int
) -> pl.LazyFrame:
    """Those of the rows that are of the bucket's accounts."""
    if buckets == 1:
        return rows
    return _owned(rows, roots).filter(bucket(pl.col("owner"), buckets) == place).drop("owner")


def _owned(rows: pl.LazyFrame, roots: pl.DataFrame | None) -> pl.LazyFrame:
    """The rows with ``owner``, the account whose bucket they are in."""
    if roots is None:
        return rows.with_columns(owner="account_id")
    texts = roots.lazy().select(pl.col("account_id", "root").cast(pl.String))
    found = rows.with_columns(owner=pl.col("account_id").cast(pl.String)).join(
        texts.rename({"account_id": "owner"}), on="owner", how="left", maintain_order="left"
    )
    return found.with_columns(owner=pl.coalesce("root", "owner")).drop("root")


def _number(word: pl.Expr) -> pl.Expr:
    """Eight bytes as a remainder."""
    return word.bin.reinterpret(dtype=pl.UInt64, endianness="little") % _PRIME
