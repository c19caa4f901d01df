"""What the numbers of a whole pack cost, beside only decoding the columns that they are made from.

``make bench`` writes a company of ten million invoice lines (``LINES=…``) and lets the sides of
``facts`` take turns, each in a process of its own. Before any time is printed, every side must have
come to the same outcome in each of its turns, and over the same lines.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.company import size, write
from tests.benchmarks.facts import SIDES, Outcome

LINES = 10_000_000


def turn(side: str, root: Path) -> tuple[float, float, Outcome]:
    """Seconds of processor time, largest memory in MB and outcome of one side in a new process."""
    command = [sys.executable, "-m", "tests.benchmarks", "--side", side, "--root", str(root)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds, memory, outcome = json.loads(done.stdout)
    return seconds, memory, outcome


def alone(side: str, root: Path) -> None:
    """Takes one turn in this process and prints what it cost."""
    outcome = SIDES[side](root)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, outcome]))


def compare(lines: int, rounds: int) -> None:
    """Prints a line a side, and what the others are to the first."""
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), lines)
        rows = size(Path(place))
        turns = [{side: turn(side, Path(place)) for side in SIDES} for _ in range(rounds)]
    assert turns[0]["decode"][2]["rows"] == rows["billing/invoice_lines"]
    for side in SIDES:
        assert all(each[side][2] == turns[0][side][2] for each in turns), side
    sys.stdout.write("".join(f"{count:12,} {table}\n" for table, count in rows.items()))
    for side in SIDES:
        seconds = median(each[side][0] for each in turns)
        memory = max(each[side][1] for each in turns)
        ratios = sorted(each[side][0] / each["decode"][0] for each in turns)
        sys.stdout.write(
            f"{side:14} {seconds:8.2f} s processor {memory:7,.0f} MB  "
            f"{median(ratios):6.2f} × decode ({ratios[0]:.2f}–{ratios[-1]:.2f})\n"
        )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--root", type=Path)
    given = parser.parse_args()
    if given.side:
        alone(given.side, given.root)
    else:
        compare(given.lines, given.rounds)


if __name__ == "__main__":
    main()
