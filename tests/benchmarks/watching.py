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
    """Seconds of all together, and peak MB of the command's own process and of all together.

    Processor time of processes that another one than the command waits for (those of a pool) is
    what was seen last, a fifth of a second before their end at most. Memory is what Linux calls
    proportional: pages that processes share are counted once. It is looked at five times a
    second; elsewhere than on Linux it is 0.
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
    peaks, used = [0.0, 0.0], dict[int, float]()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watcher = Thread(target=_watch, args=(process.pid, peaks, used, ended))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = monotonic() - begun
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    processor = max(usage.ru_utime + usage.ru_stime, sum(used.values()))
    return Cost(processor, wall, *peaks)


def _watch(process: int, peaks: list[float], used: dict[int, float], ended: Event) -> None:
    """Keeps the largest memory of the process and of all together, and each one's seconds."""
    while not ended.wait(_EVERY):
        family = list(_family(process))
        own, *others = [_memory(each) for each in family]
        peaks[:] = [max(peaks[0], own), max(peaks[1], own + sum(others))]
        used.update({each: max(used.get(each, 0), _seconds(each)) for each in family})


def _family(process: int) -> Iterator[int]:
    """The process, and those that it and they started."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _read(task).split():
            yield from _family(int(child))


def _memory(process: int) -> float:
    found = _read(Path(f"/proc/{process}/smaps_rollup")).partition("\nPss:")[2].split()
    return int(found[0]) / 1024 if found else 0.0


def _seconds(process: int) -> float:
    """Processor time that the process alone has taken."""
    found = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return sum(map(int, found[11:13])) / os.sysconf("SC_CLK_TCK")


def _read(path: Path) -> str:
    """The text, or nothing where the process has ended meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""
