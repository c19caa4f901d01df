"""Whether the same export is in a snapshot twice, under other names or other ids."""

from collections import defaultdict

import polars as pl

from engine.intake.checked import Checked
from engine.intake.far_days import near
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.identity import identity
from engine.intake.listing import is_remote
from engine.intake.quoting import quoted
from engine.intake.snapshot import Snapshot
from engine.store.scanning import reach

LINES = "billing/invoice_lines"

#: What tells two lines apart that are not the same one exported twice.
_CONTENT = (
    *("account_id", "subscription_id", "product", "plan", "charge_type", "entry_type"),
    *("amount", "discount", "tax", "currency", "service_from", "service_to", "invoiced_on"),
)

#: How many lines are looked at, if not twice as many: all of some accounts.
_SAMPLE = 100_000

#: Lines from which a month that repeats itself is no chance, and the share that must.
_BULK, _MOST = 20, 0.5


def repeated_files(snapshot: Snapshot, table: str) -> Finding | None:
    """One finding with the files of a table that are byte for byte another one, and hold rows.

    Only files of equal size are read; those of an object store go by their ETags, which tell it
    of Amazon's S3 and what is like it, and elsewhere are never the same.
    """
    by_size: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for file in snapshot.tables[table]:
        listed = snapshot.listed[file]
        if listed.etag or not is_remote(file):
            by_size[listed.size, listed.etag].append(file)
    by_content: defaultdict[str, list[str]] = defaultdict(list)
    for (_, etag), files in by_size.items():
        for file in files if len(files) > 1 else ():
            rows = pl.scan_parquet(file, glob=False, **reach(file)).select(pl.len())
            if rows.collect().item():
                content = etag or identity(snapshot, file).sha256
                by_content[content].append(snapshot.relative(file))
    twice = [files for files in by_content.values() if len(files) > 1]
    if not twice:
        return None
    examples = tuple(" = ".join(quoted(file) for file in files[:2]) for files in twice[:EXAMPLES])
    count = sum(len(files) - 1 for files in twice)
    hint = f"{count} file{'s repeat others' if count > 1 else ' repeats another'}: keep one of each"
    return Finding(table, "export-twice", None, 0, examples, hint)


def repeated_rows(table: Checked, rows: int) -> Finding | None:
    """One finding with the lines that are there again under other ids, where a month is full of it.

    Looks at all lines of some accounts, the same ones each time; counts are of those.
    """
    if table.name != LINES or not table.has(_CONTENT):
        return None
    # A power of two, so that a few more rows do not change which accounts are looked at.
    part = 1 << max((rows // _SAMPLE).bit_length() - 1, 0)
    is_looked_at = pl.col("account_id").hash(5) % part == 0
    sample = table.added(
        "repetition",
        lambda frame: frame.filter(is_looked_at).group_by(_CONTENT).agg(rows=pl.len()),
    )
    times = sample.group_by(_CONTENT).agg(pl.col("rows").sum())
    count = pl.col("rows")
    by_month = (
        times.group_by(month=near(pl.col("invoiced_on")).dt.month_start())
        .agg(all=count.sum(), again=(count - 1).sum(), alike=count.filter(count > 1).sum())
        .filter(pl.col("again") >= _BULK, pl.col("alike") >= pl.col("all") * _MOST)
        .sort("month")
    )
    return None if by_month.is_empty() else _finding(by_month, sampled=part > 1)


def _finding(by_month: pl.DataFrame, *, sampled: bool) -> Finding:
    where = " of the accounts looked at" if sampled else ""
    examples = tuple(
        f"{str(month)[:7]}: {alike:,} of {lines:,} lines{where} have a twin"
        for month, lines, alike in by_month.head(EXAMPLES).select("month", "all", "alike").rows()
    )
    hint = "all but their ids are alike: look whether the month was exported twice"
    rows = int(by_month["again"].sum())
    return Finding(LINES, "rows-repeated", None, rows, examples, hint)
