"""The cohort table as rows of the tidy long table, a row a figure."""

from types import MappingProxyType

import polars as pl

from engine.metrics.cohorts import averages
from engine.metrics.model import Unit
from engine.metrics.numbers import SCHEMA
from engine.period import Period

#: Columns of a cohort table, by the unit that they have as metrics called ``cohort_…``.
UNITS = MappingProxyType(
    {
        "acquired": Unit.COUNT,
        "active": Unit.COUNT,
        "mrr": Unit.MONEY,
        "arpa": Unit.MONEY_PER_MONTH,
        "arpu": Unit.MONEY_PER_MONTH,
        "mrr_per_acquired": Unit.MONEY_PER_MONTH,
        "logo_retention": Unit.RATIO,
        "revenue_retention": Unit.RATIO,
    }
)
_NOTHING = "nothing to divide by at this age"


def cohort_rows(table: pl.DataFrame, period: Period) -> pl.DataFrame:
    """A row per cohort, group, age and figure; retentions over all cohorts by age alone.

    Args:
        table: A cohort table at the period's end, with ``by``, the dimensions of its groups.
        period: The period that the rows are of.
    """
    whole = table.filter(pl.col("by") == "")
    return pl.concat([_long(frame, period) for frame in (table, _averaged(whole))])


def _averaged(table: pl.DataFrame) -> pl.DataFrame:
    """Averages over all cohorts, shaped as the table, without a cohort."""
    whole = averages(table)
    blank = {"cohort": pl.lit(None, pl.String), "group": pl.lit("{}"), "by": pl.lit("")}
    return whole.with_columns(**blank)


def _long(table: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The figures of the table below one another."""
    figures = [name for name in UNITS if name in table.columns]
    rows = table.unpivot(figures, index=["cohort", "group", "by", "age"], variable_name="figure")
    value = pl.col("value").cast(pl.Float64)
    units = {name: unit.value for name, unit in UNITS.items()}
    return rows.select(
        ("cohort_" + pl.col("figure")).alias("metric"),
        pl.lit(period.label).alias("period"),
        _dimensions().alias("by"),
        _group().alias("group"),
        value.alias("numerator"),
        pl.lit(None, pl.Float64).alias("denominator"),
        value,
        pl.col("figure").replace_strict(units).alias("unit"),
        pl.when(value.is_null()).then(pl.lit(_NOTHING)).alias("reason"),
    ).match_to_schema(SCHEMA)


def _dimensions() -> pl.Expr:
    own = pl.when(pl.col("cohort").is_null()).then(pl.lit("age")).otherwise(pl.lit("cohort,age"))
    return pl.when(pl.col("by") == "").then(own).otherwise(own + "," + pl.col("by"))


def _group() -> pl.Expr:
    """Cohort and age before the group's own labels; labels of cohorts need no escape in JSON."""
    age = pl.format('"age":"{}"', pl.col("age"))
    cohort = pl.format('"cohort":"{}",', pl.col("cohort")).fill_null("")
    rest = pl.col("group").str.slice(1)
    comma = pl.when(rest == "}").then(pl.lit("")).otherwise(pl.lit(","))
    return pl.lit("{") + cohort + age + comma + rest
