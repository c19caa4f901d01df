"""How many rows break each rule, in one pass, and a few of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl
from pandera.constants import CHECK_OUTPUT_KEY

from engine.intake.checked import Checked
from engine.intake.far_days import named
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import LONGEST, example
from engine.intake.read import collected
from engine.intake.rules import Rule


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
        measures: Aggregations over the table or a part of it, each to one value; the greatest
            over all parts is the table's.

    Raises:
        UnreadableError: A file is damaged inside.
    """
    compiled = [each for each in rules if each.broken is not None]
    counts = _counts(table, compiled, measures or {})
    broken = [(rule, counts[str(n)]) for n, rule in enumerate(compiled) if counts[str(n)].sum()]
    examples = _examples(table, broken)
    findings = [
        Finding(table.name, rule.name, rule.column, int(by_part.sum()), rows_shown, rule.meaning)
        for (rule, by_part), rows_shown in zip(broken, examples, strict=True)
    ]
    asked = (_asked(table, each) for each in rules if each.broken is None)
    told = (*findings, *(each for each in asked if each is not None))
    values: dict[str, object] = {name: counts[f"{name} "].max() for name in measures or {}}
    return Counted(int(counts["rows"].sum()), told, values)


def shown(table: Checked, columns: Sequence[str]) -> list[pl.Expr]:
    """The table's key and the columns as texts for examples, cut before they are held.

    As texts, because Python has no dates before year 1 or after 9999, and a file may.
    """
    names, found = dict.fromkeys((*table.key, *columns)), table.found
    return [
        named(pl.col(name)).alias(name)
        if found[name] == pl.Date
        else pl.col(name).cast(pl.String).str.head(2 * LONGEST)
        for name in names
    ]


def _counts(table: Checked, rules: Sequence[Rule], measures: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """One row a part: ``rows``, breaches by the rule's number, measures with a blank behind.

    Columns without a rule are decoded too, so that damage shows.
    """
    sums = [rule.count.cast(pl.Int64).alias(str(n)) for n, rule in enumerate(rules)]
    sought = [each.alias(f"{name} ") for name, each in measures.items()]
    decoded = pl.sum_horizontal(pl.all().null_count()).alias("nulls")
    rows = pl.len().cast(pl.Int64).alias("rows")
    return table.added("rules", lambda frame: frame.select(rows, *sums, *sought, decoded))


def _examples(table: Checked, broken: Sequence[tuple[Rule, pl.Series]]) -> list[tuple[str, ...]]:
    """A few rows that break each rule, looked for in parts that have any."""
    plans = [
        pl.concat(_parts_with(table, by_part))
        .filter(cast("pl.Expr", rule.broken))
        .select(shown(table, rule.columns))
        .head(EXAMPLES)
        for rule, by_part in broken
    ]
    frames = pl.collect_all(plans, engine="streaming")
    return [tuple(example(row, table.key) for row in frame.to_dicts()) for frame in frames]


def _parts_with(table: Checked, breaches: pl.Series) -> list[pl.LazyFrame]:
    if not table.parts:
        return [table.frame]
    found = zip(table.parts, breaches, strict=True)
    return [part.frame for part, count in found if count][:EXAMPLES]


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
