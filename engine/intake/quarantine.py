"""The rows of a snapshot that break a rule, set aside so that the rest can be counted on.

In this order, each step among the rows that the earlier ones left:

1. rows that break a rule of their own (nulls, enumerations, ranges, …);
2. of rows with the same key, all but the first, as the files and their rows follow one another;
3. rows that start before an earlier row of the same item or account ends;
4. rows of the CRM that name a parent, of accounts that own themselves;
5. rows with an amount that lacks a rate in some month it is converted at.

Only rules that are errors set rows aside.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import polars as pl

from engine.intake.checked import Checked
from engine.intake.conversion import Conversion
from engine.intake.intervals import TIMELINES, late_rows
from engine.intake.keys import hashed
from engine.intake.plausibility import plausibility
from engine.intake.rates import lacking, rows_without_rate
from engine.intake.read import canonical, collected, scan
from engine.intake.relations import ACCOUNTS, OWNERS, circling_accounts
from engine.intake.reliable import reliable
from engine.intake.rules import rules
from engine.intake.set_aside import SetAside
from engine.intake.snapshot import Snapshot
from engine.money import exponent
from engine.settings.severities import STRUCTURAL, Severity
from engine.settings.validation import Validation
from schemas.canonical import TABLES
from schemas.canonical.currencies import currencies

#: A row's place in its table, counted from 0 over all files.
ROW = ":row"

#: What stands beside a row that was set aside.
RULE, COLUMN = ":rule", ":column"

_BAD = pl.Schema({ROW: pl.UInt32, RULE: pl.String, COLUMN: pl.String})


@dataclass(frozen=True)
class Quarantine:
    """A snapshot's tables split into rows to count on and rows set aside.

    Attributes:
        frames: Table → all rows in canonical shape, with extra columns and ``ROW``.
        bad: Table → ``ROW`` of each row set aside, ``RULE`` and ``COLUMN``; tables that have any.
    """

    frames: Mapping[str, pl.LazyFrame]
    bad: Mapping[str, pl.DataFrame]

    @property
    def good(self) -> Mapping[str, pl.LazyFrame]:
        """Table → the rows to count on, in canonical shape; tables that rows were taken from."""
        return {name: self._without_bad(name).drop(ROW) for name in self.bad}

    def aside(self, name: str) -> pl.LazyFrame:
        """The rows set aside, with ``rule`` and ``rule_column`` (null: several columns).

        Underscores follow those two names where the table has them itself.
        """
        frame, bad = self.frames[name], self.bad[name]
        rows = frame.join(bad.lazy(), on=ROW, how="inner", maintain_order="left").drop(ROW)
        return rows.rename(_beside(rows.collect_schema(), {RULE: "rule", COLUMN: "rule_column"}))

    @cached_property
    def summary(self) -> tuple[SetAside, ...]:
        """What was set aside by table and rule, in the order of the tables, most rows first."""
        return tuple(each for name in TABLES if name in self.bad for each in self._sums(name))

    def _without_bad(self, name: str) -> pl.LazyFrame:
        return self.frames[name].join(self.bad[name].lazy().select(ROW), on=ROW, how="anti")

    def _sums(self, name: str) -> Sequence[SetAside]:
        counts = self.bad[name].group_by(RULE, COLUMN).agg(rows=pl.len())
        money = self._money(name)
        return [
            SetAside(name, rule, column or "", rows, money.get((rule, column), {}))
            for rule, column, rows in counts.sort(
                "rows", RULE, COLUMN, descending=[True, False, False]
            ).rows()
        ]

    def _money(self, name: str) -> Mapping[tuple[str, str | None], Mapping[str, Decimal]]:
        """(Rule, column) → currency → amount less discount in major units."""
        found = self.frames[name].collect_schema()
        if not found.keys() >= {"amount", "currency"}:
            return {}
        net = pl.col("amount").cast(pl.Int128)
        if "discount" in found:
            net -= pl.col("discount").fill_null(0)
        rows = self.frames[name].join(self.bad[name].lazy(), on=ROW, how="inner")
        sums = (
            rows.filter(pl.col("currency").is_in(sorted(currencies())))
            .group_by(RULE, COLUMN, "currency")
            .agg(net=net.sum())
        )
        told: defaultdict[tuple[str, str | None], dict[str, Decimal]] = defaultdict(dict)
        for rule, column, code, minor in collected(sums, name).sort("currency").rows():
            told[rule, column][code] = Decimal(minor).scaleb(-exponent(code))
        return told


def is_curable(rules_broken: Collection[str]) -> bool:
    """Whether setting rows aside can help; not where a file, table or column is at fault."""
    return STRUCTURAL.isdisjoint(rules_broken)


def quarantined(snapshot: Snapshot, conversion: Conversion, validation: Validation) -> Quarantine:
    """The snapshot split by every rule about rows that is an error.

    Raises:
        UnreadableError: A file cannot be decoded.
    """
    frames = {
        name: canonical(scan(snapshot, name), TABLES[name].columns).with_row_index(ROW)
        for name in TABLES
        if snapshot.has(name)
    }
    split = _Split(frames, conversion, validation)
    for name in frames:
        split.by_own_rules(name, snapshot.as_of)
        split.by_key(name)
        split.by_interval(name)
    split.by_circle()
    split.by_rate()
    return Quarantine(frames, split.bad)


class _Split:
    """Tables while rows are being taken out of them."""

    def __init__(
        self, frames: Mapping[str, pl.LazyFrame], conversion: Conversion, validation: Validation
    ) -> None:
        self._frames = frames
        self._conversion = conversion
        self._validation = validation
        self.bad: dict[str, pl.DataFrame] = {}

    def by_own_rules(self, name: str, as_of: date) -> None:
        """Each row under the first rule that it breaks."""
        table = self._table(name)
        found = table.found
        asked = [*rules(TABLES[name].schema, found), *plausibility(name, found, as_of)]
        wrong = [
            pl.when(each.broken).then(
                pl.struct(
                    pl.lit(each.name).alias(RULE), pl.lit(each.column, pl.String).alias(COLUMN)
                )
            )
            for each in asked
            if each.broken is not None and self._is_error(each.name)
        ]
        first = table.frame.select(ROW, pl.coalesce(wrong).alias("first"))
        rows = collected(first.filter(pl.col("first").is_not_null()), name)
        self._take(name, rows.unnest("first"))

    def by_key(self, name: str) -> None:
        """All but the first of the rows that share their key."""
        table, key = self._table(name), TABLES[name].key
        if not key or not table.has(key):
            return
        hashes = collected(table.frame.select(h=hashed(key)), name)["h"].sort()
        twice = hashes.slice(1).filter(hashes.slice(1) == hashes.slice(0, max(hashes.len() - 1, 0)))
        alike = table.frame.filter(hashed(key).is_in(twice.unique().implode())).select(ROW, *key)
        rows = collected(alike, name).sort(ROW)
        later = rows.filter(~pl.struct(key).is_first_distinct())
        self._set_aside(name, later[ROW], "unique", key[0] if len(key) == 1 else None)

    def by_interval(self, name: str) -> None:
        """The rows that start before an earlier one of the same thing ends."""
        for each in TIMELINES:
            if each.table == name and self._is_error(each.rule):
                table = self._table(name)
                if table.has(each.columns):
                    self._set_aside(name, late_rows(table, each, ROW), each.rule, "valid_from")

    def by_circle(self) -> None:
        """The rows that name a parent, of accounts that own themselves."""
        table = self._table(ACCOUNTS) if ACCOUNTS in self._frames else None
        if table is None or not table.has(OWNERS):
            return
        circle = circling_accounts(table, self._conversion.as_of)
        named = pl.col("account_id").is_in(circle.implode())
        rows = table.frame.filter(named, pl.col("parent_account_id").is_not_null()).select(ROW)
        self._set_aside(ACCOUNTS, collected(rows, ACCOUNTS)[ROW], "parent-cycle", OWNERS[1])

    def by_rate(self) -> None:
        """The rows with an amount that lacks a rate."""
        tables = {name: self._table(name) for name in self._frames}
        missing = lacking(tables, self._conversion)
        for name, table in tables.items():
            rows = rows_without_rate(table, missing, self._conversion, ROW)
            self._set_aside(name, rows, "rate-missing", "currency")

    def _table(self, name: str) -> Checked:
        """The rows that are left, with their place."""
        frame = self._frames[name]
        if name in self.bad:
            frame = frame.join(self.bad[name].lazy().select(ROW), on=ROW, how="anti")
        whole = reliable(name, frame)
        return Checked(name, frame.select(ROW, *whole.found), whole.key)

    def _is_error(self, rule: str) -> bool:
        return self._validation.severity(rule) is Severity.ERROR

    def _set_aside(self, name: str, rows: pl.Series, rule: str, column: str | None) -> None:
        told = (
            rows.alias(ROW)
            .to_frame()
            .select(ROW, pl.lit(rule).alias(RULE), pl.lit(column, pl.String).alias(COLUMN))
        )
        self._take(name, told)

    def _take(self, name: str, rows: pl.DataFrame) -> None:
        if not rows.is_empty():
            known = self.bad.get(name, pl.DataFrame(schema=_BAD))
            self.bad[name] = pl.concat([known, rows.cast(_BAD)])


def _beside(found: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, str]:
    """The names, with underscores after those that the table has already."""
    told: dict[str, str] = {}
    for old, name in names.items():
        free = name
        while free in found:
            free += "_"
        told[old] = free
    return told
