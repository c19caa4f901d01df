"""Ten thousand random harms, in other processes: one that ends its process is found."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
CASES = int(os.environ.get("SOAK_CASES", "10000"))
BLOCK = 500

#: Beyond those of the suite.
FIRST = 1_000


def outcomes(first: int, count: int) -> list[str]:
    """What came of each case; ``ended by …`` for one that the process did not survive."""
    found: list[str] = []
    while len(found) < count:
        number = first + len(found)
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.cases", str(number), str(count - len(found))],
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=600,
        )
        told = [line.partition(" ") for line in done.stdout.decode().splitlines()]
        assert [int(each[0]) for each in told] == list(range(number, number + len(told)))
        assert told, done.stderr.decode()[-2000:]
        found += [result or f"ended by {done.returncode}" for _, _, result in told]
    return found


def test_no_harm_ends_the_process_or_is_a_fault_of_ours():
    found: dict[int, str] = {}
    for first in range(FIRST, FIRST + CASES, BLOCK):
        count = min(BLOCK, FIRST + CASES - first)
        found |= dict(enumerate(outcomes(first, count), start=first))
    sys.stdout.write(f"{CASES} cases by exit status: {Counter(found.values())}\n")
    assert {case: each for case, each in found.items() if each not in {"0", "2", "3"}} == {}
