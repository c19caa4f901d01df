"""Rows that were set aside, as Parquet files for whoever corrects them at their source."""

import hashlib
import json
import os
import secrets
import shutil
from dataclasses import asdict
from pathlib import Path

import polars as pl

from engine.errors import EnvironmentFault
from engine.files import sync_folder
from engine.intake.identity import identities
from engine.intake.quarantine import Quarantine
from engine.intake.snapshot import Snapshot


def write(quarantine: Quarantine, snapshot: Snapshot, state: Path) -> Path:
    """The folder ``<state>/quarantine/<as-of date>-<digest>`` with one file per table.

    The digest is that of the snapshot's bytes and of what was set aside; a folder that is there
    already stays as it is. Files are streamed, and appear all at once or not at all.

    Raises:
        EnvironmentFault: The disk is full, or may not be written.
    """
    folder = state / name(quarantine, snapshot, state)
    if folder.is_dir():
        return folder
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        for table in quarantine.bad:
            path = aside / f"{table}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            quarantine.aside(table).sink_parquet(path, compression="zstd", compression_level=3)
            _flush(path)
        _move(aside, folder)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise EnvironmentFault(
            "quarantine",
            f"cannot write {folder}",
            where=str(error),
            hint="make room or permit writing: `state` in [workspace] names the folder above it",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def name(quarantine: Quarantine, snapshot: Snapshot, state: Path) -> str:
    """Path of the folder within the workspace's ``state``."""
    return f"quarantine/{snapshot.as_of}-{_digest(quarantine, snapshot, state)}"


def _digest(quarantine: Quarantine, snapshot: Snapshot, state: Path) -> str:
    content = {
        "files": [asdict(each) for each in identities(snapshot, state)],
        "set_aside": [each.as_json for each in quarantine.summary],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _move(aside: Path, folder: Path) -> None:
    """Renames, unless another command that set the same rows aside was faster."""
    try:
        aside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    sync_folder(folder.parent)
