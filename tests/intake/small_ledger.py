"""A ledger of a few lines, written in the test that it is for, and imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from engine.intake.ledger import ImportResult, import_ledger
from engine.mapping import LedgerMapping

EXPORTED_ON = date(2026, 7, 1)

PLAIN: Mapping[str, object] = {
    "currency": "USD",
    "columns": {"account_id": "customer", "invoiced_on": "date", "amount": "amount"},
    "defaults": {"product": "Core", "charge_type": "recurring"},
}

SERVICE = {"service_from": "from", "service_to": "to"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote and said."""

    result: ImportResult
    lines: pl.DataFrame
    accounts: pl.DataFrame


def mapped(**changes: object) -> LedgerMapping:
    """Columns ``customer``, ``date`` and ``amount``; tables among the changes add to them."""
    content = dict(PLAIN)
    for key, value in changes.items():
        before = content.get(key)
        is_table = isinstance(before, Mapping) and isinstance(value, Mapping)
        content[key] = {**before, **value} if is_table else value
    return LedgerMapping.model_validate(content)


def csv_file(folder: Path, text: str, name: str = "ledger.csv") -> Path:
    """The text as a file, indentation taken off."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    return path


def parquet_file(folder: Path, name: str = "ledger.parquet", **columns: object) -> Path:
    """The columns as a file; ``customer`` and ``date`` are filled in where they are not given."""
    path = folder / name
    rows = len(next(iter(columns.values())))
    plain = {"customer": ["A"] * rows, "date": [date(2026, 1, 1)] * rows}
    pl.DataFrame({**plain, **columns}).write_parquet(path)
    return path


def imported(folder: Path, *ledger: str | Path, **changes: object) -> Imported:
    """The import of some files, or of texts, through ``mapped(**changes)``."""
    files = [
        each if isinstance(each, Path) else csv_file(folder, each, f"ledger-{number}.csv")
        for number, each in enumerate(ledger)
    ]
    result = import_ledger(files, mapped(**changes), folder / "snapshots", EXPORTED_ON)
    return Imported(
        result,
        pl.read_parquet(result.snapshot / "billing" / "invoice_lines.parquet"),
        pl.read_parquet(result.snapshot / "crm" / "accounts.parquet"),
    )
