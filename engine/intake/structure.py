"""Whether a Parquet file is whole, told from its ends and its footer.

Polars panics over some damaged footers; Arrow reads them without harm, and they are checked here
first. What is wrong inside a page shows when it is decoded.
"""
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false
# Arrow ships no types for its Parquet metadata.

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData, RowGroupMetaData

_MAGIC = b"PAR1"


def require_whole(path: Path) -> None:
    """ComputeError, as Polars would raise it, where the file is not whole; OSError as usual."""
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head != _MAGIC:
        raise pl.exceptions.ComputeError("it does not start like a Parquet file (PAR1)")
    if (fault := _footer_fault(path)) is not None:
        raise pl.exceptions.ComputeError(fault)


def _footer_fault(path: Path) -> str | None:
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        footer = read_metadata(path)
    except (ArrowException, ValueError) as error:
        return str(error)
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    if sum(group.num_rows for group in groups) != footer.num_rows:
        return "its footer contradicts itself about the number of rows"
    flat = _flat_columns(footer)
    end = path.stat().st_size - footer.serialized_size
    if not all(_is_sound(group, number, end) for group in groups for number in flat):
        return "its footer points outside the file"
    return None


def _flat_columns(footer: "FileMetaData") -> list[int]:
    """Numbers of the columns that hold one value a row; nested ones count differently."""
    return [
        number
        for number in range(footer.num_columns)
        if footer.schema.column(number).max_repetition_level == 0
    ]


def _is_sound(group: "RowGroupMetaData", number: int, end: int) -> bool:
    """Whether a column's part of a row group has as many values as rows, and lies in the file."""
    chunk = group.column(number)
    start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    is_within = 0 < start <= start + chunk.total_compressed_size <= end
    return is_within and chunk.num_values == group.num_rows
