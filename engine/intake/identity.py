"""Which bytes a snapshot consists of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.intake.listing import is_remote
from engine.intake.snapshot import Snapshot
from engine.store.bucket import split

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """One file of a snapshot: its path within it, size in bytes and SHA-256."""

    path: str
    size: int
    sha256: str


@cache
def identities(snapshot: Snapshot) -> tuple[FileIdentity, ...]:
    """Every file of every table, by path."""
    found = [identity(snapshot, file) for files in snapshot.tables.values() for file in files]
    return tuple(sorted(found, key=lambda each: each.path))


def identity(snapshot: Snapshot, file: str) -> FileIdentity:
    """One file of the snapshot, by its path or URL; all of it is read."""
    digest, size = hashlib.sha256(), 0
    for block in _remote_blocks(snapshot, file) if is_remote(file) else _local_blocks(file):
        digest.update(block)
        size += len(block)
    return FileIdentity(snapshot.relative(file), size, digest.hexdigest())


def _local_blocks(file: str) -> Iterator[bytes]:
    with Path(file).open("rb") as content:
        while block := content.read(_BLOCK):
            yield block


def _remote_blocks(snapshot: Snapshot, file: str) -> Iterator[bytes]:
    bucket, key = split(file)
    listed = snapshot.listed[file]
    return bucket.blocks(key, listed.size, listed.etag)
