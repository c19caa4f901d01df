"""Pandera's checks as expressions, so that one pass over a table can count what breaks each.

The models stay the one source of truth; a check that does not compile is kept for Pandera itself
to run.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl
from pandera.api.checks import Check
from pandera.polars import Column, DataFrameSchema

from engine.intake.recording import built_in, recorded

#: What Pandera's own checks are called here; a check with a name of its own keeps it.
_FAMILIES: Mapping[str, str] = {
    "isin": "enumeration",
    "notin": "enumeration",
    "equal_to": "enumeration",
    "not_equal_to": "enumeration",
    "greater_than": "range",
    "greater_than_or_equal_to": "range",
    "less_than": "range",
    "less_than_or_equal_to": "range",
    "in_range": "range",
    "str_matches": "format",
    "str_contains": "format",
    "str_startswith": "format",
    "str_endswith": "format",
    "str_length": "format",
}

#: Bytes of the longest text that is taken for a name or a code.
LONGEST = 10_000

_SIGNS: Mapping[str | None, str] = {
    "greater_than": "above",
    "greater_than_or_equal_to": "at least",
    "less_than": "below",
    "less_than_or_equal_to": "at most",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that every row of a table must keep to.

    Attributes:
        name: ``nulls``, ``enumeration``, ``range``, ``format``, or the check's own name.
        column: The one column it is about; None for a rule between columns.
        meaning: What holds for a good row, in words.
        columns: What it reads.
        broken: Whether a row breaks it, never null; None if only Pandera can tell.
        check: The check it comes from; None for ``nulls``.
    """

    name: str
    column: str | None
    meaning: str
    columns: tuple[str, ...]
    broken: pl.Expr | None
    check: Check | None = None


def rules(schema: DataFrameSchema, found: Mapping[str, pl.DataType]) -> tuple[Rule, ...]:
    """The rules of a schema that read none but the columns found, column by column, then rows'.

    Uniqueness is not among them: it is between rows.
    """
    single = [
        rule
        for name, column in schema.columns.items()
        if name in found
        for rule in _column_rules(name, column, found[name])
    ]
    checks = cast("Sequence[Check]", schema.checks or ())
    between = [_rule(check, None, tuple(schema.columns)) for check in checks]
    return (*single, *(each for each in between if found.keys() >= set(each.columns)))


def _column_rules(name: str, column: Column, dtype: pl.DataType) -> Sequence[Rule]:
    checks = cast("Sequence[Check]", column.checks)
    own = [_rule(check, name, (name,)) for check in checks]
    if dtype == pl.String:
        own.append(_short_enough(name))
    return own if column.nullable else [_no_nulls(name, dtype), *own]


def _no_nulls(name: str, dtype: pl.DataType) -> Rule:
    """Pandera takes NaN for null in a column of floats; so do we."""
    values = pl.col(name)
    is_nothing = values.is_null()
    if dtype.is_float():
        is_nothing = is_nothing | values.is_nan().fill_null(False)
    return Rule("nulls", name, f"{name} has a value in every row", (name,), is_nothing)


def _short_enough(name: str) -> Rule:
    """No name or code is that long; what is would fill memory wherever it is grouped by."""
    is_long = (pl.col(name).str.len_bytes() > LONGEST).fill_null(False)
    return Rule("too-long", name, f"{name} has at most {LONGEST:,} bytes", (name,), is_long)


def _rule(check: Check, column: str | None, columns: tuple[str, ...]) -> Rule:
    """The check as a rule that reads ``columns``, or of these what its expression names."""
    right = recorded(check, column or "*")
    name = check.name or "check"
    if name == built_in(check):
        name = _FAMILIES.get(name, name)
    meaning = _meaning(check, column)
    if right is None:
        return Rule(name, column, meaning, columns, None, check)
    read = tuple(dict.fromkeys(right.meta.root_names()))
    # Pandera lets a null outcome pass unless the check says otherwise.
    return Rule(name, column, meaning, read, ~right.fill_null(check.ignore_na), check)


def _meaning(check: Check, column: str | None) -> str:
    """The check's own words; for one of Pandera's, what it allows."""
    if check.description:
        return " ".join(check.description.split()).removesuffix(".")
    allowed = cast("Mapping[str, object]", check.statistics)
    kind = built_in(check)
    if kind == "isin":
        words = cast("Collection[object]", allowed["allowed_values"])
        return f"{column} is one of " + ", ".join(str(word) for word in words)
    if kind in _SIGNS:
        return f"{column} is {_SIGNS[kind]} {next(iter(allowed.values()))}"
    return f"{column or 'row'}: {check.error or check.name}"
