"""Part ``validation``: checking invoice lines, beside decoding them and beside Pandera alone.

``python -m tests.benchmarks.validation 10_000_000`` makes canonical lines in a folder of their own
and lets the four take turns, each in a process of its own. All must come to the same number of
rows, and ours and Pandera to the same broken rules. ``--wrong`` makes every line break a rule; the
part does both, so that memory can be seen with no and with all rows bad.
"""

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from tests.benchmarks.printing import costs, machine, say
from tests.benchmarks.span import AS_OF
from tests.benchmarks.turns import Outcome, Side, take, turn

TABLE = "billing/invoice_lines"
_A_FILE = 1_000_000
_LINES_AN_ACCOUNT = 330

#: Rows that Pandera holds: to look for repeated ids it takes 90 bytes each; of wrong ones it takes
#: 4 KB for each that breaks a rule between columns.
_PANDERA_HOLDS, _PANDERA_HOLDS_WRONG = 20_000_000, 500_000

#: Sides by what is printed, all of them functions here.
_SIDES = {
    "full decode": "decoded",
    "rules that Pandera has": "ours",
    "all of `qbr validate`": "everything",
    "Pandera alone": "panderas",
}
_DECODE, _OURS, _, _PANDERA = _SIDES


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


def written(place: Path, rows: str, wrong: str) -> Outcome:
    """Writes the lines as a snapshot to ``place``."""
    write(place / str(AS_OF) / TABLE, int(rows), wrong=bool(wrong))
    return {}


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


def measure(place: Path, lines: int, rounds: int) -> None:
    """Prints what each side costs, with no row bad and with every row bad."""
    say("### Checking invoice lines\n")
    for wrong in (False, True):
        folder = place / "validation"
        compare(folder, lines, rounds, wrong=wrong)
        shutil.rmtree(folder)


def compare(place: Path, rows: int, rounds: int, *, wrong: bool) -> None:
    """Writes the lines and prints a row a side, ratios paired by round."""
    here = "tests.benchmarks.validation"
    kind = "every row breaks a rule" if wrong else "no row breaks a rule"
    turn(Side("lines", f"{here}:written", (str(rows), "wrong" if wrong else "")), place)
    sides = [Side(name, f"{here}:{function}") for name, function in _SIDES.items()]
    say(f"{rows:,} lines, {kind}:\n")
    if rows > (_PANDERA_HOLDS_WRONG if wrong else _PANDERA_HOLDS):
        say("Without Pandera, which cannot hold so many of them.\n")
        sides.pop()
    taken = take(sides, place, rounds)
    first = {name: each.outcome for name, each in taken[0].items()}
    assert first.get(_PANDERA, first[_OURS]) == first[_OURS], first
    assert first[_DECODE]["rows"] == first[_OURS]["rows"] == rows
    costs(taken, (_DECODE, _PANDERA))


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    say(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as place:
        compare(Path(place) / "validation", given.lines, given.rounds, wrong=given.wrong)


if __name__ == "__main__":
    main()
