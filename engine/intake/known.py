"""The verdict on a snapshot of which no file, rule or setting changed since it was found.

It is kept only where every file's stamp can be trusted (see ``parts``), where the snapshot still
lists the same when all is counted, and never where a file could not be read: that may be over.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl
from pydantic import TypeAdapter

from engine.cache import Cache
from engine.errors import EngineError
from engine.intake.outcome import Failure, TableVerdict
from engine.intake.parts import file_keys
from engine.intake.snapshot import Snapshot, open_snapshot

_KIND = "verdicts"

#: A verdict as it is kept: its tables and its failures.
Told = tuple[tuple[TableVerdict, ...], tuple[Failure, ...]]

_TOLD: TypeAdapter[Told] = TypeAdapter(Told)


@dataclass(frozen=True, slots=True)
class Known:
    """Where the verdict on some snapshots is kept.

    Attributes:
        snapshots: The one looked at, and the one before if they were compared.
        key: Names their files and all that was asked; empty where nothing may be kept.
    """

    cache: Cache
    snapshots: Collection[Snapshot]
    key: str

    @property
    def told(self) -> Told | None:
        """What was found before; None if nothing is known of it."""
        found = self.cache.get(_KIND, self.key) if self.key else None
        return None if found is None else _TOLD.validate_json(found.item())

    def keep(self, told: Told) -> None:
        """Remembers it, unless it may be otherwise next time."""
        is_read = all(each.rule != "unreadable" for each in told[1])
        if self.key and is_read and all(_is_as_it_was(each) for each in self.snapshots):
            self.cache.put(
                _KIND, self.key, pl.DataFrame({"told": [_TOLD.dump_json(told).decode()]})
            )


def known(cache: Cache, snapshots: Collection[Snapshot], asked: Mapping[str, object]) -> Known:
    """Where the answer to all that was asked of these snapshots is kept.

    Args:
        asked: Settings by name, each with a ``repr`` that tells it from all others.
    """
    moment = cache.moment()
    if moment is None:
        return Known(cache, snapshots, "")
    tables = [(each, name) for each in snapshots for name in each.tables]
    files = [key for each, name in tables for key in file_keys(each, name, moment)]
    places = [(each.folder, each.strays) for each in snapshots]
    digest = hashlib.sha256(repr((places, files, sorted(asked.items()))).encode()).hexdigest()
    return Known(cache, snapshots, digest if all(files) else "")


def _is_as_it_was(snapshot: Snapshot) -> bool:
    try:
        return open_snapshot(snapshot.root, snapshot.as_of) == snapshot
    except EngineError:
        return False
