"""Files that are there whole or not at all.

They are written beside, as ``.<name>.<8 hex digits>``, and moved into place. What a killed run
leaves beside is removed by a later one, once it is so old that nobody can be writing it.
"""

import errno
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import EnvironmentFault
from engine.store.place import ObjectPath, Place
from engine.store.publishing import Change, put_folder
from engine.store.publishing import update as put_changed

_ASIDE = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}", re.DOTALL)
_A_DAY = 24 * 60 * 60

#: More than a file system keeps in reserve for a file's first bytes.
_SOME_BYTES = 1 << 16


def require_writable(folder: Place) -> None:
    """Nothing, where something can be written into the folder or where it will be made.

    Of an object store, that it is there and may be listed: more it tells once it is written to.

    Raises:
        EnvironmentFault: It is no folder, may not be written, or its disk is full.
    """
    place = folder
    try:
        if isinstance(folder, ObjectPath):
            folder.is_dir()
            return
        above = (folder, *folder.absolute().parents)
        place = next((each for each in above if each.exists()), folder)
        with tempfile.TemporaryFile(dir=place, prefix=".") as file:
            file.write(bytes(_SOME_BYTES))
            file.flush()
    except OSError as error:
        raise EnvironmentFault(
            "unwritable",
            f"cannot write into {folder}",
            where=f"{place}: {error.strerror or error}",
            hint="permit writing there, make room, or name another `output` in [workspace]",
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside and moves into place, so that a reader sees the old file or the new one.

    A device or a pipe stays what it is and is written to.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    aside = _beside(path)
    try:
        _write_durably(aside, content)
        _sweep(aside, path.name)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_folder(folder: Place, files: Mapping[str, bytes]) -> None:
    """Makes a folder with all files in it, or none; one that is there already stays as it is.

    In an object store it is there once the last of the files is, which is written after the others.

    Raises:
        FileExistsError: The folder is there.
    """
    if isinstance(folder, ObjectPath):
        put_folder(folder, files, last=list(files)[-1])
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with beside(folder) as aside:
        for name, content in files.items():
            _write_durably(aside / name, content)
        sync_folder(aside)
        _move(aside, folder)
    sync_folder(folder.parent)


def update(path: Place, change: Change) -> None:
    """Writes what ``change`` makes of the file's content, whole; nothing where it gives None."""
    if isinstance(path, ObjectPath):
        put_changed(path, change)
        return
    content = change(path.read_bytes() if path.exists() else None)
    if content is not None:
        write_whole(path, content)


@contextmanager
def beside(folder: Path) -> Generator[Path]:
    """A new empty folder beside that one, to be filled and moved into its place.

    It is gone afterwards, whatever happens, with all in it that was not moved.
    """
    aside = _beside(folder)
    aside.mkdir()
    try:
        _sweep(aside)
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


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


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _sweep(fresh: Path, name: str | None = None) -> None:
    """Removes what was left beside: files of that name, or folders of any.

    Age is told by the file system's own clock: by what was written last, not by ours.
    """
    now = fresh.stat().st_mtime
    for each in fresh.parent.iterdir():
        found = _ASIDE.fullmatch(each.name)
        if found and each != fresh and name in {None, found["name"]}:
            with suppress(OSError):  # another run swept it first
                _remove_if_older(each, now - _A_DAY, is_folder=name is None)


def _remove_if_older(path: Path, moment: float, *, is_folder: bool) -> None:
    if path.is_symlink() or path.is_dir() != is_folder or path.stat().st_mtime > moment:
        return
    if is_folder:
        shutil.rmtree(path)
    else:
        path.unlink()
