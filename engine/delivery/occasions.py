"""That a scheduled pack of a period was planned: a file beside its runs, once and for all hosts."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.delivery.receipts import write_new
from engine.store.place import Place

FOLDER, _MARKER = ".schedule", "planned.json"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One scheduled pack of one period.

    Attributes:
        planned_at: When its deliveries were laid down; None: it was due and still waits.
    """

    period: str
    pack: str
    planned_at: datetime | None = None

    @property
    def folder(self) -> str:
        """Where its marker and its alerts lie, relative to the output folder."""
        return f"{self.period}/{self.pack}/{FOLDER}"


def write_occasion(output: Place, occasion: Occasion, runs: Iterable[str]) -> None:
    """Marks the occasion as planned, naming its runs' folders; one that is marked stays."""
    folder = output / occasion.folder
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "period": occasion.period,
        "pack": occasion.pack,
        "planned_at": occasion.planned_at.isoformat() if occasion.planned_at else None,
        "runs": sorted(runs),
    }
    with contextlib.suppress(FileExistsError):
        write_new(folder / _MARKER, f"{json.dumps(content, indent=1)}\n".encode())


def occasions(output: Place, below: Sequence[str] = ("",)) -> Iterator[Occasion]:
    """The planned occasions below these folders of the output; unreadable ones are left out."""
    for part in below:
        for file in (output / part).rglob(f"{FOLDER}/{_MARKER}"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                fields = json.loads(file.read_text(encoding="utf-8"))
                planned = datetime.fromisoformat(fields["planned_at"])
                yield Occasion(fields["period"], fields["pack"], planned)
