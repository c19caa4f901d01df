"""Whether a snapshot may be counted on: every rule, every row, before any number is made."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from engine.cache import Cache
from engine.errors import DataError
from engine.intake.conversion import Conversion
from engine.intake.drift import before, earlier, vanished
from engine.intake.examination import across, examined
from engine.intake.findings import Finding
from engine.intake.known import Told, known
from engine.intake.layout import absent_tables, empty_tables, unknown_files
from engine.intake.outcome import Failure, TableVerdict, Verdict
from engine.intake.quarantine import Quarantine
from engine.intake.snapshot import PARQUET, Snapshot
from engine.settings.severities import Severity
from engine.settings.validation import Validation
from schemas.canonical import TABLES

__all__ = ["Failure", "TableVerdict", "Verdict", "as_json", "data_error", "verdict"]

#: Failures that an error message tells in full.
_IN_FULL = 10


def verdict(
    snapshot: Snapshot,
    conversion: Conversion,
    *,
    needed: Collection[str] = (),
    validation: Validation = Validation(),  # noqa: B008  fixed once made
    quarantine: Quarantine | None = None,
    cache: Cache = Cache(),  # noqa: B008  holds nothing
) -> Verdict:
    """Every table of the snapshot against its schema, and the tables against one another.

    Args:
        snapshot: Its files are streamed, each in one pass for its own rules.
        conversion: What all money must have rates into.
        needed: Tables whose absence is an error, besides those that always are needed.
        validation: How grave each rule is, and where suspicions start.
        quarantine: Rows to leave out; the verdict is about the rest.
        cache: Where is kept what was counted of files that have not changed since.

    Raises:
        EnvironmentFault: A file may not be read.
    """
    must = frozenset({*needed, *(name for name, table in TABLES.items() if table.is_required)})
    older = before(snapshot) if validation.severity("drift") is not Severity.OFF else None
    snapshots = (snapshot, older) if older else (snapshot,)
    asked = {"conversion": conversion, "must": sorted(must), "validation": validation}
    place = known(Cache() if quarantine else cache, snapshots, asked)
    if (told := place.told) is None:
        told = _told(snapshots, conversion, must, validation, quarantine, cache)
        place.keep(told)
    return Verdict(
        snapshot.folder,
        *told,
        validation,
        str(older.as_of) if older else "",
        quarantine.summary if quarantine else (),
    )


def _told(
    snapshots: Sequence[Snapshot],
    conversion: Conversion,
    must: Collection[str],
    validation: Validation,
    quarantine: Quarantine | None,
    cache: Cache,
) -> Told:
    """What is found in the first of the snapshots, beside the second if there is one."""
    snapshot, *older = snapshots
    good: Mapping[str, pl.LazyFrame] = quarantine.good if quarantine else {}
    tables = [
        examined(snapshot, name, validation, good.get(name), cache)
        for name in TABLES
        if snapshot.has(name)
    ]
    compared = earlier(older[0], cache) if older else None
    findings = (
        *absent_tables(snapshot, must),
        *(finding for each in tables for finding in each.findings),
        *across(tables, conversion, compared, validation),
        *(vanished(snapshot, compared) if compared else ()),
        *empty_tables({each.name: each.rows for each in tables if each.checked}, must),
        *unknown_files(snapshot),
    )
    graded = (_failure(snapshot, each, validation) for each in findings)
    failures = sorted((each for each in graded if each.severity is not Severity.OFF), key=_order)
    rows = dict.fromkeys(must, 0) | {each.name: each.rows for each in tables}
    at_fault = {each.table for each in failures if each.severity is Severity.ERROR}
    listed = (name for name in TABLES if name in rows)
    verdicts = (TableVerdict(each, rows[each], each not in at_fault) for each in listed)
    return tuple(verdicts), tuple(failures)


def as_json(found: Verdict) -> dict[str, object]:
    """The document that ``qbr validate --format json`` prints."""
    return {
        "ok": found.ok,
        "tables": [
            {"table": each.table, "rows": each.rows, "ok": each.ok} for each in found.tables
        ],
        "failures": [
            {
                "table": each.table,
                "rule": each.rule,
                "column": each.column,
                "rows": each.rows,
                "severity": each.severity.value,
                "examples": list(each.examples),
                "file": each.file,
                "hint": each.hint,
            }
            for each in found.failures
        ],
        "severities": {rule: word.value for rule, word in found.settings.changed.items()},
        "changes": list(found.settings.changes),
        "settings": found.settings.model_dump(mode="json", exclude={"severities"}),
        "compared_with": found.compared_with or None,
        "set_aside": [each.as_json for each in found.set_aside],
    }


def data_error(found: Verdict) -> DataError:
    """The errors of a verdict as one message: what broke where, how often, and what to do."""
    errors = found.errors
    lines = [str(each) for each in errors[:_IN_FULL]]
    lines += [f"and {len(errors) - _IN_FULL} more"] if len(errors) > _IN_FULL else []
    rules = "1 rule does" if len(errors) == 1 else f"{len(errors)} rules do"
    return DataError(
        errors[0].rule if len(errors) == 1 else "data",
        f"{rules} not hold in snapshot {found.snapshot}",
        where="\n      ".join(lines),
        note="no number is made of data that contradicts itself",
        hint="correct it at its source and export again; `qbr validate` shows all, "
        "`--quarantine` counts without the rows at fault",
    )


def _failure(snapshot: Snapshot, finding: Finding, validation: Validation) -> Failure:
    return Failure(
        table=finding.table,
        rule=finding.rule,
        column=finding.column,
        rows=finding.rows,
        severity=validation.severity(finding.rule),
        examples=finding.examples,
        file=finding.file or _place(snapshot, finding.table),
        hint=finding.hint,
    )


def _place(snapshot: Snapshot, table: str) -> str:
    """The table's one file, or the folder of its files, within the snapshot."""
    files = snapshot.tables.get(table, ())
    single = f"{table}{PARQUET}"
    is_folder = files and snapshot.relative(files[0]) != single
    return f"{table}/" if is_folder else single


def _order(failure: Failure) -> tuple[bool, int]:
    """Errors first, then by table; within a table as they were found."""
    names = list(TABLES)
    known = failure.table in names
    number = names.index(failure.table) if known else len(names)
    return failure.severity is not Severity.ERROR, number
