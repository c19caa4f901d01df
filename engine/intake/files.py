"""What can be wrong with a table's files before any value is looked at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from engine.intake.findings import EXAMPLES, Finding
from engine.intake.listing import is_remote
from engine.intake.quoting import quoted
from engine.intake.read import UnreadableError, named_faults, partition_keys
from engine.intake.snapshot import PARQUET, Snapshot
from engine.intake.structure import require_whole
from engine.store.scanning import reach


def file_findings(snapshot: Snapshot, name: str) -> tuple[Finding, ...]:
    """What makes the table's files unusable; empty if they can be scanned as one."""
    if _is_twice_there(snapshot, name):
        return (Finding(name, "table-twice", hint=f"keep {name}{PARQUET} or the folder {name}/"),)
    if (layout := _layout_finding(snapshot, name)) is not None:
        return (layout,)
    schemas: dict[str, pl.Schema] = {}
    damaged: list[Finding] = []
    for path in snapshot.tables[name]:
        file = snapshot.relative(path)
        try:
            schemas[file] = _schema(path, file)
        except UnreadableError as error:
            damaged.append(_unreadable(name, file, error))
    return tuple(damaged) or tuple(_schema_findings(name, schemas))


def damaged_file(snapshot: Snapshot, name: str, error: UnreadableError) -> Finding:
    """The first file of the table that cannot be decoded, found by decoding each."""
    for path in snapshot.tables[name]:
        file = snapshot.relative(path)
        try:
            with named_faults(file):
                values = pl.scan_parquet(path, glob=False, **reach(path))
                values.select(pl.all().null_count()).collect()
        except UnreadableError as found:
            return _unreadable(name, file, found)
    return _unreadable(name, "", error)


def _is_twice_there(snapshot: Snapshot, name: str) -> bool:
    """Whether there is a file and a folder of the table; one repeats the other, or so it seems."""
    single = f"{name}{PARQUET}"
    files = [snapshot.relative(each) for each in snapshot.tables[name]]
    return single in files and len(files) > 1


def _layout_finding(snapshot: Snapshot, name: str) -> Finding | None:
    """Whether folders name the same keys, each once, for every file of the table."""
    files = [snapshot.relative(each) for each in snapshot.tables[name]]
    first = partition_keys(files[0])
    for file in files:
        keys = partition_keys(file)
        if len(set(keys)) < len(keys) or keys != first:
            told = (
                f"{quoted(file)} lies under {_keys(keys)}, {quoted(files[0])} under {_keys(first)}"
            )
            hint = "lay all files of the table out by the same keys, each of them once in a path"
            return Finding(name, "mixed-schemas", None, 0, (told,), hint, file)
    return None


def _keys(keys: Sequence[str]) -> str:
    return " and ".join(quoted(each) for each in keys) or "no key"


def _schema(path: str, file: str) -> pl.Schema:
    with named_faults(file):
        if not is_remote(path):
            require_whole(Path(path))
        plain = pl.scan_parquet(path, glob=False, hive_partitioning=False, **reach(path))
        return plain.collect_schema()


def _unreadable(name: str, file: str, error: UnreadableError) -> Finding:
    hint = "export it again: it is not Parquet, or was cut off or damaged on the way"
    if isinstance(error.__cause__, pl.exceptions.DuplicateError):
        hint = "leave one of the columns of that name out of the export"
    return Finding(name, "unreadable", None, 0, (quoted(error.where),), hint, file)


def _schema_findings(name: str, schemas: Mapping[str, pl.Schema]) -> Iterator[Finding]:
    first_file, first = next(iter(schemas.items()))
    if not first:
        hint = "export it again: the file has no columns"
        yield Finding(name, "no-columns", hint=hint, file=first_file)
    other = {file: schema for file, schema in schemas.items() if dict(schema) != dict(first)}
    if other:
        yield _mixed(name, first_file, first, other)
    else:
        yield from _twins(name, tuple(first))


def _mixed(name: str, file: str, first: pl.Schema, other: Mapping[str, pl.Schema]) -> Finding:
    examples = [f"{quoted(each)}: {_difference(first, schema)}" for each, schema in other.items()]
    hint = f"export all files of the table with the columns and types of {quoted(file)}"
    return Finding(
        name, "mixed-schemas", None, 0, tuple(examples[:EXAMPLES]), hint, next(iter(other))
    )


def _difference(first: pl.Schema, second: pl.Schema) -> str:
    """The first column by which the second differs."""
    for column in dict.fromkeys((*first, *second)):
        before, after = first.get(column), second.get(column)
        if before != after:
            return f"{quoted(column)} is {after or 'absent'}, not {before or 'absent'}"
    return "the same"


def _twins(name: str, columns: Sequence[str]) -> Iterator[Finding]:
    """Columns whose names differ in case only: nobody could say which is meant."""
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for column in columns:
        spellings[column.casefold()].append(column)
    for same in spellings.values():
        if len(same) > 1:
            example = " and ".join(quoted(each) for each in same)
            hint = "leave one of them out of the export"
            yield Finding(name, "column-twice", quoted(same[0]), 0, (example,), hint)
