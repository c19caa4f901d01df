"""The one pass finds what Pandera's own validation finds, row for row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.api.checks import Check
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors
from pandera.polars import DataFrameSchema

from engine.intake.checked import Checked
from engine.intake.counting import counted
from engine.intake.keys import repeated_keys
from engine.intake.rules import rules
from schemas.canonical import TABLES, Column, Table

#: Few values of each type, so that keys repeat, dates meet and most enumerations have some right.
WORDS = [
    *("a", "b", "", "active", "cancelled", "month", "seat", "recurring", "charge", "credit"),
    *("refund", "new", "USD", "usd", "XXX", "2026Q2", "2026-13", "nul\x00", "../../x"),
]
VALUES: Mapping[type[pl.DataType], st.SearchStrategy[object]] = {
    pl.String: st.sampled_from(WORDS),
    pl.Int64: st.sampled_from([-(2**63), -1, 0, 1, 5, 2**63 - 1]),
    pl.Float64: st.sampled_from([float("nan"), float("inf"), -float("inf"), -1.0, 0.0, 1.1]),
    pl.Date: st.sampled_from(
        [date.min, date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 1), date.max]
    ),
    pl.Boolean: st.booleans(),
}

#: What Pandera calls the two that are not checks of a model.
PANDERA = {
    "not_nullable": "nulls",
    "field_uniqueness": "unique",
    "multiple_fields_uniqueness": "unique",
}
FAMILIES = {"isin": "enumeration", "greater_than": "range", "greater_than_or_equal_to": "range"}
FAMILIES |= {"str_matches": "format", "less_than_or_equal_to": "range"}


def cells(column: Column) -> st.SearchStrategy[object]:
    return st.none() | VALUES[type(column.dtype)]


@st.composite
def frames(draw: st.DrawFn, table: Table) -> pl.DataFrame:
    """Up to eight rows of the table, nearly all bad."""
    height = draw(st.integers(0, 8))
    some = {
        each.name: draw(st.lists(cells(each), min_size=height, max_size=height))
        for each in table.columns
    }
    return pl.DataFrame(some, schema={each.name: each.dtype for each in table.columns})


def ours(table: Table, frame: pl.DataFrame) -> Counter[tuple[str, str | None]]:
    checked = Checked(table.name, frame.lazy(), table.key)
    seen = counted(checked, rules(table.schema, frame.schema))
    assert seen.rows == frame.height
    repeated = repeated_keys(checked) if table.key else None
    found = [*seen.findings, repeated] if repeated else seen.findings
    return summed(((each.rule, each.column), each.rows) for each in found)


def summed(
    found: Iterable[tuple[tuple[str, str | None], int]],
) -> Counter[tuple[str, str | None]]:
    """Rows by rule and column; a range has two ends, each a rule of its own."""
    rows: Counter[tuple[str, str | None]] = Counter()
    for rule, count in found:
        rows[rule] += count
    return rows


def panderas(table: Table, frame: pl.DataFrame) -> Counter[tuple[str, str | None]]:
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            table.schema.validate(frame.lazy(), lazy=True)
        except SchemaErrors as errors:
            return summed(told(each) for each in errors.schema_errors)
    return Counter()


def told(error: SchemaError) -> tuple[tuple[str, str | None], int]:
    """Rule, column and rows of one of Pandera's errors."""
    check = error.check
    name = (check.name if isinstance(check, Check) else str(check)) or ""
    is_of_rows = isinstance(error.schema, DataFrameSchema)
    column = None if is_of_rows else error.schema.name
    return (PANDERA.get(name) or FAMILIES.get(name, name), column), error.failure_cases.height


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_rule_is_broken_by_as_many_rows_as_pandera_says(table: Table) -> None:
    @settings(max_examples=25, deadline=None)
    @given(frames(table))
    def agree(frame: pl.DataFrame) -> None:
        assert ours(table, frame) == panderas(table, frame)

    agree()
