"""A table in parts: files that are counted together, and whether what was counted may be kept.

What a part came to is kept under its files' stamps: path, size, and ETag or time and footer. That
is trusted only where a change could not have gone unseen:

- an object has an ETag; a time alone, to the second, is not enough;
- a file on this machine was last written two seconds or more before this run looked at it. File
  systems tell time in steps, of two seconds at the most (FAT), and a second writing within the
  same step could leave size, time and footer as they are;
- the file is still the same, in size and time, when it has been counted.

What nobody can see is a byte that changes while size, time and footer stay: a failing disk, or
somebody who sets times back. Deleting what is kept counts everything anew.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.cache import Cache
from engine.intake.listing import Listed, is_remote
from engine.intake.read import scan
from engine.intake.snapshot import Snapshot
from engine.intake.stamps import Stamp, stamps

#: Bytes from which files are a part of their own: some hundred thousand lines. Smaller ones are
#: taken together, as to ask for a part costs as much as to count some ten thousand rows.
_ENOUGH = 1 << 20

#: Nanoseconds within which a second writing may bear the time of the first.
_A_STEP = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Some files of a table, one after the other.

    Attributes:
        frame: Their rows.
        key: Names the files and what is in them; empty where nothing may be kept of them.
        files: Paths or URLs, and what the listing told of each.
    """

    frame: pl.LazyFrame
    key: str = ""
    files: tuple[tuple[str, Listed], ...] = ()

    @property
    def may_be_kept(self) -> bool:
        """Whether what was just counted is of the files that ``key`` names."""
        return bool(self.key) and all(is_remote(file) or _is(file, was) for file, was in self.files)


def parts(snapshot: Snapshot, name: str, cache: Cache, enough: int = 0) -> tuple[Part, ...]:
    """The table's files in their order; all in one part where nothing is kept anyway.

    A part depends only on its files and those in front of them, so that one more file or another
    one changes few.

    Args:
        enough: Bytes from which files are a part of their own; 0 for the least that pays.
    """
    files = snapshot.tables[name]
    moment = cache.moment()
    if moment is None:
        return (Part(scan(snapshot, name)),)
    keys = file_keys(snapshot, name, moment)
    return tuple(
        Part(
            scan(snapshot, name, [files[place] for place in group]),
            joined([keys[place] for place in group]),
            tuple((files[place], snapshot.listed[files[place]]) for place in group),
        )
        for group in _groups([snapshot.listed[file].size for file in files], enough or _ENOUGH)
    )


def file_keys(snapshot: Snapshot, name: str, moment: int) -> list[str]:
    """What names each file of the table, and what is in it; empty where that is in doubt.

    Args:
        moment: Of a time before the snapshot was looked at, ``Cache.moment``.
    """
    try:
        found = stamps(snapshot, name)
    except OSError:
        return [""] * len(snapshot.tables[name])
    files = zip(snapshot.tables[name], found, strict=True)
    return [_key(stamp, file, snapshot.listed[file], moment) for file, stamp in files]


def _key(stamp: Stamp, file: str, listed: Listed, moment: int) -> str:
    is_settled = listed.etag if is_remote(file) else int(listed.written) <= moment - _A_STEP
    return stamp.key if is_settled else ""


def joined(keys: Sequence[str]) -> str:
    """One key for what several name; empty where one of them is."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest() if all(keys) else ""


def sixteenth(snapshot: Snapshot, name: str) -> int:
    """Bytes of about a sixteenth of the table, the same while it does not double."""
    whole = sum(snapshot.listed[file].size for file in snapshot.tables[name])
    return max(1 << max(whole // 16, 1).bit_length() - 1, _ENOUGH)


def _groups(sizes: Sequence[int], enough: int) -> Iterator[list[int]]:
    """Places of files that come to enough bytes together."""
    group: list[int] = []
    for place, size in enumerate(sizes):
        group.append(place)
        if sum(sizes[each] for each in group) >= enough or size >= enough:
            yield group
            group = []
    if group:
        yield group


def _is(file: str, listed: Listed) -> bool:
    try:
        found = Path(file).stat()
    except OSError:
        return False
    return (found.st_size, str(found.st_mtime_ns)) == (listed.size, listed.written)
