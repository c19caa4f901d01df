"""Part ``rerun``: a first run, the same run again, and a run after one file was restated.

Each turn opens the workspace, checks the snapshot and makes the tables, as every command does; the
folder of the workspace's state is deleted before a cold run and kept between the others. A warm
run must come to what the cold one did, and a run on the restated file to what a cold one does.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import polars as pl

from tests.benchmarks.printing import ratio_of, say, table
from tests.benchmarks.span import AS_OF
from tests.benchmarks.turns import Outcome, Side, Turn, turn, used

_SIDE = Side("rerun", "tests.benchmarks.rerun:run")
_WORKSPACE = """\
[workspace]
snapshots = "../snapshots"
[policy]
mrr_source = "invoices"
"""
_PHASES = ("checking", "facts", "tables")
_RESTATED = "030.parquet"
_KINDS = ("cold", "warm", "one file of 48 restated")


def run(place: Path) -> Outcome:
    """Digest of the tables, and processor seconds of each phase."""
    from engine.analysis import Analysis
    from engine.config import read
    from tests.benchmarks.facts import told
    from tests.benchmarks.tables import ASKS

    begun = used()
    analysis = Analysis.open(read(place / "rerun/quarterdeck.toml"))
    checked = used()
    answers = analysis.answers(ASKS)
    made = answers._book.states.select(pl.len()).collect().item()
    counted = used()
    found = answers.rows(ASKS, {})
    phases = (checked - begun, counted - checked, used() - counted)
    return {"seconds": phases, "facts": made, **told(found)}


def measure(place: Path, lines: int, rounds: int) -> None:
    """Prints what each kind of run costs, in each of its phases."""
    say("### Running again\n")
    (place / "rerun").mkdir()
    (place / "rerun/quarterdeck.toml").write_text(_WORKSPACE)
    taken = [_round(place) for _ in range(rounds)]
    table(
        ("", *(f"{phase} s" for phase in _PHASES), "whole s", "peak MB", "facts ÷ cold", "÷ cold"),
        [_row(kind, taken) for kind in _KINDS],
    )


def _round(place: Path) -> dict[str, Turn]:
    """One turn of each kind, and beside it a cold one on the restated file."""
    turns = dict(zip(_KINDS, _turns(place), strict=True))
    assert _answer(turns["warm"]) == _answer(turns["cold"])
    return turns


def _turns(place: Path) -> Iterator[Turn]:
    _forget(place)
    yield turn(_SIDE, place)
    yield turn(_SIDE, place)
    file = place / f"snapshots/{AS_OF}/billing/invoice_lines/{_RESTATED}"
    original = file.rename(place / _RESTATED)
    try:
        _restate(original, file)
        again = turn(_SIDE, place)
        _forget(place)
        assert _answer(turn(_SIDE, place)) == _answer(again)
        yield again
    finally:
        original.replace(file)


def _forget(place: Path) -> None:
    shutil.rmtree(place / "rerun/.quarterdeck", ignore_errors=True)


def _restate(original: Path, file: Path) -> None:
    """The file with one line in ten charged for a little more."""
    is_more = (pl.col("line_id").hash(7) % 10 == 0) & (pl.col("entry_type") == "charge")
    more = pl.col("amount") + pl.when(is_more).then(100).otherwise(0)
    pl.scan_parquet(original).with_columns(amount=more).sink_parquet(file, compression_level=3)


def _answer(taken: Turn) -> object:
    return {name: value for name, value in taken.outcome.items() if name != "seconds"}


def _row(kind: str, rounds: Sequence[dict[str, Turn]]) -> tuple[str, ...]:
    turns = [each[kind] for each in rounds]
    phases = zip(*(each.outcome["seconds"] for each in turns), strict=True)
    facts = [
        each[kind].outcome["seconds"][1] / each["cold"].outcome["seconds"][1] for each in rounds
    ]
    whole = [each[kind].processor / each["cold"].processor for each in rounds]
    is_cold = kind == "cold"
    return (
        kind,
        *(f"{median(phase):,.2f}" for phase in phases),
        f"{median(each.processor for each in turns):,.2f}",
        f"{max(each.memory for each in turns):,.0f}",
        *("" if is_cold else ratio_of(found) for found in (facts, whole)),
    )
