"""Tables arrive in their canonical columns and types, lazily."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.errors import DataError
from engine.intake.casts import cast
from engine.intake.read import canonical, named_faults, table
from engine.intake.snapshot import open_snapshot
from fixtures.stories import table_frame, write_table
from schemas.canonical import TABLES
from tests.intake.one_snapshot import AS_OF, ITEMS, LINES, USERS

LA = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("values", "wanted", "expected"),
    [
        (pl.Series([7], dtype=pl.Int8), pl.Int64(), 7),
        (pl.Series([2**31 - 1], dtype=pl.Int32), pl.Int64(), 2**31 - 1),
        (pl.Series([2**32 - 1], dtype=pl.UInt32), pl.Int64(), 2**32 - 1),
        (pl.Series([Decimal(12)], dtype=pl.Decimal(18, 0)), pl.Int64(), 12),
        (pl.Series([2], dtype=pl.Int64), pl.Float64(), 2.0),
        (pl.Series([Decimal("1.08450000")], dtype=pl.Decimal(18, 8)), pl.Float64(), 1.0845),
        (pl.Series([1.0845], dtype=pl.Float32), pl.Float64(), 1.0845),
        (pl.Series([datetime(2026, 1, 31, 23, 59)]), pl.Date(), date(2026, 1, 31)),
        (pl.Series(["b"], dtype=pl.Categorical), pl.String(), "b"),
        (pl.Series(["b"], dtype=pl.Enum(["a", "b"])), pl.String(), "b"),
        (pl.Series([None], dtype=pl.Null), pl.Date(), None),
        (pl.Series([None], dtype=pl.Null), pl.String(), None),
    ],
)
def test_a_safe_type_is_read_as_the_wanted_one(
    values: pl.Series, wanted: pl.DataType, expected: object
) -> None:
    expression = cast("x", values.dtype, wanted)
    assert expression is not None
    read = values.to_frame("x").select(expression)["x"]
    assert read.dtype == wanted
    assert read.to_list() == [expected]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (pl.Float64(), pl.Int64()),
        (pl.String(), pl.Int64()),
        (pl.UInt64(), pl.Int64()),
        (pl.Int128(), pl.Int64()),
        (pl.Boolean(), pl.Int64()),
        (pl.Decimal(10, 2), pl.Int64()),
        (pl.Decimal(38, 0), pl.Int64()),
        (pl.String(), pl.Date()),
        (pl.Int32(), pl.Date()),
        (pl.Date(), pl.String()),
        (pl.Int64(), pl.String()),
        (pl.Binary(), pl.String()),
        (pl.String(), pl.Boolean()),
        (pl.Int8(), pl.Boolean()),
        (pl.String(), pl.Float64()),
        (pl.UInt64(), pl.Float64()),
        (pl.List(pl.Int64), pl.Int64()),
        (pl.Struct({"a": pl.Int64}), pl.String()),
    ],
)
def test_a_type_that_could_lose_or_invent_something_is_not_read(
    found: pl.DataType, wanted: pl.DataType
) -> None:
    assert cast("x", found, wanted) is None


def test_a_timestamp_falls_on_the_day_it_shows_in_its_own_time_zone() -> None:
    """Ten at night on New Year's Eve in Los Angeles is the next year in London."""
    late = pl.Series([datetime(2026, 1, 1, 6, tzinfo=UTC)]).dt.convert_time_zone(
        "America/Los_Angeles"
    )
    expression = cast("x", late.dtype, pl.Date())
    assert expression is not None
    assert late.to_frame("x").select(expression)["x"].to_list() == [date(2025, 12, 31)]


def written(root: Path, name: str, frame: pl.DataFrame) -> Path:
    """The frame as that table's one file."""
    path = root / AS_OF / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return path


def read(root: Path, name: str) -> pl.DataFrame:
    return table(open_snapshot(str(root)), name).collect()


def test_a_table_has_its_canonical_columns_in_order_then_the_extra_ones(tmp_path: Path) -> None:
    frame = table_frame(USERS, [{}]).select("active_users", extra="account_id", month="month")
    frame = frame.with_columns(account_id=pl.col("extra")).rename({"extra": "../../x"})
    written(tmp_path, USERS, frame)
    assert read(tmp_path, USERS).columns == ["account_id", "month", "active_users", "../../x"]


def test_absent_optional_columns_are_there_as_typed_nulls(tmp_path: Path) -> None:
    written(tmp_path, ITEMS, table_frame(ITEMS, [{}]).drop("valid_to", "term_ends_on"))
    found = read(tmp_path, ITEMS)
    assert found.schema["valid_to"] == pl.Date
    assert found["valid_to"].to_list() == [None]


def test_a_table_in_other_safe_types_reads_the_same(tmp_path: Path) -> None:
    frame = table_frame(ITEMS, [{"valid_to": "2026-05-01"}, {"status": "past_due"}])
    written(tmp_path / "plain", ITEMS, frame)
    other = frame.with_columns(
        pl.col(pl.Int64).cast(pl.Int32),
        pl.col("status").cast(pl.Categorical),
        pl.col("valid_from").cast(pl.Datetime("ns")),
        pl.col("valid_to").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Tokyo"),
    )
    written(tmp_path / "other", ITEMS, other)
    assert read(tmp_path / "other", ITEMS).equals(read(tmp_path / "plain", ITEMS))


def test_an_extra_dictionary_column_becomes_text(tmp_path: Path) -> None:
    """Dictionaries of two files, or of two tables, do not compare."""
    frame = table_frame(USERS, [{}]).with_columns(team=pl.lit("Red").cast(pl.Categorical))
    written(tmp_path, USERS, frame)
    assert read(tmp_path, USERS).schema["team"] == pl.String


def test_reading_collects_nothing(tmp_path: Path) -> None:
    """The plan scans the file once, and only what is asked for."""
    write_table(tmp_path / AS_OF, LINES, [{}])
    plan = table(open_snapshot(str(tmp_path)), LINES).select("amount").explain()
    assert plan.count("Parquet SCAN") == 1
    assert "PROJECT 1/15 COLUMNS" in plan


@pytest.mark.parametrize("folder", ["month=2026-02", "month=2026-02-01"])
def test_a_partition_key_stands_in_for_the_column_it_names(tmp_path: Path, folder: str) -> None:
    """Spark and Arrow leave the column out of the files then."""
    frame = table_frame(USERS, [{"active_users": 5}]).drop("month")
    written(tmp_path, f"{USERS}/{folder}/part", frame)
    assert read(tmp_path, USERS)["month"].to_list() == [date(2026, 2, 1)]


def test_a_column_in_the_files_wins_over_the_partition_key(tmp_path: Path) -> None:
    written(tmp_path, f"{USERS}/month=1999-01/part", table_frame(USERS, [{"month": "2026-01"}]))
    assert read(tmp_path, USERS)["month"].to_list() == [date(2026, 1, 1)]


def test_another_partition_key_is_an_extra_text_column(tmp_path: Path) -> None:
    """``007`` stays three characters long."""
    written(tmp_path, f"{LINES}/agent=007/part", table_frame(LINES, [{}]))
    assert read(tmp_path, LINES)["agent"].to_list() == ["007"]


def test_partition_keys_above_the_snapshot_are_no_columns(tmp_path: Path) -> None:
    root = tmp_path / "env=prod"
    written(root, f"{LINES}/region=EU/part", table_frame(LINES, [{}]))
    columns = read(root, LINES).columns
    assert "env" not in columns
    assert "region" in columns


def test_a_path_with_glob_characters_is_a_path(tmp_path: Path) -> None:
    write_table(tmp_path / "a[b]*?" / AS_OF, LINES, [{}])
    assert read(tmp_path / "a[b]*?", LINES).height == 1


def test_a_missing_table_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    write_table(tmp_path / AS_OF, LINES, [{}])
    with pytest.raises(DataError, match="billing/account_users is not in snapshot"):
        table(open_snapshot(str(tmp_path)), USERS)


def test_a_table_without_a_required_column_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    written(tmp_path, USERS, table_frame(USERS, [{}]).drop("month"))
    with pytest.raises(DataError, match="no usable `month`"):
        table(open_snapshot(str(tmp_path)), USERS)


def test_a_damaged_file_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, USERS, table_frame(USERS, [{}]))
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(DataError, match="cannot be read"):
        table(open_snapshot(str(tmp_path)), USERS)


def test_a_panic_of_polars_is_an_error_that_names_the_file() -> None:
    with pytest.raises(DataError, match="part-1 cannot be read"), named_faults("part-1"):
        raise pl.exceptions.PanicException("assertion failed")


def test_a_column_of_the_wrong_type_is_left_out_of_the_canonical_shape() -> None:
    frame = table_frame(USERS, [{}]).with_columns(active_users=pl.lit(1.5)).lazy()
    shaped = canonical(frame, TABLES[USERS].columns)
    assert shaped.collect_schema().names() == ["account_id", "month"]
