"""Which bytes a snapshot consists of."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.intake.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """One file of a snapshot: its path within it, size in bytes and SHA-256."""

    path: str
    size: int
    sha256: str


@cache
def identities(snapshot: Snapshot) -> tuple[FileIdentity, ...]:
    """Every file of every table, by path."""
    found = [_identity(snapshot, file) for files in snapshot.tables.values() for file in files]
    return tuple(sorted(found, key=lambda each: each.path))


def _identity(snapshot: Snapshot, file: str) -> FileIdentity:
    relative = snapshot.relative(file)
    with Path(file).open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
        return FileIdentity(relative, content.tell(), digest.hexdigest())
