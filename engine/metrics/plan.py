"""Plan figures as rows of the tidy long table."""

from collections.abc import Collection

import polars as pl

from engine.metrics.definitions import DEFINITIONS
from engine.metrics.model import Unit
from engine.metrics.numbers import SCHEMA, group_text
from engine.metrics.scope import Scope

#: Group of every row, besides the scope's own labels.
PLAN = {"scenario": "plan"}


def plan_rows(targets: pl.LazyFrame | None, periods: Collection[str], scope: Scope) -> pl.DataFrame:
    """A row per period and metric that is planned for exactly the scope, and nothing within it.

    Targets are matched by their labels: one of a region is the plan of that region's pack.
    """
    if targets is None:
        return pl.DataFrame(schema=SCHEMA)
    found = _planned(targets, scope).filter(pl.col("period").is_in(list(periods))).collect()
    rows = [
        (name, period, "scenario", group_text(PLAN), value, None, value, _unit(name), None)
        for period, name, value in found.select("period", "metric", "value").iter_rows()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _planned(targets: pl.LazyFrame, scope: Scope) -> pl.LazyFrame:
    """``period``, ``metric``, ``value`` of rows with the labels of the scope and no others."""
    named = [name for name in targets.collect_schema() if name not in {"period", "metric", "value"}]
    if not scope.keys() <= set(named):
        return targets.clear()
    return targets.filter(
        pl.col(name).cast(pl.String) == scope[name] if name in scope else pl.col(name).is_null()
        for name in named
    ).select(pl.col("period").str.to_uppercase(), "metric", "value")


def _unit(metric: str) -> str:
    """The metric's unit; what has no definition here (``new_arr``) is money."""
    return (DEFINITIONS[metric].unit if metric in DEFINITIONS else Unit.MONEY).value
