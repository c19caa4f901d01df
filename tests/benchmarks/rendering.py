"""Part ``rendering``: one pack of the demo company, and bursts of it, through the command line.

The demo's accounts are given a sales territory, out of twenty and out of a hundred, that a pack of
all pages is burst by. Every run starts without results and without state.
"""

import hashlib
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import polars as pl

from tests.benchmarks.printing import say, table
from tests.benchmarks.turns import Outcome, Side, turn, used
from tests.benchmarks.watching import Cost, watched

_BURSTS = (20, 100)
_PACK = """
[[packs]]
name = "burst-{packs}"
burst_by = "territory_{packs}"
dimensions = ["segment"]
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run left, and what it cost; the digest is of all its PDFs."""

    packs: int
    pages: int
    digest: str
    cost: Cost


def measure(place: Path, lines: int, rounds: int) -> None:
    """Prints what a page costs of one pack and of each burst, and what memory they take."""
    del lines
    say("### Setting pages: the demo company\n")
    demo = place / "demo"
    watched(["demo", str(demo)], place)
    _commands(place, rounds)
    _divide(demo)
    runs = {"board": rounds} | {f"burst-{packs}": 1 for packs in _BURSTS}
    taken = {name: [_run(demo, name) for _ in range(times)] for name, times in runs.items()}
    for made in taken.values():
        assert len({each.digest for each in made}) == 1, "the same pack in other bytes"
    one = taken["board"]
    table(
        (
            *("packs", "pages", "processor s", "wall s", "cores used", "s a page"),
            *("s a further page", "peak MB of the command", "and of its workers"),
        ),
        [_row(made, one) for made in taken.values()],
    )


def steps(place: Path) -> Outcome:
    """Pages of the demo's pack, and the processor seconds of each step of making it."""
    from pypdf import PdfReader

    from engine.analysis import Analysis
    from engine.config import read
    from engine.run import make_pack

    seconds: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Generator[None]:
        begun = used()
        yield
        seconds[name] = used() - begun

    shutil.rmtree(place / "demo/out")
    with step("checking"):
        analysis = Analysis.open(read(place / "demo/quarterdeck.toml"))
    pack = analysis.workspace.pack("board")
    (made,) = make_pack(analysis, pack, analysis.period(None), step)
    return {"pages": len(PdfReader(made.folder / "report.pdf").pages), "seconds": seconds}


def _commands(place: Path, rounds: int) -> None:
    """Prints what the steps of one pack cost, and what a command that prints numbers does."""
    side = Side("steps", "tests.benchmarks.rendering:steps")
    taken = [turn(side, place).outcome for _ in range(rounds)]
    names = tuple(taken[0]["seconds"])
    medians = [median(each["seconds"][name] for each in taken) for name in names]
    table(
        ("one pack", *(f"{name} s" for name in names), "pages", "s a page set"),
        [
            (
                "processor time",
                *(f"{seconds:.2f}" for seconds in medians),
                str(taken[0]["pages"]),
                f"{medians[-1] / taken[0]['pages']:.3f}",
            )
        ],
    )
    costs = [watched(["metrics"], place / "demo") for _ in range(rounds)]
    table(
        ("command", "processor s", "wall s", "least wall s"),
        [
            (
                "`qbr metrics`",
                f"{median(each.processor for each in costs):.2f}",
                f"{median(each.wall for each in costs):.2f}",
                f"{min(each.wall for each in costs):.2f}",
            )
        ],
    )


def _divide(demo: Path) -> None:
    """Gives every account its territories, and the workspace a pack burst by each."""
    for file in demo.glob("snapshots/*/crm/accounts.parquet"):
        number = pl.col("account_id").hash(3)
        territories = [
            pl.format("Territory {}", number % packs + 1).alias(f"territory_{packs}")
            for packs in _BURSTS
        ]
        pl.read_parquet(file).with_columns(territories).write_parquet(file)
    with (demo / "quarterdeck.toml").open("a", encoding="utf-8") as workspace:
        workspace.writelines(_PACK.format(packs=packs) for packs in _BURSTS)


def _run(demo: Path, pack: str) -> Made:
    """Makes the pack from nothing."""
    from pypdf import PdfReader

    for kept in ("out", ".quarterdeck"):
        shutil.rmtree(demo / kept, ignore_errors=True)
    cost = watched(["run", "--pack", pack], demo)
    files = sorted(demo.glob("out/**/report.pdf"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return Made(len(files), sum(len(PdfReader(file).pages) for file in files), digest, cost)


def _row(made: Sequence[Made], one: Sequence[Made]) -> tuple[str, ...]:
    """The medians; a further page is one beyond those of the single pack."""
    first, costs = made[0], [each.cost for each in made]
    processor, wall = median(each.processor for each in costs), median(each.wall for each in costs)
    alone = median(each.cost.processor for each in one)
    further = first.pages - one[0].pages
    return (
        f"{first.packs:,}",
        f"{first.pages:,}",
        f"{processor:,.1f}",
        f"{wall:,.1f}",
        f"{processor / wall:.2f}",
        f"{processor / first.pages:.3f}",
        f"{(processor - alone) / further:.3f}" if further else "",
        f"{max(each.own for each in costs):,.0f}",
        f"{max(each.together for each in costs):,.0f}",
    )
