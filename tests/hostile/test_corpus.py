"""Input that breaks things: each case answers with its status and in its words, and leaves nothing.

A case makes a snapshot of one account that is sound but for one thing. ``metrics`` is asked,
as it checks, counts and prints; a crash of the process itself is looked for in ``make soak``.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.cli import exit_status
from fixtures.stories import table_frame, write_snapshot

ITEMS, LINES, USERS = (
    f"billing/{name}" for name in ("subscription_items", "invoice_lines", "account_users")
)
ACCOUNTS, TARGETS = "crm/accounts", "crm/targets"
RATES = "billing/fx_rates"
Harm = Callable[[Path], object]

LARGEST = 2**63 - 1


def frame(table: str = ITEMS, **columns: pl.Expr | pl.Series) -> pl.DataFrame:
    """One sound row of the table, with those columns in place of its own."""
    return table_frame(table, [{}]).with_columns(**columns)


def put(made: pl.DataFrame, file: str = ITEMS) -> Harm:
    """Writes the frame in place of a table's file, or as another."""

    def written(snapshot: Path) -> None:
        path = snapshot / f"{file}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        made.write_parquet(path)

    return written


def changed(change: Callable[[bytes], bytes], file: str = ITEMS) -> Harm:
    """Changes the bytes of a table's file."""

    def written(snapshot: Path) -> None:
        path = snapshot / f"{file}.parquet"
        path.write_bytes(change(path.read_bytes()))

    return written


def in_its_place(make: Callable[[Path], object]) -> Harm:
    """Something else where the file of the subscription items was."""

    def made(snapshot: Path) -> None:
        path = snapshot / f"{ITEMS}.parquet"
        path.unlink()
        make(path)

    return made


def parts(**files: pl.DataFrame) -> Harm:
    """A folder with those files in place of the subscription items' one."""

    def written(snapshot: Path) -> None:
        (snapshot / f"{ITEMS}.parquet").unlink()
        for name, made in files.items():
            put(made, f"{ITEMS}/{name.replace('__', '/').replace('_is_', '=')}")(snapshot)

    return written


def twins(snapshot: Path) -> None:
    """Two columns of one name, which Polars does not write."""
    table = frame().to_arrow()
    names = [*table.column_names, "amount"]
    columns = [*table.columns, table["amount"]]
    pq.write_table(pa.table(columns, names=names), snapshot / f"{ITEMS}.parquet")


def linked_out(path: Path) -> None:
    elsewhere = path.parents[3] / "elsewhere.parquet"
    frame().write_parquet(elsewhere)
    path.symlink_to(elsewhere)


def two_rows(**columns: list[object]) -> pl.DataFrame:
    return pl.concat([frame(), frame(item_id=pl.lit("I2"))]).with_columns(
        **{name: pl.Series(values) for name, values in columns.items()}
    )


REFUSED: dict[str, tuple[Harm, int, str]] = {
    "cut off": (changed(lambda content: content[:-20]), 3, "cut off"),
    "cut in half": (changed(lambda content: content[: len(content) // 2]), 3, "export it again"),
    "wrong first bytes": (changed(lambda content: b"PAR2" + content[4:]), 3, "does not start like"),
    "wrong last bytes": (changed(lambda content: content[:-4] + b"PARE"), 3, "does not end like"),
    "an empty file": (changed(lambda _: b""), 3, "does not start like"),
    "a zip": (changed(lambda content: b"PK\3\4" + content), 3, "does not start like"),
    "a text": (changed(lambda _: b"item_id,amount\n1,2\n"), 3, "does not start like"),
    "zeros": (changed(lambda content: bytes(len(content))), 3, "does not start like"),
    "no columns": (put(pl.DataFrame()), 3, "no columns"),
    "mixed schemas": (
        parts(a=frame(), b=frame(amount=pl.lit(1.5))),
        3,
        "amount is Float64, not Int64",
    ),
    "files of other columns": (parts(a=frame(), b=frame(x=pl.lit(1))), 3, "x is Int32, not absent"),
    "a nested amount": (put(frame(amount=pl.Series([[1, 2]]))), 3, "amount is List(Int64)"),
    "a nested key": (put(frame(account_id=pl.Series([{"a": "A"}]))), 3, "account_id is Struct"),
    "money as a fraction": (put(frame(amount=pl.lit(12.34))), 3, "12.34 USD is 1234"),
    "money not a number": (put(frame(amount=pl.lit(float("nan")))), 3, "amount is Float64"),
    "money as text": (put(frame(amount=pl.lit("12"))), 3, "amount is String"),
    "money beyond 64 bits": (put(frame(amount=pl.lit(2**64 - 1, pl.UInt64))), 3, "UInt64"),
    "money that overflows": (put(frame(amount=pl.lit(LARGEST))), 3, "amount"),
    "seats that overflow": (put(two_rows(seats=[LARGEST, LARGEST])), 3, "seats"),
    "users that overflow": (
        put(frame(USERS, active_users=pl.lit(LARGEST)), USERS),
        3,
        "active_users",
    ),
    "an interval that overflows": (
        put(frame(interval_count=pl.lit(LARGEST))),
        3,
        "interval_count",
    ),
    "keys twice in a path": (parts(region_is_EU__region_is_US__a=frame()), 3, "once in a path"),
    "files at different depths": (
        parts(a=frame(), region_is_EU__b=frame()),
        3,
        "under no key",
    ),
    "a rate not a number": (put(frame(RATES, rate=pl.lit(float("nan"))), RATES), 3, "rate"),
    "an infinite rate": (put(frame(RATES, rate=pl.lit(float("inf"))), RATES), 3, "rate"),
    "a target not a number": (
        put(frame(TARGETS, value=pl.lit(float("nan"))), TARGETS),
        3,
        "value",
    ),
    "an infinite target": (put(frame(TARGETS, value=pl.lit(float("-inf"))), TARGETS), 3, "value"),
    "a column in other case": (put(frame(AMOUNT=pl.lit(1))), 3, "amount and AMOUNT"),
    "a column twice": (twins, 3, "amount"),
    "no account": (put(frame(account_id=pl.lit(None, pl.String))), 3, "account_id"),
    "no account in the CRM": (put(frame(ACCOUNTS, account_id=None), ACCOUNTS), 3, "account_id"),
    "a negative price": (put(frame(amount=pl.lit(-1))), 3, "amount"),
    "an end before its start": (put(frame(valid_to=pl.lit(date(1, 1, 1)))), 3, "valid_from"),
    "a currency of no country": (put(frame(currency=pl.lit("=1+1"))), 3, "currency"),
    "a status of no kind": (put(frame(status=pl.lit("\0"))), 3, "status"),
    "a file and a folder": (put(frame(item_id=pl.lit("I9")), f"{ITEMS}/x"), 3, "table-twice"),
    "a link out": (in_its_place(linked_out), 3, "do not lie in it"),
    "a link to nothing": (in_its_place(lambda path: path.symlink_to("gone")), 3, "do not lie in"),
    "a link to itself": (in_its_place(lambda path: path.symlink_to(path)), 3, "do not lie in it"),
    "a pipe": (in_its_place(os.mkfifo), 3, "do not lie in it"),
    "nothing": (in_its_place(lambda _: None), 3, "table-missing"),
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A sound snapshot of one account in a workspace."""
    (tmp_path / "quarterdeck.toml").write_text('[workspace]\nsnapshots = "snapshots"\n')
    return write_snapshot(tmp_path / "snapshots/2026-10-01", {ITEMS: [{}]})


def ask(workspace: Path, *arguments: str) -> int:
    return exit_status([*arguments, "--workspace", str(workspace)])


def require_clean(err: str) -> None:
    """An error in words, on lines that fit a screen."""
    assert "Traceback" not in err
    assert "internal" not in err
    assert max(map(len, err.splitlines()), default=0) < 1_000


def found(folder):
    """What lies there, but for what is kept of counting."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return sorted(path for path in paths if path.parts[0] != ".quarterdeck")


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_its_own_words(case, snapshot, tmp_path, capsys):
    harm, status, words = REFUSED[case]
    harm(snapshot)
    before = found(tmp_path)
    assert ask(tmp_path, "metrics", "--metric", "mrr") == status, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert (out, words in err) == ("", True), err
    require_clean(err)
    assert found(tmp_path) == before


EXTREME = {
    "the first year": put(frame(valid_from=pl.lit(date(1, 1, 1)))),
    "the last year": put(two_rows(valid_to=[None, date(9999, 12, 31)])),
    "a start in the last year": put(two_rows(valid_from=[date(2026, 1, 1), date(9999, 12, 31)])),
    "a term without end": put(frame(term_ends_on=pl.lit(date(9999, 12, 31)))),
    "signed up in the first year": put(
        frame(ACCOUNTS, signed_up_on=pl.lit(date(1, 1, 1))), ACCOUNTS
    ),
    "ten thousand columns": put(
        frame().with_columns([pl.lit(n).alias(f"extra {n}") for n in range(10_000)])
    ),
    "nested extra columns": put(
        frame(x=pl.Series([[1]]), y=pl.Series([{"a": [None]}]), z=pl.Series([b"\0"]))
    ),
    "a long text": put(frame(plan=pl.lit("x" * 30_000_000))),
    "a long name": put(frame(ACCOUNTS, name=pl.lit("x" * 30_000_000)), ACCOUNTS),
    "null bytes": put(frame(plan=pl.lit("a\0b"), **{"na\0me": pl.lit("\0")})),
    "a path for a name": put(frame(product=pl.lit("../../x"))),
    "a formula for a name": put(frame(product=pl.lit('=HYPERLINK("http://x")'))),
    "markup for a name": put(frame(product=pl.lit("<script>alert(1)</script>"))),
    "text that turns": put(frame(product=pl.lit("\u202egnp.exe"))),
    "a folder of partitions": parts(region_is_EU__a=frame(), region_is_US__b=two_rows()[1:]),
    "no rows": put(frame().clear()),
    "no rows of accounts": put(frame(ACCOUNTS).clear(), ACCOUNTS),
    "a name that is no UTF-8": lambda snapshot: Path(
        os.fsdecode(os.fsencode(snapshot / "billing") + b"/\xff.parquet")
    ).write_bytes(b""),
    "a file named like markup": lambda snapshot: (
        snapshot / "billing/<b>\n\x1b[31m.parquet"
    ).write_bytes(b""),
}


@pytest.mark.parametrize("case", EXTREME)
def test_what_is_only_extreme_is_counted_or_refused_in_words(case, snapshot, tmp_path, capsys):
    """Status 0 and the account's MRR, or 3 and nothing."""
    EXTREME[case](snapshot)
    status = ask(tmp_path, "metrics", "--metric", "mrr", "--by", "product", "--format", "csv")
    out, err = capsys.readouterr()
    assert status in {0, 3}, err
    require_clean(err)
    assert (out == "") == (status == 3)
    if status == 0:
        assert out.rstrip().endswith((",100.0,money,", ",200.0,money,")) or "no rows" in case
        out.encode()


def test_a_value_too_long_to_be_printed_names_no_group(snapshot, tmp_path, capsys):
    put(frame(remark=pl.lit("x" * 20_000)))(snapshot)
    assert ask(tmp_path, "metrics", "--metric", "mrr", "--by", "remark") == 2
    assert "`remark` has a value of 20,000 bytes" in capsys.readouterr().err
    assert ask(tmp_path, "metrics", "--metric", "mrr", "--by", "product") == 0


FILES = {
    "not TOML": ("[workspace", "is not TOML"),
    "not text": (b"\xff\xfe\0\0", "cannot read"),
    "nothing": ("", "workspace"),
    "an unknown key": ('[workspace]\nsnapshot = "x"\n', "did you mean `snapshots`"),
    "an unknown table": ('[workspace]\nsnapshots = "x"\n[polcy]\n', "did you mean `policy`"),
    "an unknown key of a policy": (
        '[workspace]\nsnapshots = "x"\n[policies.x]\nlive_status = []\n',
        "did you mean `live_statuses`",
    ),
    "an unknown key of a pack": (
        '[workspace]\nsnapshots = "x"\n[[packs]]\nname = "a"\ntitel = "b"\n',
        "did you mean `title`",
    ),
    "an unknown key of a brand": (
        '[workspace]\nsnapshots = "x"\n[brand]\nlogos = "b"\n',
        "did you mean `logo`",
    ),
    "a pack named like a path": (
        '[workspace]\nsnapshots = "x"\n[[packs]]\nname = "../../x"\n',
        "packs.0.name",
    ),
    "a list for a table": ("workspace = [1]\n", "workspace"),
    "a number for a text": ("[workspace]\nsnapshots = 7\n", "workspace.snapshots"),
    "a text for a number": (
        '[workspace]\nsnapshots = "x"\nfiscal_year_start = "7"\n',
        "workspace.fiscal_year_start",
    ),
    "a number too large": (
        f'[workspace]\nsnapshots = "x"\nfiscal_year_start = {"9" * 4000}\n',
        "workspace.fiscal_year_start",
    ),
    "a number that is none": (
        '[workspace]\nsnapshots = "x"\n[policy]\ngross_margin = nan\n',
        "policy.gross_margin",
    ),
    "a thousand lists": (f"x = {'[' * 5000}{']' * 5000}\n", "quarterdeck.toml"),
    "a null byte in a path": ('[workspace]\nsnapshots = "a\\u0000b"\n', "a"),
    "a path too long": (f'[workspace]\nsnapshots = "{"a" * 5000}"\n', "File name too long"),
    "a store of no kind": ('[workspace]\nsnapshots = "gopher://x"\n', "gopher"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_bad_workspace_file_is_refused_in_its_own_words(case, snapshot, tmp_path, capsys):
    content, words = FILES[case]
    content = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "quarterdeck.toml").write_bytes(content)
    assert ask(tmp_path, "metrics") == 2, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert (out, words in err) == ("", True), err
    require_clean(err)
