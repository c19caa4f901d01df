"""A command run as people run it, and what it and the processes that it started took."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic

_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and peak MB of the command's own process and of all together.

    Memory is what Linux calls proportional: pages that processes share are counted once. It is
    looked at five times a second; elsewhere than on Linux it is 0.
    """

    processor: float
    wall: float
    own: float
    together: float


def watched(arguments: Sequence[str], folder: Path) -> Cost:
    """Runs ``qbr`` with these arguments in the folder; a failure is a CalledProcessError."""
    command = [sys.executable, "-c", "from engine.cli import main; main()", *arguments]
    paths = os.pathsep.join(filter(None, [str(Path.cwd()), os.environ.get("PYTHONPATH")]))
    begun, ended = monotonic(), Event()
    peaks = [0.0, 0.0]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watcher = Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = monotonic() - begun
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, wall, *peaks)


def _watch(process: int, peaks: list[float], ended: Event) -> None:
    """Keeps the largest memory of the process and of all together in ``peaks``."""
    while not ended.wait(_EVERY):
        own, *others = [_memory(each) for each in _family(process)]
        peaks[:] = [max(peaks[0], own), max(peaks[1], own + sum(others))]


def _family(process: int) -> Iterator[int]:
    """The process, and those that it and they started."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _read(task).split():
            yield from _family(int(child))


def _memory(process: int) -> float:
    found = _read(Path(f"/proc/{process}/smaps_rollup")).partition("\nPss:")[2].split()
    return int(found[0]) / 1024 if found else 0.0


def _read(path: Path) -> str:
    """The text, or nothing where the process has ended meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""
