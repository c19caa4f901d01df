"""What checking invoice lines costs, beside decoding them and beside Pandera on its own.

``python -m tests.benchmarks.validation 10_000_000`` makes canonical lines in a folder of their own,
lets the four take turns, each in a process of its own, and prints processor time and memory. All
must come to the same number of rows, and ours and Pandera to the same broken rules.
``--wrong`` makes every line break a rule.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from statistics import median

import polars as pl

AS_OF = date(2026, 10, 1)
TABLE = "billing/invoice_lines"
_A_FILE = 1_000_000
_LINES_AN_ACCOUNT = 330

#: Wrong rows that Pandera can list: it takes 4 KB for each that breaks a rule between columns.
_PANDERA_HOLDS = 500_000

Outcome = Mapping[str, object]


def lines(first: int, rows: int, *, wrong: bool) -> pl.LazyFrame:
    """Lines numbered from ``first``, the same ones at each call."""
    number = pl.int_range(first, first + rows, dtype=pl.Int64)
    frame = pl.LazyFrame().select(n=number).with_columns(h=pl.col("n").hash(11))
    month = pl.lit(date(2022, 10, 1)).dt.offset_by(pl.format("{}mo", pl.col("h") % 48))
    account = pl.format("acc-{}", pl.col("h") // 48 % max(rows // _LINES_AN_ACCOUNT, 10))
    kind = pl.col("h") // 7 % 100
    return frame.with_columns(month=month, account_id=account, kind=kind).select(
        line_id=pl.format("line-{}", "n"),
        invoice_id=pl.format("inv-{}", pl.col("n") // 3),
        account_id="account_id",
        subscription_id=pl.format("sub-{}", pl.col("account_id").str.slice(4)),
        product=_one_of("product", "Core", "Analytics", "Automation"),
        plan=_one_of("plan", "Team", "Business", "Enterprise"),
        charge_type=pl.when(pl.col("kind") < 70)
        .then(pl.lit("usage"))
        .otherwise(pl.lit("recurring")),
        entry_type=pl.when(pl.col("kind") == 0).then(pl.lit("credit")).otherwise(pl.lit("charge")),
        amount=pl.when(pl.col("kind") == 0).then(-1).otherwise(1)
        * (pl.col("h") % 100_000).cast(pl.Int64)
        * (-1 if wrong else 1),
        discount=(pl.col("h") % 97).cast(pl.Int64) - (100 if wrong else 0),
        tax=pl.lit(0, pl.Int64),
        currency=_one_of("currency", "USD", "EUR", "GBP"),
        service_from="month",
        service_to=pl.col("month").dt.offset_by("1mo"),
        invoiced_on="month",
    )


def _one_of(name: str, *words: str) -> pl.Expr:
    number = pl.col("h") // len(name) % len(words)
    chosen = pl.lit(words[-1])
    for place, word in enumerate(words[:-1]):
        chosen = pl.when(number == place).then(pl.lit(word)).otherwise(chosen)
    return chosen


def write(folder: Path, rows: int, *, wrong: bool) -> None:
    """The lines as files of a million each."""
    folder.mkdir(parents=True)
    for first in range(0, rows, _A_FILE):
        part = lines(first, min(_A_FILE, rows - first), wrong=wrong)
        part.sink_parquet(folder / f"{first:012}.parquet", compression_level=3)


def decoded(root: Path) -> Outcome:
    """Every column of every row, and nothing else."""
    frame = pl.scan_parquet(root / f"{AS_OF}/{TABLE}/*.parquet")
    counts = frame.select(pl.len().alias(" rows"), pl.all().null_count())
    return {"rows": counts.collect(engine="streaming").item(0, 0)}


def ours(root: Path) -> Outcome:
    """The rules that Pandera checks too, as ``qbr validate`` checks them."""
    from engine.intake.counting import counted
    from engine.intake.keys import repeated_keys
    from engine.intake.read import table
    from engine.intake.reliable import reliable
    from engine.intake.rules import rules
    from engine.intake.snapshot import open_snapshot
    from schemas.canonical import TABLES

    checked = reliable(TABLE, table(open_snapshot(str(root)), TABLE))
    seen = counted(checked, rules(TABLES[TABLE].schema, checked.found))
    found = [*seen.findings, *filter(None, [repeated_keys(checked)])]
    return {"rows": seen.rows, "broken": {each.rule: each.rows for each in found}}


def everything(root: Path) -> Outcome:
    """All that ``qbr validate`` looks for within the table: the rules, and every suspicion."""
    from engine.intake.examination import examined
    from engine.intake.snapshot import open_snapshot

    seen = examined(open_snapshot(str(root)), TABLE)
    return {"rows": seen.rows, "broken": {each.rule: each.rows for each in seen.findings}}


def panderas(root: Path) -> Outcome:
    """The same model, validated by Pandera as it comes."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    from schemas.canonical import TABLES

    frame = pl.scan_parquet(root / f"{AS_OF}/{TABLE}/*.parquet")
    broken: dict[str, int] = {}
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            TABLES[TABLE].schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            for each in errors.schema_errors:
                name = str(getattr(each.check, "name", None) or each.check)
                name = "range" if name.startswith("greater") else name
                broken[name] = each.failure_cases.height
    rows = frame.select(pl.len()).collect().item()
    return {"rows": rows, "broken": broken}


SIDES: Mapping[str, Callable[[Path], Outcome]] = {
    "decode": decoded,
    "ours": ours,
    "everything": everything,
    "pandera": panderas,
}


def turn(side: str, root: Path) -> tuple[float, float, Outcome]:
    """Seconds of processor time, largest memory in MB and outcome of one side in a new process."""
    command = [sys.executable, "-m", "tests.benchmarks.validation", "0", "--side", side]
    done = subprocess.run([*command, "--root", str(root)], capture_output=True, check=True)
    seconds, memory, outcome = json.loads(done.stdout)
    return seconds, memory, outcome


def alone(side: str, root: Path) -> None:
    """Takes one turn in this process and prints what it cost."""
    outcome = SIDES[side](root)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.write(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, outcome]))


def compare(rows: int, rounds: int, *, wrong: bool) -> None:
    """Prints a line a side and the ratios, medians of paired rounds."""
    sides = ("decode", "ours", "everything") if wrong and rows > _PANDERA_HOLDS else tuple(SIDES)
    with tempfile.TemporaryDirectory() as place:
        write(Path(place) / str(AS_OF) / TABLE, rows, wrong=wrong)
        turns = [{side: turn(side, Path(place)) for side in sides} for _ in range(rounds)]
    first = turns[0]
    if "pandera" in sides:
        assert first["ours"][2] == first["pandera"][2], (first["ours"][2], first["pandera"][2])
    assert first["decode"][2]["rows"] == first["ours"][2]["rows"] == rows
    for side in sides:
        seconds = median(each[side][0] for each in turns)
        memory = max(each[side][1] for each in turns)
        sys.stdout.write(f"{side:10}  {seconds:7.2f} s processor  {memory:7,.0f} MB\n")
    for which, other in ((a, b) for a in sides[1:3] for b in (sides[0], *sides[3:])):
        ratios = sorted(each[which][0] / each[other][0] for each in turns)
        spread = f"{ratios[0]:.2f}–{ratios[-1]:.2f}"
        sys.stdout.write(f"{which} / {other}: {median(ratios):.2f} ({spread})\n")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--root", type=Path)
    given = parser.parse_args()
    if given.side:
        alone(given.side, given.root)
    else:
        compare(given.lines, given.rounds, wrong=given.wrong)


if __name__ == "__main__":
    main()
