"""Whether a Parquet file is whole, told from its ends, its footer and its page headers.

What reads Parquet in C++ or Rust panics over some damaged structures and ends the process over
others, so they are read here first, in Python, and checked against one another and the file's
size. What is wrong inside a page shows when it is decoded.
Format: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple, NoReturn

import polars as pl

from engine.intake.thrift import MalformedError, Struct, is_struct, struct

_MAGIC = b"PAR1"
_TAIL = 8

#: What is read of a page at first; its header fits unless it carries long statistics.
_HEADER = 512
_UNCOMPRESSED = 0
_REPEATED = 2
_INDEX_PAGE, _DICTIONARY_PAGE, _DATA_PAGE_V2 = 1, 2, 3

#: Where a page header tells of its data, dictionary or data in the second version, and in those
#: of the second version the encoding.
_BODIES = (5, 7, 8)
_BODY_ENCODINGS = {_DATA_PAGE_V2: 4}

#: Kinds of pages and of encodings that Parquet knows.
_PAGES, _ENCODINGS = range(4), range(10)

#: Times that a page shrinks at most, where the footer's own sum leaves some pages out.
_MOST_COMPRESSED = 1_000


class _Chunk(NamedTuple):
    """One column's part of a row group, as the footer describes it."""

    start: int
    end: int
    values: int
    codec: int
    uncompressed: int


def require_whole(path: Path) -> None:
    """ComputeError, as Polars would raise it, where the file is not whole; OSError as usual."""
    with path.open("rb") as file:
        try:
            _check(file)
        except MalformedError as error:
            raise pl.exceptions.ComputeError(str(error)) from error


def _check(file: BufferedReader) -> None:
    """Raises MalformedError with what is wrong first."""
    footer, data_end = _footer(file)
    columns = _flatness(_structs(footer, 2))
    groups = _structs(footer, 4)
    if sum(_number(group, 3) for group in groups) != _number(footer, 3):
        raise MalformedError("its footer contradicts itself about the number of rows")
    for group in groups:
        chunks = [_chunk(each, data_end) for each in _structs(group, 1)]
        if len(chunks) != len(columns):
            raise MalformedError("its footer contradicts itself about the number of columns")
        for chunk, is_flat in zip(chunks, columns, strict=True):
            if is_flat and chunk.values != _number(group, 3):
                raise MalformedError("its footer contradicts itself about the number of values")
            _check_pages(file, chunk)


def _footer(file: BufferedReader) -> tuple[Struct, int]:
    """The footer, and where the data before it ends."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise MalformedError("it does not start like a Parquet file (PAR1)")
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL, 0))
    tail = file.read(_TAIL)
    if tail[4:] != _MAGIC or size < len(_MAGIC) + _TAIL:
        raise MalformedError("it does not end like a Parquet file (PAR1); was it cut off?")
    start = size - _TAIL - int.from_bytes(tail[:4], "little")
    if start < len(_MAGIC):
        raise MalformedError("its footer is longer than the file")
    file.seek(start)
    return struct(file.read(size - _TAIL - start))[0], start


def _flatness(elements: Sequence[Struct]) -> list[bool]:
    """For each column whether it holds one value a row, from the schema in depth-first order."""
    flat: list[bool] = []
    if not elements or _descend(iter(elements), flat, is_flat=True, depth=0) != len(elements):
        raise MalformedError("its footer contradicts itself about its columns")
    return flat


def _descend(rest: Iterator[Struct], flat: list[bool], *, is_flat: bool, depth: int) -> int:
    """Adds the columns of the next element; how many elements it consists of."""
    element = next(rest, None)
    if element is None or depth > 100:
        raise MalformedError("its footer contradicts itself about its columns")
    _name(element)
    is_flat = is_flat and element.get(3) != _REPEATED
    children = element.get(5) or 0
    if not isinstance(children, int) or (not children and depth):
        flat.append(is_flat)
        return 1
    return 1 + sum(_descend(rest, flat, is_flat=is_flat, depth=depth + 1) for _ in range(children))


def _name(element: Struct) -> None:
    name = element.get(4)
    try:
        (name if isinstance(name, bytes) else _refused()).decode()
    except UnicodeDecodeError as error:
        raise MalformedError("a column's name is not UTF-8") from error


def _chunk(described: Struct, data_end: int) -> _Chunk:
    content = _struct(described, 3)
    dictionary, offset = content.get(11), _number(content, 9)
    start = dictionary if isinstance(dictionary, int) and dictionary else offset
    data = offset or start  # without a row there may be no page of data
    end = start + _number(content, 7)
    values, codec, uncompressed = (_number(content, number) for number in (5, 4, 6))
    if not len(_MAGIC) <= start <= data <= end <= data_end or min(values, uncompressed) < 0:
        raise MalformedError("its footer points outside the file")
    return _Chunk(start, end, values, codec, uncompressed)


def _check_pages(file: BufferedReader, chunk: _Chunk) -> None:
    """Goes from page header to page header; each must end where the next or the chunk's end is."""
    at, values = chunk.start, 0
    while at < chunk.end and values < chunk.values:
        header, at = _page_header(file, at, chunk.end)
        size, uncompressed = _number(header, 3), _number(header, 2)
        largest = max(chunk.uncompressed, size * _MOST_COMPRESSED)
        if not 0 <= size <= chunk.end - at or not 0 <= uncompressed <= largest:
            raise MalformedError("a page is larger than what holds it")
        if chunk.codec == _UNCOMPRESSED and size != uncompressed:
            raise MalformedError("a page contradicts itself about its size")
        at += size
        values += _values(header, chunk)
    if values != chunk.values:
        raise MalformedError("its pages hold another number of values than its footer says")


def _page_header(file: BufferedReader, at: int, end: int) -> tuple[Struct, int]:
    """The header that starts there, and where it ends."""
    length = _HEADER
    while True:
        file.seek(at)
        content = file.read(min(length, end - at))
        try:
            header, size = struct(content)
        except MalformedError:
            if length >= end - at:
                raise
            length *= 64
        else:
            return header, at + size


def _values(header: Struct, chunk: _Chunk) -> int:
    """How many values of the column the page holds; a dictionary's are not the column's."""
    kind = _number(header, 1)
    page = next((each for number in _BODIES if is_struct(each := header.get(number))), None)
    if kind not in _PAGES or (page is None and kind != _INDEX_PAGE):
        raise MalformedError("a page is of no known kind")
    if page is None:
        return 0
    values, encoding = _number(page, 1), _number(page, _BODY_ENCODINGS.get(kind, 2))
    if values < 0 or encoding not in _ENCODINGS:
        raise MalformedError("a page is encoded in no known way")
    if kind != _DICTIONARY_PAGE:
        return values
    if values > chunk.uncompressed:
        raise MalformedError("a dictionary has more entries than bytes")
    return 0


def _number(fields: Struct, number: int) -> int:
    found = fields.get(number)
    return found if isinstance(found, int) else _refused()


def _struct(fields: Struct, number: int) -> Struct:
    found = fields.get(number)
    return found if is_struct(found) else _refused()


def _structs(fields: Struct, number: int) -> list[Struct]:
    found = fields.get(number)
    if not isinstance(found, list):
        return _refused()
    return [each if is_struct(each) else _refused() for each in found]


def _refused() -> NoReturn:
    raise MalformedError("its structure is not Parquet's")
