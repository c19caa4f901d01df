"""Whether a table has the columns it must have, in types that can be read safely."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from engine.intake.casts import cast
from engine.intake.findings import Finding
from engine.intake.quoting import quoted
from schemas.canonical import TABLES, Column

#: Columns of a file that a missing one is compared with.
_COMPARED = 500

_ADVICE: Mapping[type[pl.DataType], str] = {
    pl.Int64: "as whole numbers, money in minor units (12.34 USD is 1234)",
    pl.Float64: "as numbers",
    pl.Date: "as dates",
    pl.String: "as text",
    pl.Boolean: "as true or false",
}


def column_findings(table: str, found: Mapping[str, pl.DataType], rows: int) -> list[Finding]:
    """One finding per required column that is missing, and per column of an unsafe type.

    Args:
        table: Canonical name.
        found: The columns and types of its files.
        rows: Rows of the table; each of them lacks the value.
    """
    columns = TABLES[table].columns
    missing = [each for each in columns if not each.is_optional and each.name not in found]
    others = [name for name in found if name not in {each.name for each in columns}]
    unsafe = [
        _unsafe(table, each, found[each.name], rows)
        for each in columns
        if each.name in found and cast(each.name, found[each.name], each.dtype) is None
    ]
    return [*(_missing(table, each, others, rows) for each in missing), *unsafe]


def _missing(table: str, column: Column, others: Sequence[str], rows: int) -> Finding:
    spellings = {name.casefold(): name for name in others[:_COMPARED]}
    close = get_close_matches(column.name, spellings, n=1)
    meant = f"did you mean {quoted(spellings[close[0]])}? " if close else ""
    hint = f"{meant}{column.name}: {column.description.removesuffix('.')}"
    return Finding(table, "column-missing", column.name, rows, (), hint)


def _unsafe(table: str, column: Column, found: pl.DataType, rows: int) -> Finding:
    example = f"{column.name} is {quoted(found)}, not {column.dtype}"
    hint = f"export {column.name} {_ADVICE[type(column.dtype)]}"
    return Finding(table, "type", column.name, rows, (example,), hint)
