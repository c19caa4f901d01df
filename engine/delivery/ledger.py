"""The ledger: which runs were made, and what became of every message. SQLite, in the state folder.

Every change is committed with the strongest durability that SQLite has, in a rollback journal:
there is one file to keep, and a commit survives a power cut. The receipts beside the manifests
say the same (see ``engine.delivery.receipts``), so the file may be lost.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from engine.delivery.occasions import Occasion, occasions
from engine.delivery.receipts import receipts
from engine.delivery.records import MANIFEST, Delivery, Kind, RecordedRun, State
from engine.delivery.tables import SCHEMA, VERSION
from engine.errors import EnvironmentFault
from engine.store.place import Place

FILE_NAME = "ledger.sqlite"

_COLUMNS = tuple(each.name for each in fields(Delivery))


class Ledger:
    """An open ledger; close it, or use it as a context manager.

    Attributes:
        path: The database file.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, and makes it where it is missing.

        Raises:
            EnvironmentFault: A newer version of Quarterdeck wrote it.
            sqlite3.DatabaseError: It is broken; ``open_ledger`` rebuilds it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connection = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def record_run(self, run: RecordedRun) -> None:
        """Keeps a finished run; one that is known stays as first recorded."""
        values = (
            run.folder,
            run.run_id,
            run.period,
            run.pack,
            run.group,
            str(run.snapshot),
            run.made_at.astimezone(UTC).isoformat(),
            json.dumps(dict(run.outputs), sort_keys=True),
        )
        self._connection.execute("INSERT OR IGNORE INTO runs VALUES (?,?,?,?,?,?,?,?)", values)

    def runs(self, period: str | None = None, pack: str | None = None) -> tuple[RecordedRun, ...]:
        """Every recorded run of the period and the pack, the first made first."""
        rows = self._connection.execute(
            "SELECT * FROM runs WHERE period = ifnull(?, period) AND pack = ifnull(?, pack) "
            "ORDER BY made_at, snapshot, folder",
            (period, pack),
        )
        return tuple(_run(row) for row in rows)

    def first_reported(self, period: str, pack: str, group: str = "") -> date | None:
        """As-of date of the snapshot that readers first saw the period from.

        That is the first run that was sent; where none was, the first that was made; None where
        the ledger has no run.
        """
        made = [run for run in self.runs(period, pack) if run.group == group]
        sent = [
            each
            for each in self.deliveries(period, pack)
            if each.kind is Kind.PACK and each.state is State.SENT
        ]
        first = {each.run_id: each.changed_at for each in reversed(sent)}
        seen = sorted((first[run.run_id], run.snapshot) for run in made if run.run_id in first)
        if seen:
            return seen[0][1]
        return made[0].snapshot if made else None

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Keeps the deliveries as they now are, all or none; an older revision changes nothing."""
        rows = [tuple(json.loads(each.as_json()).values()) for each in deliveries]
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        places = ", ".join("?" * len(_COLUMNS))
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in _COLUMNS[1:])
        with self._transaction() as connection:
            connection.executemany(
                f"INSERT INTO deliveries ({names}) VALUES ({places}) ON CONFLICT (key) "  # noqa: S608  our own column names
                f"DO UPDATE SET {changes} WHERE excluded.revision > deliveries.revision",
                rows,
            )

    def deliveries(
        self, period: str | None = None, pack: str | None = None
    ) -> tuple[Delivery, ...]:
        """Every delivery of the period and the pack, the first planned first."""
        rows = self._connection.execute(
            "SELECT * FROM deliveries WHERE period = ifnull(?, period) "
            "AND pack = ifnull(?, pack) ORDER BY planned_at, recipient, key",
            (period, pack),
        )
        return tuple(Delivery.from_json(json.dumps(dict(row))) for row in rows)

    def see(self, occasion: Occasion) -> None:
        """Keeps that a scheduled pack was due, and once it is planned, when; never less."""
        planned = occasion.planned_at and occasion.planned_at.isoformat()
        self._connection.execute(
            "INSERT INTO occasions VALUES (?,?,?) ON CONFLICT (period, pack) "
            "DO UPDATE SET planned_at = ifnull(occasions.planned_at, excluded.planned_at)",
            (occasion.period, occasion.pack, planned),
        )

    def occasions(self, pack: str) -> tuple[Occasion, ...]:
        """Every period that the pack's schedule was seen to be due for."""
        rows = self._connection.execute("SELECT * FROM occasions WHERE pack = ?", (pack,))
        return tuple(_occasion(row) for row in rows)

    def rebuild(self, output: Place, below: Sequence[str] = ("",)) -> None:
        """Takes in every run, receipt and occasion below the output folder; what is known stays.

        Args:
            output: The workspace's.
            below: Folders of it that are looked into.
        """
        for part in below:
            for manifest in sorted((output / part).rglob(MANIFEST), key=str):
                if (run := _found(manifest.parent, output)) is not None:
                    self.record_run(run)
        self.absorb(output, below)

    def absorb(self, output: Place, below: Sequence[str] = ("",)) -> None:
        """Takes in receipts and occasions, of other hosts too, newer than what is known."""
        self.put(receipts(output, below))
        for each in occasions(output, below):
            self.see(each)

    def _prepare(self) -> None:
        for pragma in ("journal_mode = DELETE", "synchronous = EXTRA"):
            self._connection.execute(f"PRAGMA {pragma}")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise EnvironmentFault(
                "ledger-newer",
                "the ledger was written by a newer version",
                where=str(self.path),
                hint="use that version, or move the file away: it is rebuilt from the output",
            )
        (answer,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        self._connection.executescript(SCHEMA)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def open_ledger(state: Path, output: Place) -> Ledger:
    """The workspace's ledger; rebuilt from the output where it is missing or broken.

    Args:
        state: The workspace's state folder.
        output: The workspace's output folder; may be missing.
    """
    path = state / FILE_NAME
    is_new = not path.exists()
    try:
        ledger = Ledger(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise EnvironmentFault("ledger", f"cannot use {path}", where=str(error)) from error
        is_new = True
        _set_aside(path)
        ledger = Ledger(path)
    if is_new and output.is_dir():
        ledger.rebuild(output)
    return ledger


def _set_aside(path: Path) -> None:
    """Keeps the broken file for whoever wants to look into it."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.rename(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _found(folder: Place, output: Place) -> RecordedRun | None:
    try:
        return RecordedRun.read(folder, output)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _occasion(row: sqlite3.Row) -> Occasion:
    planned = row["planned_at"]
    return Occasion(row["period"], row["pack"], planned and datetime.fromisoformat(planned))


def _run(row: sqlite3.Row) -> RecordedRun:
    return RecordedRun(
        run_id=row["run_id"],
        period=row["period"],
        pack=row["pack"],
        group=row["group"],
        snapshot=date.fromisoformat(row["snapshot"]),
        folder=row["folder"],
        made_at=datetime.fromisoformat(row["made_at"]),
        outputs=json.loads(row["outputs"]),
    )
