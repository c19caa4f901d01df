"""A Parquet file's structure is read without anything that a damaged one could bring down."""

import io
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.structure import require_whole
from engine.intake.thrift import MalformedError, struct


def test_a_struct_is_its_fields_by_number() -> None:
    """Field 1 is 300, field 2 true, field 4 a text, field 20 a list of a struct with field 1."""
    content = bytes.fromhex("15 d804 11 28 026869 09 28 1c 15 02 00 00")
    assert struct(content) == ({1: 300, 2: 1, 4: b"hi", 20: [{1: 1}]}, len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x15",
        b"\x15" + b"\xff" * 20,
        b"\x18\x7fab",
        b"\x19\xfc\xff\xff\xff\xff\x07",
        b"\x1e\x00",
        b"\x1c" * 100,
        b"\x19\x19" * 60,
    ],
    ids=["nothing", "cut", "number", "text", "list", "type", "structs", "lists"],
)
def test_what_is_no_struct_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedError):
        struct(content)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_struct_or_refused(content: bytes) -> None:
    try:
        _, end = struct(content)
    except MalformedError:
        return
    assert 0 < end <= len(content)


TABLE = pa.table(
    {
        "number": list(range(3_000)),
        "text": [f"text {each}" for each in range(3_000)],
        "empty": pa.nulls(3_000, pa.string()),
        "list": [[each, None] if each % 3 else [] for each in range(3_000)],
        "struct": [{"a": {"b": [each]}} for each in range(3_000)],
        "map": pa.array([[("k", each)] for each in range(3_000)], pa.map_(pa.string(), pa.int64())),
    }
)
STYLES = {
    "plain": {"use_dictionary": False, "compression": "none"},
    "pages of a few bytes": {"data_page_size": 64, "write_batch_size": 10},
    "the second version": {"data_page_version": "2.0", "compression": "zstd"},
    "checksums": {"write_page_checksum": True},
    "indexes": {"write_page_index": True},
    "gzip": {"compression": "gzip", "row_group_size": 77},
    "brotli": {"compression": "brotli"},
    "no statistics": {"write_statistics": False},
    "split streams": {
        "use_dictionary": False,
        "column_encoding": {"number": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY"},
    },
}


@pytest.mark.parametrize("style", STYLES)
def test_whatever_a_writer_writes_is_whole(tmp_path: Path, style: str) -> None:
    style_of = STYLES[style]
    table = TABLE.select(["number", "text"]) if "column_encoding" in style_of else TABLE
    pq.write_table(table, tmp_path / "x.parquet", **style_of)
    require_whole(tmp_path / "x.parquet")


@pytest.mark.parametrize("rows", [0, 1])
def test_a_file_of_no_or_one_row_is_whole(tmp_path: Path, rows: int) -> None:
    pq.write_table(TABLE.slice(0, rows), tmp_path / "x.parquet")
    require_whole(tmp_path / "x.parquet")


def written() -> bytes:
    file = io.BytesIO()
    frame = pl.DataFrame({"a": range(1_000), "b": [f"{n}" for n in range(1_000)]})
    frame.write_parquet(file, compression="snappy", row_group_size=500)
    return file.getvalue()


def test_a_byte_in_a_page_header_is_noticed_wherever_it_says_how_long_a_page_is(
    tmp_path: Path,
) -> None:
    """The first page starts behind the magic: its kind, its two sizes, its number of values."""
    content, path = written(), tmp_path / "x.parquet"
    noticed = 0
    for at in range(4, 12):
        damaged = bytearray(content)
        damaged[at] ^= 0x55
        path.write_bytes(damaged)
        try:
            require_whole(path)
        except pl.exceptions.ComputeError:
            noticed += 1
    assert noticed >= 7


def test_a_page_as_large_as_no_machine_is_refused(tmp_path: Path) -> None:
    """Its reader would ask for that much memory, and a machine without it ends the process."""
    content, path = bytearray(written()), tmp_path / "x.parquet"
    assert content[6] == 0x15, "the field of the size of the page, uncompressed"
    content[7:9] = b"\xfe\x7f"
    content[7:7] = b"\xff\xff\xff"
    path.write_bytes(content)
    with pytest.raises(pl.exceptions.ComputeError):
        require_whole(path)
