"""A snapshot folder, written to the side and moved into place whole."""

import io
import os
import secrets
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from engine.errors import EnvironmentFault, UsageError
from engine.files import sync_folder


def refuse_existing(snapshots: Path, as_of: date) -> Path:
    """The folder that the snapshot of that day will have; UsageError if there is one."""
    folder = snapshots / as_of.isoformat()
    if os.path.lexists(folder):
        raise _taken(folder)
    return folder


def land(tables: Mapping[str, pl.DataFrame], snapshots: Path, as_of: date) -> Path:
    """The new folder ``<snapshots>/<as-of>`` with one Parquet file per table.

    It appears in one step, complete and on disk, or not at all. What a killed run leaves is a
    hidden folder ``.<as-of>-….partial``, which nothing reads and anybody may delete.

    Args:
        tables: Table (``billing/invoice_lines``) → its rows.

    Raises:
        UsageError: There is a snapshot of that day; it is left as it was.
        EnvironmentFault: The disk is full, or may not be written.
    """
    folder = refuse_existing(snapshots, as_of)
    aside = snapshots / f".{as_of.isoformat()}-{secrets.token_hex(4)}.partial"
    try:
        aside.mkdir(parents=True)
        for table, frame in tables.items():
            _write(aside / f"{table}.parquet", frame)
        for place in (*{(aside / table).parent for table in tables}, aside):
            sync_folder(place)
        _move(aside, folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _write(path: Path, frame: pl.DataFrame) -> None:
    path.parent.mkdir(exist_ok=True)
    content = io.BytesIO()  # Polars tells a full disk as a fault of the file
    frame.write_parquet(content, compression="zstd", compression_level=3)
    with path.open("wb") as file:
        file.write(content.getbuffer())
        file.flush()
        os.fsync(file.fileno())


def _move(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        if os.path.lexists(folder):
            raise _taken(folder) from None
        raise
    sync_folder(folder.parent)


def _taken(folder: Path) -> UsageError:
    return UsageError(
        "snapshot-exists",
        f"there is a snapshot {folder} already, and an import never overwrites one",
        hint="import under another --as-of, or move that folder away first",
    )


def _unwritable(folder: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        "snapshot-folder",
        f"cannot write {folder}",
        where=str(error),
        hint="nothing was left behind; make room or permit writing, then import again",
    )
