"""Sides that take turns, each turn in a process of its own, and what the turns cost.

Processor seconds are those of the whole process and its children, imports included. Peak memory
is the process's own since it began: ``ru_maxrss`` would hold that of the process that started it.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from time import monotonic

Outcome = Mapping[str, object]

#: Where ``make bench`` puts DuckDB and pandas: our own sides run without them, as users do,
#: since what is installed makes imports slower.
PEERS = Path(os.environ.get("BENCH_PEERS", f"{sys.prefix}/bench"))


@dataclass(frozen=True, slots=True)
class Side:
    """One way to do the work.

    Attributes:
        name: As it is printed.
        function: ``module:function``, called with the folder of the data and ``arguments``.
        is_peer: Whether it needs what lies in ``PEERS``.
    """

    name: str
    function: str
    arguments: tuple[str, ...] = ()
    is_peer: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn cost: seconds of processor and wall time, peak MB; and what came out."""

    processor: float
    wall: float
    memory: float
    outcome: Outcome = field(default_factory=dict)


Round = Mapping[str, Turn]


def turn(side: Side, place: Path) -> Turn:
    """One turn of the side in a new process."""
    arguments = [side.function, str(place), *side.arguments]
    paths = [str(PEERS)] if side.is_peer else []
    paths += filter(None, [os.environ.get("PYTHONPATH")])
    begun = monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.turns", *arguments],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    processor, memory, outcome = json.loads(done.stdout)
    return Turn(processor, monotonic() - begun, memory, outcome)


def take(
    sides: Sequence[Side], place: Path, rounds: int, check: Callable[[], None] = lambda: None
) -> list[Round]:
    """So many rounds of one turn each; every turn of a side must come to the same outcome.

    Args:
        check: Called after each round, to look at what the sides left.
    """
    taken: list[Round] = []
    for _ in range(rounds):
        taken.append({side.name: turn(side, place) for side in sides})
        check()
    for side in sides:
        assert all(each[side.name].outcome == taken[0][side.name].outcome for each in taken), side
    return taken


def used() -> float:
    """Processor seconds of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _peak() -> float:
    """Peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


def _alone(function: Callable[..., Outcome], place: Path, arguments: Sequence[str]) -> None:
    """Takes one turn in this process and prints what it cost."""
    outcome = function(place, *arguments)
    sys.stdout.write(json.dumps([used(), _peak(), outcome]))


if __name__ == "__main__":
    _alone(resolve_name(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
