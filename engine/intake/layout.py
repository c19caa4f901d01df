"""Whether a snapshot holds the tables that are needed, and no file that is meant to be one."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from engine.errors import nearest
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import quoted
from engine.intake.snapshot import PARQUET, Snapshot
from schemas.canonical import TABLES

#: Unknown names that are told one by one.
_TOLD = 20


def absent_tables(snapshot: Snapshot, needed: Collection[str]) -> tuple[Finding, ...]:
    """One finding per table that is needed and not there."""
    return tuple(
        Finding(name, "table-missing", hint=f"export it as {name}{PARQUET}")
        for name in TABLES
        if name in needed and not snapshot.has(name)
    )


def empty_tables(rows: Mapping[str, int], needed: Collection[str]) -> tuple[Finding, ...]:
    """One finding per table that is needed and has no row."""
    hint = "if that is not so, look at how it was exported"
    return tuple(
        Finding(name, "table-empty", hint=hint)
        for name, height in rows.items()
        if name in needed and not height
    )


def unknown_files(snapshot: Snapshot) -> tuple[Finding, ...]:
    """One finding per file or folder that is no known table; one for all beyond the twentieth."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for file in snapshot.strays:
        groups["/".join(file.split("/")[:2]).removesuffix(PARQUET)].append(file)
    names = tuple(groups)
    told = tuple(_unknown(name, groups[name]) for name in names[:_TOLD])
    return (*told, *_more(names[_TOLD:]))


def _unknown(name: str, files: list[str]) -> Finding:
    hint = f"it is not read; only {PARQUET} files of known tables are: {nearest(name, TABLES)}"
    return _finding(quoted(name), files, hint)


def _more(names: tuple[str, ...]) -> tuple[Finding, ...]:
    hint = f"{len(names)} more files and folders are not read"
    return (_finding("", list(names), hint),) if names else ()


def _finding(name: str, files: list[str], hint: str) -> Finding:
    examples = tuple(quoted(file) for file in files[:EXAMPLES])
    return Finding(name, "file-unknown", None, 0, examples, hint, examples[0])
