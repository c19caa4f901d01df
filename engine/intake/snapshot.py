"""What billing and CRM exported on one day: ``<root>/<YYYY-MM-DD>/billing/…`` and ``…/crm/…``."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.errors import DataError, UsageError
from engine.intake import listing
from engine.intake.listing import Listed
from engine.intake.quoting import quoted
from schemas.canonical import TABLES

LAYOUT = "<root>/<YYYY-MM-DD>/billing/<table>.parquet and …/crm/<table>.parquet"
PARQUET = ".parquet"

#: Files that a message names.
_TOLD = 3

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One day's exports; nothing of a file was read yet.

    Attributes:
        root: Folder or URL that snapshots lie in.
        as_of: The day, from the folder's name.
        tables: Canonical table name to its files, sorted: absolute paths or URLs.
        strays: Files in billing/ and crm/ that are no known table's, relative to the snapshot.
        listed: What the listing told of each file of ``tables``, by the name it has there.
    """

    root: str
    as_of: date
    tables: Mapping[str, tuple[str, ...]] = field(hash=False)
    strays: tuple[str, ...] = ()
    listed: Mapping[str, Listed] = field(default_factory=dict[str, Listed], hash=False)

    def has(self, table: str) -> bool:
        """Whether any file of the table was exported."""
        return table in self.tables

    @property
    def folder(self) -> str:
        """Path or URL of the snapshot itself."""
        return f"{self.root}/{self.as_of}"

    def relative(self, file: str) -> str:
        """The file's path within the snapshot."""
        return file.removeprefix(self.folder + "/")


def as_of_dates(root: str) -> tuple[date, ...]:
    """Dates of the snapshots in ``root``, ascending; folders with other names are ignored.

    Raises:
        EnvironmentFault: The root is no folder, or cannot be read.
    """
    named = (_date(name) for name in listing.folders(root))
    return tuple(sorted(each for each in named if each is not None))


def open_snapshot(root: str, as_of: date | None = None) -> Snapshot:
    """The snapshot of that day; the latest if none is given.

    Raises:
        UsageError: There is no snapshot, or none of that day.
        DataError: A file of a table leads out of the snapshot, or is none.
        EnvironmentFault: The root is no folder, or cannot be read.
    """
    dates = as_of_dates(root)
    if not dates:
        raise UsageError(
            "snapshot-missing", f"there is no snapshot in {root}", hint=f"expected {LAYOUT}"
        )
    if as_of is not None and as_of not in dates:
        raise _no_such_day(root, as_of, dates)
    day = dates[-1] if as_of is None else as_of
    return _snapshot(root.rstrip("/"), day)


def require_unchanged(snapshot: Snapshot) -> None:
    """Nothing, while every file is as it was listed when the snapshot was opened.

    Raises:
        DataError: Somebody writes into it: what was read may be of two exports.
        EnvironmentFault: It cannot be listed any more.
    """
    now = _snapshot(snapshot.root, snapshot.as_of).listed
    if now != snapshot.listed:
        either = sorted({*now, *snapshot.listed})
        raise changed(snapshot, [x for x in either if now.get(x) != snapshot.listed.get(x)])


def changed(snapshot: Snapshot, files: Sequence[str]) -> DataError:
    """Those files are not what was listed when the snapshot was opened."""
    return DataError(
        "snapshot-changed",
        f"{len(files)} of the files of {snapshot.folder} changed while they were read",
        where=", ".join(quoted(snapshot.relative(each)) for each in files[:_TOLD]),
        note="numbers of it could be of two exports at once",
        hint="run it again once the export is complete",
    )


def table_of(file: str) -> str | None:
    """The table that a file (relative to its snapshot) is part of; None if of no known one."""
    area, _, rest = file.partition("/")
    name = f"{area}/{rest.partition('/')[0].removesuffix(PARQUET)}"
    return name if name in TABLES and file.lower().endswith(PARQUET) else None


def _snapshot(root: str, as_of: date) -> Snapshot:
    folder = f"{root}/{as_of}"
    _refuse_foreign(folder)
    tables: defaultdict[str, list[str]] = defaultdict(list)
    strays: list[str] = []
    listed: dict[str, Listed] = {}
    for each in listing.files(folder):
        file = each.path
        if (table := table_of(file)) is not None:
            tables[table].append(f"{folder}/{file}")
            listed[f"{folder}/{file}"] = each
        elif file.startswith(("billing/", "crm/")) or file.lower().endswith(PARQUET):
            strays.append(file)
    found = {name: tuple(tables[name]) for name in TABLES if name in tables}
    return Snapshot(root, as_of, found, tuple(strays), listed)


def _refuse_foreign(folder: str) -> None:
    """DataError where a table would be read from elsewhere, or from what never ends."""
    if found := [each for each in listing.foreign(folder) if _is_of_tables(each)]:
        told = ", ".join(quoted(each) for each in found[:_TOLD])
        raise DataError(
            "snapshot-file",
            f"{len(found)} of the files of {folder} do not lie in it",
            where=told,
            note="a link that leads elsewhere, or a pipe, is not what was exported that day",
            hint="copy the files themselves into the snapshot",
        )


def _is_of_tables(path: str) -> bool:
    """Whether a table's file or folder, or the folder of its area, has that path."""
    name = path.removesuffix(PARQUET) + "/"
    return any(name.startswith(f"{each}/") or each.startswith(name) for each in TABLES)


def _date(name: str) -> date | None:
    if not _DATE.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _no_such_day(root: str, as_of: date, dates: Iterable[date]) -> UsageError:
    closest = sorted(sorted(dates, key=lambda each: abs(each - as_of))[:3])
    return UsageError(
        "snapshot-missing",
        f"there is no snapshot of {as_of} in {root}",
        hint="nearest: " + ", ".join(str(each) for each in closest),
    )
