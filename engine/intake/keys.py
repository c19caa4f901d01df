"""Whether a table's key tells its rows apart."""

from collections.abc import Sequence

import polars as pl

from engine.intake.checked import Checked
from engine.intake.counting import shown
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import example
from engine.intake.read import collected

#: Hashes that are looked into value by value. Beyond, the count of equal hashes is told as it is:
#: among a hundred million rows, one pair in 4,000 such tables shares a 64-bit hash by chance.
_CONFIRMED = 100_000

#: Hashes that are sorted at a time, so that there is no second copy of all of them.
_SORTED = 1 << 25

_SEED = 7


def hashed(columns: Sequence[str]) -> pl.Expr:
    """One UInt64 a row, equal where the columns are equal; null equals null."""
    return (pl.struct(columns) if len(columns) > 1 else pl.col(columns[0])).hash(_SEED)


def repeated_keys(table: Checked) -> Finding | None:
    """One finding with the number of rows whose key another row has too; None if there are none.

    Holds eight bytes a row, and confirms on values what the hashes suggest.
    """
    again = _again(table)
    if again.is_empty():
        return None
    suspects = again.unique().sort()
    confirmed = _confirmed(table, suspects.head(_CONFIRMED))
    if confirmed.is_empty():
        return None
    # Every row but the first of a run of equal hashes is counted; add the first ones.
    rows = again.len() + suspects.len()
    if suspects.len() <= _CONFIRMED:
        rows = int(confirmed["rows"].sum())
    return _finding(table, rows, confirmed)


def _again(table: Checked) -> pl.Series:
    """The hash of each row whose key a row before it has too, or so it seems."""
    found = table.by_part("keys", lambda frame: frame.select(h=hashed(table.key)), packed=False)
    hashes = [each["h"] for each in found]
    ranges = 1 + sum(each.len() for each in hashes) // _SORTED
    return pl.concat(_repeated(hashes, number, ranges) for number in range(ranges))


def _repeated(hashes: Sequence[pl.Series], number: int, ranges: int) -> pl.Series:
    """Of the hashes in one of so many equal ranges, those that are there again."""
    if ranges > 1:
        first, last = (2**64 * place // ranges for place in (number, number + 1))
        hashes = [each.filter(each.is_between(first, last - 1)) for each in hashes]
    ordered = pl.concat(hashes).sort()
    after = ordered.slice(1)
    return after.filter(after == ordered.slice(0, after.len()))


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
