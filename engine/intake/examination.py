"""Each table looked at on its own, then the tables against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.cache import Cache
from engine.intake.checked import Checked
from engine.intake.columns import column_findings
from engine.intake.continuity import LINES, months_without_lines
from engine.intake.conversion import Conversion
from engine.intake.counting import counted
from engine.intake.drift import Earlier, drift
from engine.intake.files import damaged_file, file_findings
from engine.intake.findings import Finding
from engine.intake.freshness import latest, stale
from engine.intake.gaps import history_gaps
from engine.intake.intervals import TIMELINES, overlapping
from engine.intake.keys import repeated_keys
from engine.intake.minor_units import units_finding
from engine.intake.plausibility import plausibility
from engine.intake.profile import Profile, profile
from engine.intake.rates import RATES, latest_rates, missing_rates
from engine.intake.read import UnreadableError, scan
from engine.intake.relations import account_findings
from engine.intake.reliable import reliable, whole
from engine.intake.repetition import repeated_files, repeated_rows
from engine.intake.rules import rules
from engine.intake.service_dates import month_end_slip, undated_charges
from engine.intake.snapshot import Snapshot
from engine.intake.spellings import names_twice
from engine.settings.severities import Severity
from engine.settings.validation import Validation
from schemas.canonical import TABLES


@dataclass(frozen=True, slots=True)
class Examined:
    """One table and what was found in it.

    Attributes:
        rows: 0 where its files cannot be read.
        checked: Its canonical columns that can be relied on, and others that are named like a
            canonical one; None where its files cannot be read.
        profile: Its money by month; None where it has none.
    """

    name: str
    rows: int
    findings: tuple[Finding, ...]
    checked: Checked | None = None
    profile: Profile | None = None


def examined(
    snapshot: Snapshot,
    name: str,
    validation: Validation = Validation(),  # noqa: B008  fixed once made
    good: pl.LazyFrame | None = None,
    cache: Cache = Cache(),  # noqa: B008  holds nothing
) -> Examined:
    """The table of that name, its files, columns and rows checked by its own rules.

    Args:
        validation: Where suspicions start; those that are off are not looked for.
        good: The table without some of its rows, to be checked in place of all of it.
        cache: Where is kept what was counted of its files.
    """
    faults = file_findings(snapshot, name)
    if any(each.rule != "column-twice" for each in faults):
        return Examined(name, 0, faults)
    try:
        checked = whole(snapshot, name, cache) if good is None else reliable(name, good)
        return _examined(snapshot, checked, faults, validation)
    except UnreadableError as error:
        return Examined(name, 0, (*faults, damaged_file(snapshot, name, error)))


def _examined(
    snapshot: Snapshot, checked: Checked, faults: Sequence[Finding], validation: Validation
) -> Examined:
    name, table = checked.name, TABLES[checked.name]
    asked = [
        *rules(table.schema, checked.found),
        *plausibility(name, checked.found, snapshot.as_of),
    ]
    seen = counted(checked, asked, latest(checked, snapshot.as_of))
    old = stale(name, seen.measures, snapshot.as_of, validation.freshness_days)
    columns = column_findings(name, scan(snapshot, name).collect_schema(), seen.rows)
    money = profile(checked)
    twice = (
        ()
        if validation.severity("export-twice") is Severity.OFF
        else (repeated_files(snapshot, name),)
    )
    again = (
        ()
        if validation.severity("rows-repeated") is Severity.OFF
        else (repeated_rows(checked, seen.rows),)
    )
    lines = (months_without_lines, month_end_slip, undated_charges)
    dated = [each(money) for each in lines] if money and name == LINES else []
    others = (old, *twice, *again, *dated, history_gaps(checked))
    findings = (*columns, *seen.findings, *_between_rows(checked), *filter(None, others))
    return Examined(name, seen.rows, (*faults, *findings), checked, money)


def _between_rows(checked: Checked) -> tuple[Finding, ...]:
    """What rows of one table do to one another: equal keys, overlapping intervals."""
    key = TABLES[checked.name].key
    repeated = repeated_keys(checked) if key and checked.has(key) else None
    overlaps = [
        overlapping(checked, each)
        for each in TIMELINES
        if each.table == checked.name and checked.has(each.columns)
        if repeated or each.thing != key
    ]
    return tuple(each for each in (repeated, *overlaps) if each)


def across(
    tables: Sequence[Examined],
    conversion: Conversion,
    before: Earlier | None,
    validation: Validation,
) -> tuple[Finding, ...]:
    """What tables do to one another, and to what the snapshot before held."""
    readable = {each.name: each.checked for each in tables if each.checked is not None}
    found = (
        missing_rates(readable, conversion),
        *account_findings(readable, conversion.as_of),
        *names_twice(readable),
        *(units for each in tables if (units := _units(each, readable, before, conversion))),
        *(_drift(each, before, validation) for each in tables if before and each.checked),
    )
    return tuple(each for each in found if each)


def _units(
    table: Examined, tables: Mapping[str, Checked], before: Earlier | None, conversion: Conversion
) -> Finding | None:
    if table.profile is None:
        return None
    old = before.profiles.get(table.name) if before else None
    return units_finding(table.profile, old, latest_rates(tables.get(RATES), conversion))


def _drift(table: Examined, before: Earlier | None, validation: Validation) -> Finding | None:
    if before is None:
        return None
    return drift(table.name, table.rows, table.profile, before, validation.drift_share)
