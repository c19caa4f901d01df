"""What Quarterdeck costs, beside the limit of the machine and beside its peers.

``make bench`` writes a company of ten million invoice lines (``LINES=…``) and lets the sides of
each part take turns, each turn in a process of its own. Before any time is printed, every side
must have come to the same outcome in each of its turns, and to that of the others.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks import cluster, counting, rendering, rerun, validation
from tests.benchmarks.printing import machine, say
from tests.benchmarks.turns import Side, turn

LINES = 10_000_000

#: Those of the first kind look at the company that was written; others make their own data.
PARTS: Mapping[str, Callable[[Path, int, int], None]] = {
    "tables": counting.tables,
    "pack": counting.pack,
    "rerun": rerun.measure,
    "cluster": cluster.measure,
    "validation": validation.measure,
    "rendering": rendering.measure,
}
_OF_THE_COMPANY = {"tables", "pack", "rerun", "cluster"}


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=PARTS, action="append", help="default: all")
    parser.add_argument("--company", type=Path, help="folder to write it into, or that has it")
    given = parser.parse_args()
    parts = given.part or list(PARTS)
    say(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        place = given.company or Path(folder)
        if _OF_THE_COMPANY.intersection(parts):
            _write(place, given.lines)
        for name in parts:
            PARTS[name](place, given.lines, given.rounds)


def _write(place: Path, lines: int) -> None:
    written = turn(Side("company", "tests.benchmarks.company:made", (str(lines),)), place)
    rows = ", ".join(f"{count:,} {table}" for table, count in written.outcome.items())
    say(f"Rows: {rows}.\n")


if __name__ == "__main__":
    main()
