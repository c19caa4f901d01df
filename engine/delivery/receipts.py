"""Receipts beside the manifests: every change of a delivery's state, a file each, never rewritten.

A change is claimed by creating its file, and only one process can create it. So of two that both
believe to be in charge, one sends; and a lost ledger is rebuilt from these files.
"""

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.delivery.records import Delivery, State
from engine.files import sync_folder
from engine.store.place import ObjectPath, Place
from engine.store.publishing import put_new

FOLDER = "deliveries"

_NAME = re.compile(r"([0-9a-f]{24})\.([0-9]{6})\.json")
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


def write_receipt(output: Place, delivery: Delivery) -> None:
    """Claims the delivery's present revision; durable when this returns.

    Raises:
        FileExistsError: Somebody else has claimed it.
    """
    place = output / delivery.folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    name = f"{delivery.key}.{delivery.revision:06d}.json"
    write_new(place / name, f"{delivery.as_json()}\n".encode())


def write_new(path: Place, content: bytes) -> None:
    """Writes a file that was not there, whole and durably; FileExistsError if it was."""
    if isinstance(path, ObjectPath):
        put_new(path, content)
        return
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(aside, content)
        _link(aside, path, content)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def receipts(output: Place, below: Iterable[str] = ("",)) -> Iterator[Delivery]:
    """The newest receipt of each delivery below these folders of the output.

    One whose newest receipt cannot be read may have left: it is ``unknown``.
    """
    for part in below:
        for place in (output / part).rglob(FOLDER):
            newest: dict[str, Place] = {}
            for file in sorted(place.glob("*.json"), key=str):
                if (found := _NAME.fullmatch(file.name)) is not None:
                    newest[found[1]] = file
            for key, file in newest.items():
                if (delivery := _read(place, key, file)) is not None:
                    yield delivery


def _read(place: Place, key: str, newest: Place) -> Delivery | None:
    try:
        return Delivery.from_json(newest.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):
        revision = int(newest.name.split(".")[1])
        earlier = _earlier(place, key, revision)
        if earlier is None:
            return None
        unread = earlier.moved(State.UNKNOWN, earlier.changed_at, f"{newest.name} cannot be read")
        return unread if unread.revision == revision else None


def _earlier(place: Place, key: str, revision: int) -> Delivery | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        before = place / f"{key}.{revision - 1:06d}.json"
        return Delivery.from_json(before.read_text(encoding="utf-8"))
    return None


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _link(aside: Path, path: Path, content: bytes) -> None:
    """Gives the finished file its name; where there are no hard links, writes it in place."""
    try:
        os.link(aside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write(path, content)
