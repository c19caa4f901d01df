"""How many rows break each rule, in one pass, and a few of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl
from pandera.constants import CHECK_OUTPUT_KEY

from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import LONGEST, example
from engine.intake.read import collected
from engine.intake.rules import Rule


@dataclass(frozen=True, slots=True)
class Checked:
    """A table's canonical scan (without columns of the wrong type) and how its rows are named."""

    name: str
    frame: pl.LazyFrame
    key: tuple[str, ...]

    @property
    def found(self) -> Mapping[str, pl.DataType]:
        """Its columns and types."""
        return self.frame.collect_schema()

    def has(self, columns: Iterable[str]) -> bool:
        """Whether it has all of these."""
        return self.found.keys() >= set(columns)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one pass over a table found.

    Attributes:
        rows: How many there are.
        findings: One per rule that some rows break.
        measures: What was asked to be measured on the way, by its name.
    """

    rows: int
    findings: tuple[Finding, ...]
    measures: Mapping[str, object]


def counted(
    table: Checked, rules: Sequence[Rule], measures: Mapping[str, pl.Expr] | None = None
) -> Counted:
    """The rows of a table and how many of them break each rule.

    One pass decodes each column once, whatever the number of rules; each broken rule is scanned
    for once more, until its examples are found. Memory does not grow with rows or breaches.

    Args:
        measures: Aggregations over the table, each to one value.

    Raises:
        UnreadableError: A file is damaged inside.
    """
    compiled = [each for each in rules if each.broken is not None]
    rows, counts, values = _counts(table, compiled, measures or {})
    broken = [(rule, count) for rule, count in zip(compiled, counts, strict=True) if count]
    examples = _examples(table, [rule for rule, _ in broken])
    findings = [
        Finding(table.name, rule.name, rule.column, count, rows_shown, rule.meaning)
        for (rule, count), rows_shown in zip(broken, examples, strict=True)
    ]
    asked = (_asked(table, each) for each in rules if each.broken is None)
    told = (*findings, *(each for each in asked if each is not None))
    return Counted(rows, told, values)


def shown(table: Checked, columns: Sequence[str]) -> list[pl.Expr]:
    """The table's key and the columns as texts for examples, cut before they are held.

    As texts, because Python has no dates before year 1 or after 9999, and a file may.
    """
    names = dict.fromkeys((*table.key, *columns))
    return [pl.col(name).cast(pl.String).str.head(2 * LONGEST) for name in names]


def _counts(
    table: Checked, rules: Sequence[Rule], measures: Mapping[str, pl.Expr]
) -> tuple[int, Sequence[int], Mapping[str, object]]:
    """Rows, breaches by rule, measures. Columns without a rule are decoded too: damage shows."""
    sums = [cast("pl.Expr", rule.broken).sum().alias(f"{n} ") for n, rule in enumerate(rules)]
    sought = [each.alias(f"{name}  ") for name, each in measures.items()]
    decoded = pl.all().null_count()
    asked = table.frame.select(pl.len().alias(" rows"), *sums, *sought, decoded)
    row = collected(asked, table.name).row(0)
    last = 1 + len(rules)
    return row[0], row[1:last], dict(zip(measures, row[last:], strict=False))


def _examples(table: Checked, rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    plans = [
        table.frame.filter(cast("pl.Expr", rule.broken))
        .select(shown(table, rule.columns))
        .head(EXAMPLES)
        for rule in rules
    ]
    frames = pl.collect_all(plans, engine="streaming")
    return [tuple(example(row, table.key) for row in frame.to_dicts()) for frame in frames]


def _asked(table: Checked, rule: Rule) -> Finding | None:
    """What Pandera itself finds of a check that did not compile, on the columns it is about."""
    if rule.check is None:
        return None
    result = rule.check(table.frame.select(rule.columns), rule.column)
    is_right = cast("pl.LazyFrame", result.check_output)
    count = collected(is_right.select((~pl.col(CHECK_OUTPUT_KEY)).sum()), table.name).item()
    if not count:
        return None
    cases = cast("pl.LazyFrame | None", result.failure_cases)
    rows = [] if cases is None else cases.select(rule.columns).head(EXAMPLES).collect().to_dicts()
    rows_shown = tuple(example(row, ()) for row in rows)
    return Finding(table.name, rule.name, rule.column, count, rows_shown, rule.meaning)
