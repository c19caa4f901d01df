"""Files that cannot be read, or not as one table, are one clear failure each."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.intake.structure import require_whole
from engine.intake.verdict import Failure, Verdict
from fixtures.stories import table_frame, write_table
from tests.intake.one_snapshot import ACCOUNTS, AS_OF, LINES, checked, only


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A snapshot with the one table that every policy needs."""
    write_table(tmp_path / AS_OF, ACCOUNTS, [{"account_id": "A"}])
    return tmp_path / AS_OF


def found(snapshot: Path) -> Failure:
    return only(checked(snapshot.parent))


def lines(count: int = 3) -> pl.DataFrame:
    return table_frame(LINES, [{}] * count)


def put(snapshot: Path, frame: pl.DataFrame, file: str = "billing/invoice_lines.parquet") -> Path:
    path = snapshot / file
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"PAR1",
        lambda content: b"PAR1PAR1",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: b"XXXX" + content[4:],
        lambda content: content[:-4] + b"XXXX",
        lambda content: b"line_id,amount\n1,2\n",
        lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1",
        lambda content: content.replace(b"line_id", b"line\xffid"),
        lambda content: content[:4] + bytes(64) + content[68:],
    ],
    ids=[
        *("empty", "magic_only", "no_footer", "cut", "cut_by_one", "head", "tail", "csv"),
        *("footer_length", "footer_text", "page"),
    ],
)
def test_a_damaged_file_is_one_failure_that_names_it(
    snapshot: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = put(snapshot, lines(1000))
    path.write_bytes(damage(path.read_bytes()))
    failure = found(snapshot)
    assert (failure.table, failure.rule, failure.severity) == (LINES, "unreadable", "error")
    assert failure.file == "billing/invoice_lines.parquet"
    assert "export it again" in failure.hint


@pytest.mark.parametrize("footer", [False, True])
def test_of_a_folder_the_damaged_file_is_named(snapshot: Path, footer: bool) -> None:
    for number in range(3):
        put(snapshot, lines(1000), f"{LINES}/{number}.parquet")
    path = snapshot / LINES / "1.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-9] if footer else content[:4] + bytes(64) + content[68:])
    failure = found(snapshot)
    assert (failure.rule, failure.file) == ("unreadable", "billing/invoice_lines/1.parquet")


def test_damage_in_a_column_that_no_rule_reads_is_found(snapshot: Path) -> None:
    """`plan` may be anything, and is decoded all the same."""
    frame = lines(1000).with_columns(plan=pl.int_range(1000).hash().cast(pl.String))
    path = put(snapshot, frame.select("plan", *(each for each in frame.columns if each != "plan")))
    content = path.read_bytes()
    path.write_bytes(content[:200] + bytes(64) + content[264:])
    assert found(snapshot).rule == "unreadable"


def test_a_damaged_file_takes_no_other_table_down(snapshot: Path) -> None:
    put(snapshot, lines(), f"{LINES}.parquet").write_bytes(b"nothing")
    write_table(snapshot, "billing/account_users", [{}])
    verdict = checked(snapshot.parent)
    assert {each.table: each.ok for each in verdict.tables} == {
        "billing/invoice_lines": False,
        "billing/account_users": True,
        "crm/accounts": True,
    }


def test_a_file_without_columns_is_one_failure(snapshot: Path) -> None:
    put(snapshot, pl.DataFrame())
    assert found(snapshot).rule == "no-columns"


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (pl.col("amount").cast(pl.Int32), "amount is Int32, not Int64"),
        (pl.lit(1).alias("agent"), "agent is Int32, not absent"),
    ],
)
def test_files_of_a_folder_with_other_columns_are_one_failure(
    snapshot: Path, change: pl.Expr, difference: str
) -> None:
    put(snapshot, lines(), f"{LINES}/1.parquet")
    for number in range(2, 9):
        put(snapshot, lines().with_columns(change), f"{LINES}/{number}.parquet")
    failure = found(snapshot)
    assert (failure.rule, failure.file) == ("mixed-schemas", "billing/invoice_lines/2.parquet")
    assert failure.examples[0] == f"billing/invoice_lines/2.parquet: {difference}"
    assert len(failure.examples) == 3


def test_the_order_of_columns_may_differ_between_files(snapshot: Path) -> None:
    frame = lines()
    put(snapshot, frame, f"{LINES}/1.parquet")
    other = frame.with_columns(line_id="x" + pl.col("line_id")).select(reversed(frame.columns))
    put(snapshot, other, f"{LINES}/2.parquet")
    assert checked(snapshot.parent).failures == ()


def test_two_spellings_of_a_column_are_one_failure(snapshot: Path) -> None:
    put(snapshot, lines().with_columns(Amount=pl.lit(1), AMOUNT=pl.lit(2)))
    failure = found(snapshot)
    assert (failure.rule, failure.column) == ("column-twice", "amount")
    assert failure.examples == ("amount and Amount and AMOUNT",)


def test_two_spellings_of_a_column_hide_nothing_else(snapshot: Path) -> None:
    put(snapshot, lines().with_columns(Amount=pl.lit(1), discount=pl.lit(-1, pl.Int64)))
    assert [each.rule for each in checked(snapshot.parent).failures] == ["column-twice", "range"]


def test_two_columns_of_one_name_are_one_failure(snapshot: Path) -> None:
    names = ["line_id", "line_id"]
    path = snapshot / f"{LINES}.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table([pa.array(["a"]), pa.array(["b"])], names=names), path)
    failure = found(snapshot)
    assert failure.rule == "unreadable"
    assert "line_id" in failure.examples[0]
    assert "leave one" in failure.hint


def test_a_file_and_a_folder_of_one_table_are_one_failure(snapshot: Path) -> None:
    """One may well be a copy of the other."""
    put(snapshot, lines())
    put(snapshot, lines(), f"{LINES}/part.parquet")
    failure = found(snapshot)
    assert (failure.rule, failure.rows) == ("table-twice", 0)


def verdict_with_extra(snapshot: Path, **extra: pl.Series) -> Verdict:
    put(snapshot, lines(1).with_columns(**extra))
    return checked(snapshot.parent)


@pytest.mark.parametrize("name", ["../../x", "na\0me", "=HYPERLINK(1)", "<script>", "", "a" * 9999])
def test_extra_columns_may_have_any_name(snapshot: Path, name: str) -> None:
    assert verdict_with_extra(snapshot, **{name: pl.Series(["x"])}).failures == ()


def test_nested_extra_columns_are_no_matter(snapshot: Path) -> None:
    nested = {
        "list": pl.Series([[1, 2, 3]]),
        "struct": pl.Series([{"a": {"b": [None, "x"]}}]),
        "array": pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)),
    }
    assert verdict_with_extra(snapshot, **nested).failures == ()


def test_thousands_of_extra_columns_are_no_matter(snapshot: Path) -> None:
    extra = {f"extra_{number}": pl.Series([number]) for number in range(3_000)}
    assert verdict_with_extra(snapshot, **extra).failures == ()


def test_no_damage_to_a_footer_makes_polars_panic(tmp_path: Path) -> None:
    """What gets past the first look is decoded, or is an error."""
    path, random, faults = tmp_path / "x.parquet", Random(1), set()
    lines(200).write_parquet(path, row_group_size=50)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for _ in range(1_000):
        damaged = bytearray(content)
        damaged[random.randrange(footer, len(content) - 8)] = random.randrange(256)
        path.write_bytes(damaged)
        try:
            require_whole(path)
            pl.scan_parquet(path).select(pl.all().null_count()).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            faults.add(str(error))
    assert "its footer points outside the file" in faults
    assert "its footer contradicts itself about the number of rows" in faults


def test_a_file_of_another_writer_is_whole_too(snapshot: Path) -> None:
    """Arrow: many small row groups, old pages, no dictionaries, no statistics."""
    path = snapshot / f"{LINES}.parquet"
    path.parent.mkdir()
    pq.write_table(
        lines(100).to_arrow(),
        path,
        row_group_size=7,
        use_dictionary=False,
        write_statistics=False,
        compression="none",
        data_page_version="1.0",
        version="1.0",
    )
    assert checked(snapshot.parent).failures == ()
