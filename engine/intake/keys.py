"""Whether a table's key tells its rows apart."""

from collections.abc import Sequence

import polars as pl

from engine.intake.counting import Checked, shown
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import example
from engine.intake.read import collected

#: Hashes that are looked into value by value. Beyond, the count of equal hashes is told as it is:
#: among a hundred million rows, one pair in 4,000 such tables shares a 64-bit hash by chance.
_CONFIRMED = 100_000

_SEED = 7


def hashed(columns: Sequence[str]) -> pl.Expr:
    """One UInt64 a row, equal where the columns are equal; null equals null."""
    return (pl.struct(columns) if len(columns) > 1 else pl.col(columns[0])).hash(_SEED)


def repeated_keys(table: Checked) -> Finding | None:
    """One finding with the number of rows whose key another row has too; None if there are none.

    Holds eight bytes a row, and confirms on values what the hashes suggest.
    """
    hashes = collected(table.frame.select(h=hashed(table.key)), table.name)["h"].sort()
    is_repeated = hashes.slice(1) == hashes.slice(0, max(hashes.len() - 1, 0))
    suspects = hashes.slice(1).filter(is_repeated).unique().sort()
    if suspects.is_empty():
        return None
    confirmed = _confirmed(table, suspects.head(_CONFIRMED))
    if confirmed.is_empty():
        return None
    # Every row but the first of a run of equal hashes is counted; add the first ones.
    rows = int(is_repeated.sum()) + suspects.len()
    if suspects.len() <= _CONFIRMED:
        rows = int(confirmed["rows"].sum())
    return _finding(table, rows, confirmed)


def _confirmed(table: Checked, suspects: pl.Series) -> pl.DataFrame:
    """One row per key that is there more than once, with its number of ``rows``, by key."""
    by_key = (
        table.frame.filter(hashed(table.key).is_in(suspects.implode()))
        .select(table.key)
        .group_by(table.key)
        .agg(rows=pl.len())
        .filter(pl.col("rows") > 1)
    )
    return collected(by_key.sort(table.key), table.name)


def _finding(table: Checked, rows: int, confirmed: pl.DataFrame) -> Finding:
    first = confirmed.head(EXAMPLES)
    keys = first.select(shown(table, ())).to_dicts()
    examples = tuple(
        f"{example(key, table.key)}: {times} rows"
        for key, times in zip(keys, first["rows"], strict=True)
    )
    words = " and ".join(table.key)
    column = table.key[0] if len(table.key) == 1 else None
    return Finding(table.name, "unique", column, rows, examples, f"{words} tells rows apart")
