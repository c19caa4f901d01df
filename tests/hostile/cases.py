"""Random harm by number: bytes of a Parquet file, the workspace file's text, values of a table.

The same number does the same harm everywhere. ``python -m tests.hostile.cases FIRST COUNT``
prints each number before its case and what came of it after: if the process ends between the
two, the last number is the case that ended it.
"""

import io
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from engine.cli import exit_status
from fixtures.stories import table_frame, write_snapshot

ITEMS = "billing/subscription_items"
TABLES = (
    ITEMS,
    "billing/invoice_lines",
    "billing/account_users",
    "billing/fx_rates",
    "crm/accounts",
    "crm/opportunities",
    "crm/spend",
    "crm/targets",
)
WORKSPACE = """\
[workspace]
snapshots = "snapshots"
currency = "USD"
fiscal_year_start = 2
locale = "en_US"

[policy]
name = "ours"
live_statuses = ["active", "past_due"]
gross_margin = 0.8
bundles = { Suite = { Core = 0.7, Analytics = 0.3 } }
mrr_bands = [100, 500]

[policies.other]
preset = "stripe"

[brand]
name = "Northbeam"

[[packs]]
name = "board"
"""

#: Values that have broken something somewhere, by type.
ODD = {
    pl.String: ["", "\0", "../../x", "=1+1", "<b>", "A" * 70_000, "\u202e", "\ud7ff", "null", None],
    pl.Int64: [0, 1, -1, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), None],
    pl.Float64: [0.0, -0.0, 1e308, 5e-324, float("nan"), float("inf"), float("-inf"), None],
    pl.Date: [date(1, 1, 1), date(1969, 12, 31), date(2024, 2, 29), date(9999, 12, 31), None],
    pl.Boolean: [True, False, None],
}
PATCHES = (b"\xff\xff\xff\x7f", b"\xff" * 4, b"\0" * 4, b"\x80" * 4, b"PAR1")


def outcome(number: int, folder: Path) -> tuple[int, str]:
    """Exit status and all that was printed by the command, after the harm of that number."""
    dice = random.Random(number)
    (folder / "quarterdeck.toml").write_text('[workspace]\nsnapshots = "snapshots"\n')
    harm = (_damage_file, _damage_file, _odd_values, _damage_workspace)[number % 4]
    harm(folder, dice)
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        arguments = ["metrics", "--workspace", str(folder), "--by", "product"]
        status = exit_status([*arguments, "--metric", "mrr,recurring_revenue", "--format", "json"])
    return status, printed.getvalue()


def is_held(status: int, printed: str) -> bool:
    """Whether an outcome is one that any input may have."""
    return status in {0, 2, 3} and "Traceback" not in printed and "internal" not in printed


def _damage_file(folder: Path, dice: random.Random) -> None:
    snapshot = write_snapshot(folder / "snapshots/2026-10-01", {ITEMS: [{}]})
    content = bytearray(dice.choice(_written()))
    for _ in range(dice.choice([1, 1, 2, 4, 16])):
        content = _damaged(content, dice) or bytearray(b"x")
    (snapshot / f"{ITEMS}.parquet").write_bytes(content)


@cache
def _written() -> tuple[bytes, ...]:
    """One table as several writers and codecs write it."""
    rows = [{"seats": each, "plan": f"P{each % 3}"} for each in range(300)]
    names = [f"Product {each}" for each in range(300)]
    frame = table_frame(ITEMS, rows).with_columns(product=pl.Series(names))
    return tuple(_bytes_of(frame))


def _bytes_of(frame: pl.DataFrame) -> Iterator[bytes]:
    for codec in ("zstd", "snappy", "uncompressed", "lz4", "gzip"):
        file = io.BytesIO()
        frame.write_parquet(file, compression=codec, row_group_size=100)
        yield file.getvalue()
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    whole = dict.fromkeys(("seats", "amount", "discount"), "DELTA_BINARY_PACKED")
    for style in (
        {"compression": "snappy"},
        {"compression": "none", "data_page_version": "2.0"},
        {"compression": "none", "use_dictionary": False, "column_encoding": whole},
    ):
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, **style)
        yield sink.getvalue().to_pybytes()


def _damaged(content: bytearray, dice: random.Random) -> bytearray:
    at, kind = dice.randrange(len(content)), dice.random()
    if kind < 0.6:
        content[at] = dice.choice([dice.randrange(256), content[at] ^ (1 << dice.randrange(8))])
    elif kind < 0.75:
        content[at : at + 4] = dice.choice(PATCHES)
    elif kind < 0.82:
        del content[at : at + dice.randrange(1, 64)]
    elif kind < 0.89:
        content[at:at] = dice.randbytes(dice.randrange(1, 64))
    elif kind < 0.96:
        there = dice.randrange(len(content))
        content[at : at + 32] = content[there : there + 32]
    else:
        del content[at:]
    return content


def _odd_values(folder: Path, dice: random.Random) -> None:
    """Three rows of every table, each value of which may be odd; some tables are left out."""
    snapshot = folder / "snapshots/2026-10-01"
    write_snapshot(snapshot, {ITEMS: [{}]})
    for table in (ITEMS, *dice.sample(TABLES, 3)):
        frame = table_frame(table, [{}] * 3)
        share = dice.choice([0.02, 0.3])
        columns = [
            pl.Series(
                name,
                [
                    dice.choice(ODD[type(kind)]) if dice.random() < share else each
                    for each in values
                ],
                dtype=kind,
            )
            for name, kind in frame.schema.items()
            for values in [frame[name].to_list()]
        ]
        frame.with_columns(columns).write_parquet(snapshot / f"{table}.parquet")


def _damage_workspace(folder: Path, dice: random.Random) -> None:
    write_snapshot(folder / "snapshots/2026-10-01", {ITEMS: [{}]})
    text = WORKSPACE
    for _ in range(dice.choice([1, 1, 2, 5])):
        lines = text.split("\n")
        at = dice.randrange(len(lines))
        key = lines[at].partition("=")[0]
        change = dice.choice(["drop", "twice", "swap", "value", "letter"])
        odd = dice.choice(["-1", "nan", "1e999", '""', '"\\u0000"', "[]", "{}", "1979-05-27", "'x"])
        if change == "letter" and text:
            place = dice.randrange(len(text))
            text = text[:place] + dice.choice("=[]{}\"'#\n\0é.9") + text[place + 1 :]
            continue
        other = dice.randrange(len(lines))
        lines[at : at + 1] = {
            "drop": [],
            "twice": [lines[at]] * 2,
            "swap": [lines[other]],
            "value": [f"{key}= {odd}"],
            "letter": [],
        }[change]
        text = "\n".join(lines)
    (folder / "quarterdeck.toml").write_text(text)


def _main(first: int, count: int) -> None:
    for number in range(first, first + count):
        sys.stdout.write(f"{number} ")
        sys.stdout.flush()
        with tempfile.TemporaryDirectory() as folder:
            status, printed = outcome(number, Path(folder))
        told = "" if is_held(status, printed) else " " + " ".join(printed.split())[:500]
        sys.stdout.write(f"{status}{told}\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
