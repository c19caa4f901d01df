"""SHA-256 of files that were read whole once, kept in the workspace's ``state``.

A digest is used again while the file's size and ETag (on this machine: size, time and footer) are
what they were. The folder may be deleted at any time; what is in doubt is read again.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from engine.files import write_whole
from engine.intake.listing import Listed, is_remote
from engine.intake.snapshot import Snapshot
from engine.intake.stamps import Stamp

_FOLDER = "digests"
_DIGESTS = TypeAdapter(dict[str, str])

#: A file written this shortly before its digest was kept could have been written again since,
#: within one tick of its file system's clock.
_DOUBT_NS = 2_000_000_000


def kept(snapshot: Snapshot, state: Path) -> dict[str, str]:
    """Digests by the key of a stamp; those in doubt are not among them."""
    place = _place(snapshot, state)
    try:
        since = place.stat().st_mtime_ns - _DOUBT_NS
        found = _DIGESTS.validate_json(place.read_bytes())
    except (OSError, ValueError):
        return {}
    sure = {each.path for name, each in snapshot.listed.items() if _is_sure(name, each, since)}
    return {key: digest for key, digest in found.items() if key.partition(":")[0] in sure}


def keep(snapshot: Snapshot, state: Path, digests: Sequence[tuple[Stamp, str]]) -> None:
    """Keeps them in place of the snapshot's earlier ones; without room or leave, nothing is."""
    place = _place(snapshot, state)
    content = {name(stamp): digest for stamp, digest in digests}
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps(content, sort_keys=True).encode())


def name(stamp: Stamp) -> str:
    """What a digest is kept under."""
    return f"{stamp.path}:{stamp.key}"


def _place(snapshot: Snapshot, state: Path) -> Path:
    digest = hashlib.sha256(snapshot.folder.encode()).hexdigest()[:24]
    return state / _FOLDER / f"{digest}.json"


def _is_sure(file: str, listed: Listed, since: int) -> bool:
    """Whether its stamp cannot be that of another content."""
    if is_remote(file):
        return bool(listed.etag)
    return int(listed.written) < since
