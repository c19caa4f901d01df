"""Pandera's checks compile into expressions that mean the same."""

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest
from pandera.api.polars.types import PolarsData

from engine.intake.checked import Checked
from engine.intake.counting import counted, shown
from engine.intake.findings import Finding
from engine.intake.rules import Rule, rules
from schemas.canonical import TABLES, Table


def compiled(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> tuple[Rule, ...]:
    return rules(schema, frame.schema)


def findings(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> tuple[Finding, ...]:
    table = Checked("t", frame.lazy(), ())
    return counted(table, compiled(schema, frame)).findings


def one_column(*checks: pa.Check, **options: object) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({"x": pa.Column(checks=list(checks), **options)})


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_canonical_check_compiles(table: Table) -> None:
    found = {each.name: each.dtype for each in table.columns}
    left = [each.name for each in rules(table.schema, found) if each.broken is None]
    assert left == []


@pytest.mark.parametrize(
    ("check", "values", "broken"),
    [
        (pa.Check.ge(0), [-1, 0, 1], 1),
        (pa.Check.gt(0), [-1, 0, 1], 2),
        (pa.Check.le(0), [-1, 0, 1], 1),
        (pa.Check.lt(0), [-1, 0, 1], 2),
        (pa.Check.eq(0), [-1, 0, 1], 2),
        (pa.Check.ne(0), [-1, 0, 1], 1),
        (pa.Check.in_range(0, 1), [-1, 0, 1], 1),
        (pa.Check.isin([0, 1]), [-1, 0, 1], 1),
        (pa.Check.notin([0, 1]), [-1, 0, 1], 2),
        (pa.Check.str_matches("a"), ["ab", "ba"], 1),
        (pa.Check.str_contains("c"), ["ab", "ba"], 2),
        (pa.Check.str_startswith("a"), ["ab", "ba"], 1),
        (pa.Check.str_endswith("a"), ["ab", "ba"], 1),
        (pa.Check.str_length(1, 2), ["ab", "abc"], 1),
        (pa.Check(lambda data: data.lazyframe.select(pl.col(data.key) > 0)), [0, 1], 1),
        (pa.Check.ge(0, name="my own"), [-1, 0], 1),
    ],
)
def test_a_check_of_one_column_compiles(check: pa.Check, values: list, broken: int) -> None:
    schema, frame = one_column(check, nullable=True), pl.DataFrame({"x": values})
    own = [each for each in compiled(schema, frame) if each.check is not None]
    assert [each.broken is None for each in own] == [False]
    assert [each.rows for each in findings(schema, frame)] == [broken]


def test_a_text_longer_than_any_name_is_told() -> None:
    frame = pl.DataFrame({"x": ["a" * 10_000, "ä" * 5_001, None]})
    found = findings(one_column(nullable=True), frame)
    assert [(each.rule, each.rows) for each in found] == [("too-long", 1)]


def test_a_null_passes_every_check_but_that_for_nulls() -> None:
    frame = pl.DataFrame({"x": [None, 1]})
    assert [(each.rule, each.rows) for each in findings(one_column(pa.Check.gt(0)), frame)] == [
        ("nulls", 1)
    ]


def test_a_null_fails_a_check_that_says_so() -> None:
    schema = one_column(pa.Check.gt(0, ignore_na=False), nullable=True)
    assert [each.rows for each in findings(schema, pl.DataFrame({"x": [None, 1]}))] == [1]


def test_nan_counts_as_null_in_a_column_that_must_have_values() -> None:
    frame = pl.DataFrame({"x": [float("nan"), None, float("inf"), 1.0]})
    assert [(each.rule, each.rows) for each in findings(one_column(), frame)] == [("nulls", 2)]


def test_a_check_named_like_one_of_panderas_stays_itself() -> None:
    """By its own name Pandera would run its built-in in its place."""

    class Model(pa.DataFrameModel):
        x: pl.Int64

        @pa.check("x", name="isin")
        def isin(cls, data: PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(pl.col(data.key) > 0)

    frame = pl.DataFrame({"x": [0, 1]})
    assert [each.rows for each in findings(Model.to_schema(), frame)] == [1]


@pytest.mark.parametrize(
    "check",
    [
        pa.Check(lambda value: value > 0, element_wise=True, name="by hand"),
        pa.Check(
            lambda data: data.lazyframe.with_columns(y=pl.col("x") > 0).select("y"), name="by hand"
        ),
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("x") > 0, (pl.col("x") > 0).alias("y")),
            name="by hand",
        ),
    ],
)
def test_a_check_that_does_not_compile_is_run_by_pandera(check: pa.Check) -> None:
    schema, frame = one_column(check), pl.DataFrame({"x": [-1, 0, 1, 2]})
    assert any(each.broken is None for each in compiled(schema, frame))
    assert findings(schema, frame) == (
        Finding("t", "by hand", "x", 2, ("x=-1", "x=0"), "x: by hand"),
    )


def test_what_a_check_selects_and_then_drops_is_no_rule() -> None:
    def passes(data: PolarsData) -> bool:
        data.lazyframe.select(pl.col(data.key) > 0)
        return True

    assert findings(one_column(pa.Check(passes)), pl.DataFrame({"x": [0]})) == ()


def test_a_check_of_a_whole_column_is_run_by_pandera() -> None:
    """It tells no rows apart, so it counts as one."""
    schema = one_column(pa.Check.unique_values_eq([1, 2]))
    frame = pl.DataFrame({"x": [1, 1]})
    assert [(each.column, each.rows, each.examples) for each in findings(schema, frame)] == [
        ("x", 1, ())
    ]


def test_a_check_between_columns_waits_for_all_of_them() -> None:
    """A column that is missing or of the wrong type is told on its own."""
    table = TABLES["billing/subscription_items"]
    found = {each.name: each.dtype for each in table.columns if each.name != "amount"}
    names = {each.name for each in rules(table.schema, found)}
    assert "discount-within-amount" not in names
    assert "interval-ordered" in names


@pytest.mark.parametrize(
    ("check", "meaning"),
    [
        (pa.Check.ge(0), "x is at least 0"),
        (pa.Check.gt(0), "x is above 0"),
        (pa.Check.isin(["a", "b"]), "x is one of a, b"),
        (pa.Check.ge(0, description="Of its own.\n   Twice."), "Of its own. Twice"),
        (pa.Check.str_length(1, 2), "x: str_length(1, 2)"),
    ],
)
def test_a_rule_says_what_holds(check: pa.Check, meaning: str) -> None:
    (rule,) = compiled(one_column(check, nullable=True), pl.DataFrame({"x": [1]}))
    assert rule.meaning == meaning


def test_examples_name_the_key_and_the_columns_of_the_rule_and_are_three_at_most() -> None:
    table = TABLES["crm/opportunities"]
    row = {each.name: None for each in table.columns}
    rows = [row | {"opportunity_id": f"O{n}", "is_won": True, "is_closed": False} for n in range(9)]
    frame = pl.DataFrame(rows, schema={each.name: each.dtype for each in table.columns})
    found = counted(
        Checked(table.name, frame.lazy(), table.key), rules(table.schema, frame.schema)
    ).findings
    won = next(each for each in found if each.rule == "won-is-closed")
    assert (won.rows, won.column) == (9, None)
    assert won.examples == tuple(
        f"opportunity_id=O{n}: is_won=true, is_closed=false" for n in range(3)
    )


def test_a_value_of_many_megabytes_is_cut_before_it_is_held() -> None:
    frame = pl.DataFrame({"x": ["y" * 50_000_000]})
    table = Checked("t", frame.lazy(), ())
    assert table.frame.select(shown(table, ["x"])).collect()["x"].str.len_chars().item() < 200


def test_dates_that_python_does_not_know_can_be_told() -> None:
    days = pl.Series("x", [-719_529, 10_000_000], dtype=pl.Int32).cast(pl.Date)
    (finding,) = findings(one_column(pa.Check.isin([date(2026, 1, 1)])), days.to_frame())
    assert finding.examples == ("x=-0001-12-31", "x=+29349-01-26")
