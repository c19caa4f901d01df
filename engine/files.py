"""Files that are there whole or not at all."""

import errno
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside and moves into place, so that a reader sees the old file or the new one."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_durably(aside, content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes a folder with all files in it, or none; one that is there already stays as it is.

    Raises:
        FileExistsError: The folder is there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    aside.mkdir()
    try:
        for name, content in files.items():
            _write_durably(aside / name, content)
        sync_folder(aside)
        _move(aside, folder)
    except BaseException:
        _remove(aside)
        raise
    sync_folder(folder.parent)


def _move(aside: Path, folder: Path) -> None:
    """Renames; unlike the system's call, never over an empty folder."""
    if folder.exists():
        raise FileExistsError(errno.EEXIST, "already there", str(folder))
    try:
        aside.rename(folder)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
        raise FileExistsError(errno.EEXIST, "already there", str(folder)) from error


def sync_folder(folder: Path) -> None:
    """Makes renames in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    for file in folder.glob("*"):
        file.unlink()
    folder.rmdir()
