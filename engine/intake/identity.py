"""Which bytes a snapshot consists of."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.intake import object_store
from engine.intake.snapshot import Snapshot

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
    with object_store.stream(file) if "://" in file else Path(file).open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileIdentity(snapshot.relative(file), size, digest.hexdigest())
