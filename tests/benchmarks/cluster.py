"""Part ``cluster``: what it costs to count by two workers of a scheduler and not in one process.

Each worker has one thread, and one process here has two. Processor seconds are those of all
processes, peak memory is that of the largest; the state folder is deleted before each turn, as
workers keep nothing. Both sides must come to the same numbers.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.printing import costs, say
from tests.benchmarks.turns import Outcome, Round, Side, Turn, turn
from tests.cluster.processes import Processes, processes

_HERE, _THERE = "one process", "two workers"
_WORKERS = 2
_WAIT = 60

_WHAT = {
    "tables": "the tables of a pack, MRR from invoices",
    "pack": "all numbers of a pack, MRR from invoices",
}


def counted(place: Path, what: str, scheduler: str = "") -> Outcome:
    """What is asked, counted here or by the workers of the scheduler."""
    from tests.benchmarks.facts import asked, numbers, told

    table = {"scheduler": scheduler, "wait_seconds": _WAIT}
    return told(numbers(place, "invoices", asked(what), table))


def measure(place: Path, lines: int, rounds: int) -> None:
    """Prints a table for each of ``_WHAT``."""
    for what, words in _WHAT.items():
        say(f"### By two workers and in one process: {words}\n")
        taken = [_round(place, what) for _ in range(rounds)]
        costs(taken, (_HERE,))
        processor = sorted(each[_THERE].processor for each in taken)[len(taken) // 2]
        say(f"{lines / processor / 1e6:.2f} million lines a processor second by workers.\n")


def _round(place: Path, what: str) -> Round:
    side = Side(_HERE, "tests.benchmarks.cluster:counted", (what,))
    shutil.rmtree(place / ".quarterdeck", ignore_errors=True)
    here = turn(side, place)
    there = _by_workers(place, side)
    assert there.outcome == here.outcome, (here.outcome, there.outcome)
    return {_HERE: here, _THERE: there}


def _by_workers(place: Path, side: Side) -> Turn:
    with (
        tempfile.TemporaryDirectory() as folder,
        processes(Path(folder), _WORKERS) as running,
    ):
        _wait_for_all(running)
        begun = _used(running)
        done = turn(replace(side, arguments=(*side.arguments, running.scheduler)), place)
        return replace(
            done,
            processor=done.processor + _used(running) - begun,
            memory=max(done.memory, *_peaks(running)),
        )


def _wait_for_all(running: Processes) -> None:
    from distributed import Client

    with Client(running.scheduler, timeout=_WAIT) as client:
        client.wait_for_workers(_WORKERS, timeout=_WAIT)


def _used(running: Processes) -> float:
    """Processor seconds of the scheduler and the workers."""
    from psutil import Process

    times = [Process(each.pid).cpu_times() for each in running.started]
    return sum(each.user + each.system for each in times)


def _peaks(running: Processes) -> Sequence[float]:
    """Peak memory of each in MB."""
    paths = [Path(f"/proc/{each.pid}/status") for each in running.started]
    return [int(path.read_text().split("VmHWM:")[1].split()[0]) / 1024 for path in paths]
