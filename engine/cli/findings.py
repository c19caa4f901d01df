"""A verdict as a reader sees it: every table with a tick, and under it what does not hold."""

from collections.abc import Iterator

import polars as pl

from engine.intake.outcome import Failure, TableVerdict, Verdict
from engine.settings.severities import Severity

_HOLDS, _FAILS, _SUSPECT = "✓", "✗", "!"


def sheet(found: Verdict) -> str:
    """A block of lines per table: ✓ it holds, ! there are warnings, ✗ there are errors."""
    lines = [line for table in found.tables for line in _block(table, found)]
    others = [each for each in found.failures if each.table not in _tables(found)]
    lines += [line for each in others for line in (f"{_sign(each)} {each.file}", *_told(each))]
    return "\n".join([*lines, "", _sum(found)]) + "\n"


def failures(found: Verdict) -> pl.DataFrame:
    """One row per table, and per failure of it: what the CSV and Parquet forms hold."""
    kinds = {"table": pl.String, "table_rows": pl.Int64, "severity": pl.String, "rule": pl.String}
    kinds |= {"column": pl.String, "rows": pl.Int64, "examples": pl.String, "hint": pl.String}
    heights = {each.table: each.rows for each in found.tables}
    broken = [
        (
            each.table,
            heights.get(each.table),
            each.severity.value,
            each.rule,
            each.column,
            each.rows,
            "; ".join(each.examples),
            each.hint,
        )
        for each in found.failures
    ]
    at_fault = {each.table for each in found.failures}
    whole = [
        (each.table, each.rows, "none", None, None, 0, "", "")
        for each in found.tables
        if each.table not in at_fault
    ]
    return pl.DataFrame([*whole, *broken], schema=kinds, orient="row")


def _tables(found: Verdict) -> set[str]:
    return {each.table for each in found.tables}


def _block(table: TableVerdict, found: Verdict) -> Iterator[str]:
    own = [each for each in found.failures if each.table == table.table]
    sign = _FAILS if not table.ok else _SUSPECT if own else _HOLDS
    yield f"{sign} {table.table:<28}{table.rows:>14,} rows"
    for each in own:
        yield from _told(each)


def _told(failure: Failure) -> Iterator[str]:
    """Rule, column and rows; then examples; then what to do."""
    place = f" in {failure.column}" if failure.column else ""
    count = f": {failure.rows:,} row{'' if failure.rows == 1 else 's'}" if failure.rows else ""
    yield f"    {_sign(failure)} {failure.rule}{place}{count}"
    for example in failure.examples:
        yield f"        {example}"
    if failure.hint:
        yield f"        → {failure.hint}"


def _sign(failure: Failure) -> str:
    return _FAILS if failure.severity is Severity.ERROR else _SUSPECT


def _sum(found: Verdict) -> str:
    errors, warnings = len(found.errors), len(found.failures) - len(found.errors)
    compared = f"; compared with {found.compared_with}" if found.compared_with else ""
    word = "holds" if found.ok else "does not hold"
    return (
        f"{found.snapshot} {word}: {_counted(errors, 'error')}, "
        f"{_counted(warnings, 'warning')}{compared}"
    )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
