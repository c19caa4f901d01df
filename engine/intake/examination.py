"""Each table looked at on its own, then the tables against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.intake.columns import column_findings
from engine.intake.conversion import Conversion
from engine.intake.counting import Checked, broken_rules
from engine.intake.files import damaged_file, file_findings
from engine.intake.findings import Finding
from engine.intake.intervals import TIMELINES, overlapping
from engine.intake.keys import repeated_keys
from engine.intake.rates import missing_rates
from engine.intake.read import UnreadableError, canonical, scan
from engine.intake.relations import account_findings
from engine.intake.rules import rules
from engine.intake.snapshot import Snapshot
from schemas.canonical import TABLES


@dataclass(frozen=True, slots=True)
class Examined:
    """One table and what was found in it.

    Attributes:
        rows: 0 where its files cannot be read.
        checked: Its canonical columns that can be relied on; None where its files cannot be read.
    """

    name: str
    rows: int
    findings: tuple[Finding, ...]
    checked: Checked | None = None


def examined(snapshot: Snapshot, name: str) -> Examined:
    """The table of that name, its files, columns and rows checked by its own rules."""
    faults = file_findings(snapshot, name)
    if any(each.rule != "column-twice" for each in faults):
        return Examined(name, 0, faults)
    try:
        return _examined(snapshot, name, faults)
    except UnreadableError as error:
        return Examined(name, 0, (*faults, damaged_file(snapshot, name, error)))


def _examined(snapshot: Snapshot, name: str, faults: Sequence[Finding]) -> Examined:
    table = TABLES[name]
    raw = scan(snapshot, name)
    frame = canonical(raw, table.columns)
    found = frame.collect_schema()
    kept = [each.name for each in table.columns if each.name in found]
    key = tuple(each for each in table.key or kept[:3] if each in found)
    checked = Checked(name, frame.select(kept), key)
    rows, broken = broken_rules(checked, rules(table.schema, checked.found))
    columns = column_findings(name, raw.collect_schema(), rows)
    return Examined(name, rows, (*faults, *columns, *broken, *_between_rows(checked)), checked)


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


def across(tables: Mapping[str, Checked], conversion: Conversion) -> tuple[Finding, ...]:
    """What tables do to one another: missing rates, unknown accounts, owners in circles."""
    found = (missing_rates(tables, conversion), *account_findings(tables, conversion.as_of))
    return tuple(each for each in found if each)
