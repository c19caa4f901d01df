"""What tells that a file is still the one it was, without reading all of it.

For what is kept of a file in the workspace's ``state``: it may be used again while the file's
stamp is the same. The run id and the manifest go by the content itself, see ``identity``.
"""

import hashlib
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from engine.intake.listing import is_remote
from engine.intake.snapshot import Snapshot

_TAIL = 8

#: What is taken of a file's end where its last bytes tell no footer.
_END = 1 << 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """One file of a snapshot.

    Attributes:
        path: Within the snapshot, with slashes.
        size: In bytes.
        mark: Of an object its ETag, or where its store gives none the time it was written; of a
            file on this machine that time, in nanoseconds, and the digest of its Parquet footer.
    """

    path: str
    size: int
    mark: str

    @property
    def key(self) -> str:
        """A name for what is kept of the file: 64 hex digits, of all three."""
        return hashlib.sha256(f"{self.path}\n{self.size}\n{self.mark}".encode()).hexdigest()


def stamps(snapshot: Snapshot, table: str) -> tuple[Stamp, ...]:
    """A stamp for each of the table's files, in their order.

    Of objects nothing is read: the listing has told. Of files on this machine, the footer is.

    Raises:
        OSError: A file is gone, or may not be read.
    """
    return tuple(_stamp(snapshot, file) for file in snapshot.tables.get(table, ()))


def _stamp(snapshot: Snapshot, file: str) -> Stamp:
    listed = snapshot.listed[file]
    mark = listed.etag or listed.written
    if not is_remote(file):
        with Path(file).open("rb") as content:
            mark = f"{mark}-{_footer_digest(content)}"
    return Stamp(listed.path, listed.size, mark)


def _footer_digest(file: BufferedReader) -> str:
    """Of the footer with the tail after it: statistics, offsets and sizes of all that is before."""
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL, 0))
    length = int.from_bytes(file.read(4), "little") + _TAIL
    file.seek(max(size - (length if length <= size else _END), 0))
    return hashlib.file_digest(file, "sha256").hexdigest()[:32]
