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

#: Words that are compared one by one.
_FEW = 8

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
        breaches: How many rows break it, where that is told in a cheaper way than by ``broken``.
    """

    name: str
    column: str | None
    meaning: str
    columns: tuple[str, ...]
    broken: pl.Expr | None
    check: Check | None = None
    breaches: pl.Expr | None = None

    @property
    def count(self) -> pl.Expr:
        """How many rows break it; null counts as kept. Only for a rule that has ``broken``."""
        return cast("pl.Expr", self.broken).sum() if self.breaches is None else self.breaches


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
    is_nothing, count = values.is_null(), values.null_count()
    if dtype.is_float():
        is_nothing = is_nothing | values.is_nan().fill_null(False)
        count = count + values.is_nan().sum()
    meaning = f"{name} has a value in every row"
    return Rule("nulls", name, meaning, (name,), is_nothing, breaches=count)


def _short_enough(name: str) -> Rule:
    """No name or code is that long; what is would fill memory wherever it is grouped by."""
    is_long = pl.col(name).str.len_bytes() > LONGEST
    meaning = f"{name} has at most {LONGEST:,} bytes"
    return Rule(
        "too-long", name, meaning, (name,), is_long.fill_null(False), breaches=is_long.sum()
    )


def _rule(check: Check, column: str | None, columns: tuple[str, ...]) -> Rule:
    """The check as a rule that reads ``columns``, or of these what its expression names."""
    few = _one_of_few(check, column)
    right = recorded(check, column or "*") if few is None else few
    name = check.name or "check"
    if name == built_in(check):
        name = _FAMILIES.get(name, name)
    meaning = _meaning(check, column)
    if right is None:
        return Rule(name, column, meaning, columns, None, check)
    read = tuple(dict.fromkeys(right.meta.root_names()))
    # Pandera lets a null outcome pass unless the check says otherwise; so does a sum.
    broken = ~right.fill_null(check.ignore_na)
    breaches = (~right).sum() if check.ignore_na else None
    return Rule(name, column, meaning, read, broken, check, breaches)


def _one_of_few(check: Check, column: str | None) -> pl.Expr | None:
    """Words compared one by one, at a third of what looking them up costs, in a settled order."""
    if column is None or built_in(check) != "isin":
        return None
    words = sorted(cast("Collection[object]", check.statistics["allowed_values"]), key=str)
    if not 0 < len(words) <= _FEW or not all(isinstance(word, str) for word in words):
        return None
    return pl.any_horizontal(pl.col(column) == pl.lit(word) for word in words)


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
