"""Which bytes a snapshot consists of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.intake.digests import keep, kept, name
from engine.intake.listing import is_remote
from engine.intake.read import named_faults
from engine.intake.snapshot import Snapshot, changed
from engine.intake.stamps import Stamp, stamps
from engine.store.bucket import split
from engine.store.faults import ChangedError

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """One file of a snapshot: its path within it, size in bytes and SHA-256."""

    path: str
    size: int
    sha256: str


@cache
def identities(snapshot: Snapshot, state: Path) -> tuple[FileIdentity, ...]:
    """Every file of every table, by path.

    Args:
        state: Folder that remembers digests; what it knows of a file is not read again.

    Raises:
        DataError: A file changed since it was listed, or is gone.
        EnvironmentFault: One cannot be read.
    """
    known, found = kept(snapshot, state), list[tuple[Stamp, str]]()
    for table, files in snapshot.tables.items():
        for file, stamp in zip(files, stamps(snapshot, table), strict=True):
            found.append((stamp, known.get(name(stamp)) or identity(snapshot, file).sha256))
    if any(name(stamp) not in known for stamp, _ in found):
        keep(snapshot, state, found)
    told = (FileIdentity(stamp.path, stamp.size, digest) for stamp, digest in found)
    return tuple(sorted(told, key=lambda each: each.path))


def identity(snapshot: Snapshot, file: str) -> FileIdentity:
    """One file of the snapshot, by its path or URL; all of it is read; raises as ``identities``."""
    digest, size = hashlib.sha256(), 0
    with named_faults(snapshot.relative(file)):
        try:
            for block in _remote_blocks(snapshot, file) if is_remote(file) else _local_blocks(file):
                digest.update(block)
                size += len(block)
        except (ChangedError, FileNotFoundError) as error:
            raise changed(snapshot, [file]) from error
    return FileIdentity(snapshot.relative(file), size, digest.hexdigest())


def _local_blocks(file: str) -> Iterator[bytes]:
    with Path(file).open("rb") as content:
        while block := content.read(_BLOCK):
            yield block


def _remote_blocks(snapshot: Snapshot, file: str) -> Iterator[bytes]:
    bucket, key = split(file)
    listed = snapshot.listed[file]
    return bucket.blocks(key, listed.size, listed.etag)
