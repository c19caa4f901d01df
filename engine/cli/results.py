"""Results as a table, JSON, CSV or Parquet, on standard output or whole in a file."""

import io
import json
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from unicodedata import combining, east_asian_width

import polars as pl

from engine.cli.options import Format
from engine.errors import UsageError
from engine.files import write_whole


def show(
    frame: pl.DataFrame,
    document: object,
    how: Format,
    output: Path | None,
    right: Collection[str] = (),
    text: str | None = None,
) -> None:
    """Writes the frame, or for JSON the document, to ``output`` or standard output.

    Args:
        right: Columns of text that a table sets to the right, as it does numbers.
        text: What is shown in place of a table.
    """
    if how is Format.PARQUET and output is None:
        raise UsageError("output", "Parquet cannot be shown", hint="add --output FILE")
    if how is Format.TABLE and text is not None:
        content = text.encode()
    else:
        content = _content(frame, document, how, right)
    if output is not None:
        write_whole(output, content)
    else:
        sys.stdout.write(content.decode())
        sys.stdout.flush()


def _content(frame: pl.DataFrame, document: object, how: Format, right: Collection[str]) -> bytes:
    if how is Format.JSON:
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    if how is Format.CSV:
        return frame.write_csv().encode()
    if how is Format.PARQUET:
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        return buffer.getvalue()
    return table(frame, right).encode()


def beside(names: Iterable[str], taken: Collection[str]) -> list[str]:
    """The names as headings beside those ``taken``, told apart by underscores."""
    heads: list[str] = []
    for name in names:
        head = name
        while head in taken or head in heads:
            head += "_"
        heads.append(head)
    return heads


def table(frame: pl.DataFrame, right: Collection[str] = ()) -> str:
    """The frame in columns, numbers to the right, nulls as a dash."""
    heads = frame.columns
    columns = [_column(frame[name]) for name in heads]
    rows = list(zip(*columns, strict=True))
    numeric = [name in right or kind.is_numeric() for name, kind in frame.schema.items()]
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    lines = [_line(heads, widths, numeric), "  ".join("─" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths, numeric) for row in rows)]) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    gaps = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    padded = [
        gap + cell if right else cell + gap
        for cell, gap, right in zip(cells, gaps, numeric, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that the text takes: two a wide character, none a combining one."""
    wide = sum(east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(combining, text)))


def _column(values: pl.Series) -> list[str]:
    """The column as text, its numbers with the same digits so that they align."""
    if not values.dtype.is_float():
        return [_text(value) for value in values]
    known = [abs(value) for value in values.drop_nulls()]
    digits = 2 if max(known, default=0) >= 100 else 4
    digits = 0 if all(value.is_integer() for value in known) else digits
    return ["–" if value is None else f"{value:,.{digits}f}" for value in values]


def _text(value: object) -> str:
    if value is None:
        return "–"
    printable = "".join(char if char.isprintable() else "�" for char in str(value))
    return printable if len(printable) <= 60 else printable[:59] + "…"
