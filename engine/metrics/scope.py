"""One value of some dimensions, as the whole of a pack."""

import json
from collections.abc import Mapping
from typing import TypeVar

import polars as pl

from engine.metrics.numbers import group_text

Value = TypeVar("Value")

#: Dimension → the value that everything is within; empty for the whole company.
Scope = Mapping[str, str]


def within(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rows of that value, without the scope in their groups.

    Takes rows of ``numbers.SCHEMA`` whose groups start with the dimensions of the scope.
    """
    if not scope:
        return rows
    start = group_text(scope)[:-1]
    text = pl.col("group")
    kept = rows.filter((text == f"{start}}}") | text.str.starts_with(f"{start},"))
    rest = text.str.slice(len(start)).str.strip_prefix(",")
    dimensions = pl.col("by").str.split(",").list.slice(len(scope)).list.join(",")
    return kept.with_columns((pl.lit("{") + rest).alias("group"), dimensions.alias("by"))


def inside(groups: Mapping[str, Value], scope: Scope) -> dict[str, Value]:
    """The same of a mapping by group (JSON text)."""
    found: dict[str, Value] = {}
    for text, value in groups.items():
        labels: dict[str, str] = json.loads(text)
        if all(labels.get(name) == wanted for name, wanted in scope.items()):
            rest = {name: label for name, label in labels.items() if name not in scope}
            found[group_text(rest)] = value
    return found
