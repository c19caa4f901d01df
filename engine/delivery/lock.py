"""Who may deliver from an output folder: one process at a time, of all hosts that share it.

The lock is a row of files, each claimed by creating it, the highest number in force. Taking over,
renewing and releasing all create the next number, and only one process can create it; so two that
find an abandoned lock at once do not both get it, and a holder that slept too long learns of it.
Only the expiry compares clocks of two hosts; they should agree to well within its minutes.
"""

import contextlib
import json
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from engine.delivery.receipts import write_new
from engine.errors import EnvironmentFault
from engine.store.place import Place

FOLDER = ".delivery"
#: Numbers that are kept, so that a slow rival cannot create an old one anew unnoticed.
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """One file of the row.

    Attributes:
        host: Name of the machine and of its process space, so that ``pid`` means something.
        expires: After this, it binds nobody.
    """

    host: str
    pid: int
    token: str
    expires: datetime
    released: bool = False

    def binds(self, now: datetime) -> bool:
        """Whether another process must keep off: not released, not expired, not known dead."""
        is_dead = self.host == _host() and not _is_alive(self.pid)
        return not self.released and self.expires > now and not is_dead

    def as_json(self) -> bytes:
        """The file's content."""
        return json.dumps(asdict(self), default=datetime.isoformat).encode()


class Busy(EnvironmentFault):
    """Another process is delivering from the same output folder."""

    def __init__(self, claim: Claim) -> None:
        where = f"process {claim.pid} on {claim.host.partition(' ')[0]}"
        super().__init__(
            "delivery-busy",
            f"{where} is delivering from this output folder",
            hint=f"wait for it; if it is gone, its lock ends {claim.expires:%Y-%m-%d %H:%M} UTC",
        )


def _clock() -> datetime:
    return datetime.now(UTC)


class Lock:
    """A context manager that holds the folder's lock and renews it from a thread."""

    def __init__(
        self, output: Place, lasts: timedelta, clock: Callable[[], datetime] = _clock
    ) -> None:
        """Nothing is held yet.

        Args:
            output: The folder that is delivered from.
            lasts: How long it binds others without being renewed.
            clock: The machine's; for tests.
        """
        self._folder = output / FOLDER
        self._lasts = lasts
        self._clock = clock
        self._token = secrets.token_hex(8)
        self._number = 0
        self._expires = clock()
        self._is_lost = False
        self._ended = threading.Event()
        self._mutex = threading.Lock()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        """Takes the lock; raises ``Busy`` where another process has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number, claim = self._newest()
        if claim is not None and claim.binds(self._clock()):
            raise Busy(claim)
        self._number = number
        if not self._claim():
            raise Busy(self._newest()[1] or self._own())
        self._heart.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._heart.join()
        if not self._is_lost:
            self._claim(released=True)

    def require(self) -> None:
        """Goes on only while the lock is held; else an EnvironmentFault."""
        if self._is_lost or self._clock() >= self._expires:
            raise EnvironmentFault(
                "delivery-lock-lost",
                "another process may have taken over, so nothing more is sent from here",
                where=str(self._folder),
                hint="run it again: what was sent is known",
            )

    def renew(self) -> None:
        """Binds others for the whole time again."""
        if not self._claim():
            self._is_lost = True

    def _beat(self) -> None:
        while not self._ended.wait(self._lasts.total_seconds() / 3):
            with contextlib.suppress(OSError):
                self.renew()

    def _claim(self, *, released: bool = False) -> bool:
        """Creates the next file; False where somebody else has, or is further already."""
        with self._mutex:
            own = self._own(released=released)
            try:
                write_new(self._file(self._number + 1), own.as_json())
            except FileExistsError:
                return False
            self._number += 1
            self._expires = own.expires
            if self._newest()[0] != self._number:
                return False
            self._prune()
            return True

    def _own(self, *, released: bool = False) -> Claim:
        return Claim(_host(), os.getpid(), self._token, self._clock() + self._lasts, released)

    def _newest(self) -> tuple[int, Claim | None]:
        """The highest number and what its file says; None where it says nothing yet."""
        number = max((int(each.stem) for each in self._files()), default=0)
        try:
            fields = json.loads(self._file(number).read_text(encoding="utf-8"))
            fields["expires"] = datetime.fromisoformat(fields["expires"])
            return number, Claim(**fields)
        except FileNotFoundError:
            return number, None
        except (ValueError, KeyError, TypeError):
            written = datetime.fromtimestamp(self._file(number).stat().st_mtime, UTC)
            return number, Claim("an unknown host", 0, "", written + self._lasts)

    def _files(self) -> list[Place]:
        return [each for each in self._folder.glob("*.json") if each.stem.isdigit()]

    def _file(self, number: int) -> Place:
        return self._folder / f"{number:08d}.json"

    def _prune(self) -> None:
        for file in self._files():
            if int(file.stem) <= self._number - _KEPT:
                file.unlink(missing_ok=True)


def _host() -> str:
    """The machine and, in containers, the space that its process numbers belong to."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()} {space}".strip()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
