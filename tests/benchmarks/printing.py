"""What was measured as Markdown, and on which machine, so that it can be pasted as it is."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import distributions
from pathlib import Path
from statistics import median

from tests.benchmarks.turns import PEERS, Round

_LIBRARIES = ("polars", "pandera", "weasyprint", "duckdb", "pandas")


def say(text: str = "") -> None:
    """One line, seen at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def machine() -> str:
    """Processor, cores, memory, and versions of what takes part."""
    found = {
        each.metadata["Name"].lower(): each.version
        for each in distributions(path=[*sys.path, str(PEERS)])
    }
    versions = [f"{name} {found[name]}" for name in _LIBRARIES if name in found]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def costs(rounds: Sequence[Round], against: Iterable[str]) -> None:
    """A row a side: its medians, and its processor time as ratios to others of the same round."""
    others = [name for name in against if name in rounds[0]]
    heads = ("", "processor s", "wall s", "peak MB", *(f"÷ {name}" for name in others))
    rows = []
    for name in rounds[0]:
        turns = [each[name] for each in rounds]
        rows.append(
            (
                name,
                f"{median(each.processor for each in turns):,.2f}",
                f"{median(each.wall for each in turns):,.2f}",
                f"{max(each.memory for each in turns):,.0f}",
                *("" if name == other else ratio(rounds, name, other) for other in others),
            )
        )
    table(heads, rows)


def ratio(rounds: Sequence[Round], name: str, other: str) -> str:
    """The side's processor time to the other's, round by round."""
    return ratio_of([each[name].processor / each[other].processor for each in rounds])


def ratio_of(found: Sequence[float]) -> str:
    """Median of paired ratios, and the smallest and largest."""
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table, numbers to the right."""
    say(f"| {' | '.join(heads)} |")
    say(f"| --- |{' ---: |' * (len(heads) - 1)}")
    for row in rows:
        say(f"| {' | '.join(row)} |")
    say()
