"""What was counted once, kept so that it need not be counted again; safe to delete.

An entry is a table under a key that names all it was made from: the file's identity, the rules,
the settings. Each is a file of its own: a digest, a label (key, versions, the engine's own code)
and the table. It is read back only where the label is the one asked for and the digest is right;
anything else counts as not there and is written anew. A folder that cannot be read or written is
a cache that holds nothing: it never stops a command.

Together, entries take at most ``LIMIT`` bytes: beyond, those that were used longest ago go first.
When an entry was used is told by its file's own time, so no clock is read.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

import polars as pl

import engine
import schemas

#: Bytes that all entries take at most: a few snapshots of a hundred million lines.
LIMIT = 4 << 30

#: Of an entry's layout; another number makes all older entries unread.
_FORMAT = 2

#: What a file takes at least, in our sum.
_BLOCK = 1 << 12

#: Bytes of the largest table that is kept: to write one, it is held a second time.
_LARGEST = 1 << 28

_DIGEST = hashlib.sha256().digest_size
_TIDY_AFTER = 16


class Cache:
    """Tables kept by kind and key; without a folder it holds nothing.

    Attributes:
        folder: Where its files lie; made where it is not there.
    """

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        """Takes the folder, which need not be there."""
        self.folder = folder
        self._limit = limit
        self._written: int | None = None

    def get(self, kind: str, key: str) -> pl.DataFrame | None:
        """What was kept under the key; None unless it is there and whole."""
        if self.folder is None:
            return None
        path, label = self._path(kind, key), _label(kind, key)
        try:
            with path.open("rb") as file:
                digest, told, table = file.read(_DIGEST), file.read(len(label)), file.read()
        except OSError:
            return None
        if told != label or _digest(label, table) != digest:
            return None
        with suppress(OSError):
            os.utime(path)
        return pl.read_ipc(table)

    def put(self, kind: str, key: str, frame: pl.DataFrame, *, packed: bool = True) -> bool:
        """Keeps the table, in place of one under the same key; whether it could.

        A table of more than a quarter of a gigabyte is not kept.

        Args:
            packed: Compressed; that is in vain where all is random, such as hashes.
        """
        if self.folder is None or frame.estimated_size() > _LARGEST:
            return False
        held, label = BytesIO(), _label(kind, key)
        frame.write_ipc(held, compression="zstd" if packed else "uncompressed")
        table = held.getbuffer()
        with suppress(OSError):
            _write(self._path(kind, key), _digest(label, table), label, table)
            self._tidy(len(label) + len(table))
            return True
        return False

    def moment(self) -> int | None:
        """Now, in nanoseconds, by the clock of the folder's file system; None if nothing is kept.

        What was last written some seconds before cannot change any more and keep that time.
        """
        if self.folder is None:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.folder) as file:
                file.write(b"now")
                file.flush()
                return os.fstat(file.fileno()).st_mtime_ns
        except OSError:
            return None

    def _path(self, kind: str, key: str) -> Path:
        name = hashlib.sha256(f"{kind}\n{key}".encode()).hexdigest()[:32]
        return (self.folder or Path()) / kind / name

    def _tidy(self, written: int) -> None:
        """Drops what was used longest ago, at first and each time that much was written."""
        self._written = None if self._written is None else self._written + written
        if self._written is None or self._written * _TIDY_AFTER > self._limit:
            self._written = 0
            _drop_oldest(self._limit, sorted(self._entries(), reverse=True))

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        """Each file's time of use, size and path, unfinished ones too."""
        for path in (self.folder or Path()).glob("*/*"):
            with suppress(OSError):
                found = path.stat()
                yield found.st_mtime_ns, found.st_size + _BLOCK, path


def _drop_oldest(limit: int, entries: list[tuple[int, int, Path]]) -> None:
    """Removes the last ones of the entries, those that go beyond the limit."""
    total = 0
    for _, size, path in entries:
        total += size
        if total > limit:
            with suppress(OSError):
                path.unlink()


def _write(path: Path, *parts: bytes | memoryview) -> None:
    """Beside, then into place; not synced, as a torn entry is told by its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as file:
            file.writelines(parts)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _digest(*parts: bytes | memoryview) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def _label(kind: str, key: str) -> bytes:
    parts = (_FORMAT, engine.__version__, _code(), pl.__version__, _hashes(), kind, key)
    return json.dumps(parts).encode() + b"\n"


@cache
def _hashes() -> int:
    """How values are hashed here: another kind of processor may hash otherwise."""
    return int(pl.Series(["short", "a text that is longer than a few words"]).hash(7).sum())


@cache
def _code() -> str:
    """Names the code at work: who changes a rule's expression may forget its version."""
    digest = hashlib.sha256()
    for package in (engine, schemas):
        for file in sorted(Path(package.__path__[0]).rglob("*.py")):
            found = file.stat()
            digest.update(f"{file}\n{found.st_size}\n{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
