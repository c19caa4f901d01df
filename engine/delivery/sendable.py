"""Whether a run may leave the house: whole, unchanged, and made of data that holds."""

import hashlib
import json
from collections.abc import Mapping
from typing import cast

from engine.delivery.records import MANIFEST
from engine.errors import DataError, EnvironmentFault
from engine.store.place import Place

PDF, WORKBOOK = "report.pdf", "workbook.xlsx"


def sendable(folder: Place, outputs: Mapping[str, str] | None = None) -> Mapping[str, object]:
    """The run's manifest, after every file of it was compared with what was recorded.

    Args:
        folder: The run's own.
        outputs: File names and digests that the ledger has, if it knows the run.

    Raises:
        DataError: The data of the run did not hold.
        EnvironmentFault: A file is missing or changed.
    """
    manifest = _manifest(folder)
    recorded = cast("Mapping[str, str]", manifest.get("outputs", {}))
    validation = cast("Mapping[str, object]", manifest.get("validation", {}))
    if validation.get("ok") is not True:
        raise DataError(
            "run-invalid", "the data of this run did not hold; it is not sent", where=str(folder)
        )
    if outputs is not None and dict(outputs) != dict(recorded):
        raise _changed(folder, MANIFEST)
    if PDF not in recorded:
        raise _changed(folder, PDF)
    for name, digest in recorded.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise _changed(folder, name)
    return manifest


def _manifest(folder: Place) -> Mapping[str, object]:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _changed(folder, MANIFEST) from error


def _changed(folder: Place, name: str) -> EnvironmentFault:
    return EnvironmentFault(
        "run-changed",
        f"{name} is missing or not what this run had written; it is not sent",
        where=str(folder),
        hint="move the folder away and run the pack again",
    )


def _digest(file: Place) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
