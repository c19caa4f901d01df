"""A flat billing ledger, of one file or several, becomes a snapshot."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from engine.errors import DataError, UsageError
from engine.intake.extras import collisions, left_out
from engine.intake.failures import ROW, refuse
from engine.intake.import_result import ImportResult, summary
from engine.intake.landing import land, refuse_existing
from engine.intake.ledger_accounts import accounts, several_values
from engine.intake.ledger_rows import EXTRA, FILE, LINE_COLUMNS, LedgerRows, ledger_rows
from engine.intake.ledger_rules import row_failures
from engine.intake.line_ids import identified, repeated
from engine.intake.source import Source, read
from engine.mapping import LedgerMapping

__all__ = ["ImportResult", "import_ledger", "summary"]

INVOICE_LINES = "billing/invoice_lines"
ACCOUNTS = "crm/accounts"

#: Left off the invoice lines unless the ledger has them: there they would be null throughout.
_OPTIONAL = ("subscription_id", "plan")


def import_ledger(
    files: Sequence[Path], mapping: LedgerMapping, snapshots: Path, as_of: date
) -> ImportResult:
    """Writes ``<snapshots>/<as-of>`` with billing/invoice_lines and crm/accounts.

    Args:
        files: CSV or Parquet; several are taken as parts of one ledger, in any order.
        mapping: Says what their columns and values mean.
        snapshots: Folder that holds the snapshots; made if it is not there.
        as_of: Day that the ledger was exported.

    Raises:
        UsageError: The snapshot exists, or the mapping does not fit the files.
        DataError: Some rows do not hold; all that do not are named.
        EnvironmentFault: A file cannot be read, or the folder cannot be written.
    """
    refuse_existing(snapshots, as_of)
    sources = _sources(files, mapping)
    parts = [ledger_rows(source, mapping) for source in sources]
    refuse((bad for part in parts for bad in row_failures(part, mapping)), DataError)
    rows = identified(_together(parts))
    refuse(repeated(rows, mapping.columns.get("line_id", "line_id")), DataError)
    tables = {INVOICE_LINES: _lines(rows, mapping), ACCOUNTS: accounts(rows, mapping)}
    warnings = (*several_values(rows, mapping), *_doubts(rows, as_of))
    folder = land(tables, snapshots, as_of)
    return _result(folder, tables, parts, warnings, mapping)


def _sources(files: Sequence[Path], mapping: LedgerMapping) -> tuple[Source, ...]:
    """The files as read, once it is clear that the mapping fits each of them."""
    times = Counter(path.resolve() for path in files)
    if twice := [str(path) for path in files if times[path.resolve()] > 1]:
        raise UsageError("source-file", "a file was given twice: " + ", ".join(twice))
    sources = tuple(read(path, mapping) for path in files)
    refuse((bad for source in sources for bad in source.missing(mapping)), UsageError)
    refuse((bad for source in sources for bad in source.unreadable(mapping)), UsageError)
    refuse((bad for source in sources for bad in collisions(source, mapping)), UsageError)
    if not any(source.frame.height for source in sources):
        raise DataError("no-lines", "there is no line in " + ", ".join(map(str, files)))
    return sources


def _together(parts: Sequence[LedgerRows]) -> pl.DataFrame:
    """All rows; a column that some files lack is null there, of several types it becomes text."""
    try:
        return pl.concat([part.kept for part in parts], how="diagonal_relaxed")
    except pl.exceptions.PolarsError as error:
        raise DataError(
            "source-type",
            "a column has types in several files that do not go together",
            where=str(error).split("\n", maxsplit=1)[0],
            hint="export it alike, or leave it out of `keep_extra`",
        ) from error


def _lines(rows: pl.DataFrame, mapping: LedgerMapping) -> pl.DataFrame:
    given = {*mapping.columns, *mapping.defaults}
    columns = [name for name in LINE_COLUMNS if name not in _OPTIONAL or name in given]
    extra = pl.selectors.starts_with(EXTRA)
    return rows.select(*columns, extra.name.map(lambda name: name.removeprefix(EXTRA)))


def _doubts(rows: pl.DataFrame, as_of: date) -> Iterator[str]:
    """Sentences on lines that are possible but seldom meant."""
    if later := rows.filter(pl.col("invoiced_on") > as_of).height:
        yield f"lines invoiced after {as_of}, the day of the export: {later:,}"
    said = [
        name
        for name, kind in rows.schema.items()
        if name not in (FILE, ROW, "line_id") and not kind.is_nested()
    ]
    files = rows.group_by(said).agg(pl.col(FILE).n_unique().alias("files"), pl.len().alias("lines"))
    if again := files.filter(pl.col("files") > 1)["lines"].sum():
        yield f"lines that stand alike in several files: {again:,}; do the exports overlap?"


def _result(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    parts: Sequence[LedgerRows],
    warnings: tuple[str, ...],
    mapping: LedgerMapping,
) -> ImportResult:
    lines, rows = tables[INVOICE_LINES], tables[ACCOUNTS]
    total = pl.col("amount").cast(pl.Int128).sum()
    days = lines.select(first=pl.col("invoiced_on").min(), last=pl.col("invoiced_on").max())
    defaulted = sum((Counter(part.defaulted) for part in parts), Counter[str]())
    gone = [name for part in parts for name in left_out(part.source, mapping)]
    return ImportResult(
        snapshot=folder,
        lines=lines.height,
        accounts=rows["account_id"].n_unique(),
        account_rows=rows.height,
        first_day=days["first"][0],
        last_day=days["last"][0],
        totals=dict(lines.group_by("currency").agg(total).sort("currency").iter_rows()),
        defaulted=dict(defaulted),
        kept=tuple(name for name in lines.columns if name not in LINE_COLUMNS),
        dropped=tuple(dict.fromkeys(gone)),
        blank_rows=sum(part.source.blank for part in parts),
        warnings=warnings,
    )
