"""Each table looked at on its own, then the tables against one another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.intake.columns import column_findings
from engine.intake.conversion import Conversion, uses
from engine.intake.counting import Checked, broken_rules
from engine.intake.files import damaged_file, file_findings
from engine.intake.findings import Finding
from engine.intake.intervals import FROM, TIMELINES, TO, overlapping
from engine.intake.keys import repeated_keys
from engine.intake.rates import RATES, missing_rates
from engine.intake.read import UnreadableError, canonical, scan
from engine.intake.relations import (
    ACCOUNTS,
    BILLING,
    REFERENCES,
    known_accounts,
    owned_in_circles,
    referenced,
    unbilled_accounts,
    unknown_accounts,
)
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
    if any(each.rule != "column_twice" for each in faults):
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


def _between_rows(checked: Checked) -> Iterator[Finding]:
    """What rows of one table do to one another: equal keys, overlapping intervals."""
    key = TABLES[checked.name].key
    repeated = repeated_keys(checked) if key and _has(checked, key) else None
    yield from (repeated,) if repeated else ()
    for timeline in TIMELINES:
        reads = (*timeline.thing, *timeline.reads, FROM, TO)
        is_alone = timeline.thing == key and not repeated
        if timeline.table == checked.name and _has(checked, reads) and not is_alone:
            finding = overlapping(checked, timeline)
            yield from (finding,) if finding else ()


def across(tables: Mapping[str, Checked], conversion: Conversion) -> Iterator[Finding]:
    """What tables do to one another: missing rates, unknown accounts, owners in circles."""
    yield from _rates(tables, conversion)
    accounts = tables.get(ACCOUNTS)
    if accounts is not None and _has(accounts, ("account_id",)):
        yield from _accounts(tables, accounts)
        if _has(accounts, ("parent_account_id", FROM)):
            finding = owned_in_circles(accounts, conversion.as_of)
            yield from (finding,) if finding else ()


def _rates(tables: Mapping[str, Checked], conversion: Conversion) -> Iterator[Finding]:
    with_money = [
        tables[name]
        for name, use in uses(conversion).items()
        if name in tables and _has(tables[name], use.reads)
    ]
    rates = tables.get(RATES)
    is_usable = rates is None or _has(rates, ("month", "from_currency", "to_currency"))
    if with_money and is_usable:
        finding = missing_rates(with_money, rates, conversion)
        yield from (finding,) if finding else ()


def _accounts(tables: Mapping[str, Checked], accounts: Checked) -> Iterator[Finding]:
    known = known_accounts(accounts)
    billed: list[pl.DataFrame] = []
    for name, column in REFERENCES:
        if name in tables and _has(tables[name], (column,)):
            named = referenced(tables[name], column)
            billed += [named] if name in BILLING and not named.is_empty() else []
            finding = unknown_accounts(name, column, named, known)
            yield from (finding,) if finding else ()
    if billed and (finding := unbilled_accounts(billed, known)):
        yield finding


def _has(table: Checked, columns: Sequence[str]) -> bool:
    return table.found.keys() >= set(columns)
