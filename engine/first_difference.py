"""Where two versions of one file part, as a person would look for it."""

import io
import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import cast

import polars as pl

#: Characters of a value that are told.
_TOLD = 60

_ABSENT = object()


def first_difference(name: str, recorded: bytes, made: bytes) -> str:
    """The first difference in words; empty where the bytes are the same.

    Of JSON the first key, of Parquet the first cell, of anything the first byte.

    Args:
        name: The file's, whose ending says what it is.
    """
    if recorded == made:
        return ""
    offset = _first_byte(recorded, made)
    place = f"{name} differs from byte {offset:,}"
    detail = _detail(name, recorded, made)
    return f"{place}: {detail}" if detail else f"{place} ({_sizes(recorded, made)})"


def _first_byte(one: bytes, other: bytes) -> int:
    """Offset of the first byte that differs; the shorter length where one begins the other."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _sizes(recorded: bytes, made: bytes) -> str:
    return f"{len(recorded):,} bytes recorded, {len(made):,} made now"


def _detail(name: str, recorded: bytes, made: bytes) -> str:
    try:
        if name.endswith(".json"):
            return _of_documents(json.loads(recorded), json.loads(made))
        if name.endswith(".parquet"):
            return _of_tables(*(pl.read_parquet(io.BytesIO(each)) for each in (recorded, made)))
    except (ValueError, pl.exceptions.PolarsError):
        return "one of the two cannot be read"
    return ""


def _of_documents(recorded: object, made: object, path: str = "") -> str:
    """The first key by which the documents differ, and both values."""
    if isinstance(recorded, dict) and isinstance(made, dict):
        pairs = _of_keys(cast("dict[str, object]", recorded), cast("dict[str, object]", made))
    elif isinstance(recorded, list) and isinstance(made, list):
        pairs = _of_places(cast("list[object]", recorded), cast("list[object]", made))
    else:
        old, new = cast("tuple[object, object]", (recorded, made))
        return "" if old == new else f"`{path}` was {_said(old)} and is {_said(new)}"
    found = (_of_documents(old, new, f"{path}.{key}" if path else key) for key, old, new in pairs)
    return next(filter(None, found), "")


def _of_keys(
    recorded: Mapping[str, object], made: Mapping[str, object]
) -> list[tuple[str, object, object]]:
    keys = sorted({*recorded, *made})
    return [(key, recorded.get(key, _ABSENT), made.get(key, _ABSENT)) for key in keys]


def _of_places(
    recorded: Sequence[object], made: Sequence[object]
) -> list[tuple[str, object, object]]:
    pairs = zip_longest(recorded, made, fillvalue=_ABSENT)
    return [(str(place), old, new) for place, (old, new) in enumerate(pairs)]


def _of_tables(recorded: pl.DataFrame, made: pl.DataFrame) -> str:
    """The first cell by which the tables differ, and both values."""
    if recorded.schema != made.schema:
        return f"columns were {_said(dict(recorded.schema))} and are {_said(dict(made.schema))}"
    if recorded.height != made.height:
        return f"{recorded.height:,} rows were recorded and {made.height:,} made now"
    cells = [
        (row, name)
        for name in recorded.columns
        if (row := recorded[name].ne_missing(made[name]).arg_max()) is not None
        and recorded[name].ne_missing(made[name])[row]
    ]
    if not cells:
        return "every cell is the same, so only the file's layout differs"
    row, name = min(cells, key=lambda cell: cell[0])
    return (
        f"`{name}` in row {row + 1:,} was {_said(recorded[name][row])} "
        f"and is {_said(made[name][row])}"
    )


def _said(value: object) -> str:
    if value is _ABSENT:
        return "absent"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _TOLD else f"{text[: _TOLD - 1]}…"
