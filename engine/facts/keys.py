"""What a dimension's column is called inside facts, where nothing else can have its name.

An export may call a column ``value``, ``change`` or ``churn``; facts and sheets have columns of
those names. So every dimension is copied under a name that none of them has, except those that
the engine itself looks at.
"""

from collections.abc import Collection, Iterable
from typing import TypeVar

import polars as pl

from engine.errors import UsageError, nearest
from engine.facts.derived import DERIVED

#: How labels and account ids are held inside facts: as numbers, sorted as the text that they are.
LABEL = pl.Categorical()

#: Keeps the numbers of labels as they are while there is no column of them.
_HELD_LABELS = pl.Series([""], dtype=LABEL)

_KNOWN = DERIVED | {"account_id", "product"}
_MARK = "by "
_HELD = ("account_id", "product")

_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)
_Table = TypeVar("_Table", pl.LazyFrame, pl.LazyFrame | None)


def keys(dimensions: Iterable[str]) -> tuple[str, ...]:
    """The columns inside facts that hold those dimensions."""
    return tuple(name if name in _KNOWN else f"{_MARK}{name}" for name in dimensions)


def spoken(columns: Iterable[str]) -> tuple[str, ...]:
    """The dimensions that those columns hold, as they were asked for."""
    return tuple(name.removeprefix(_MARK) for name in columns)


def with_keys(table: _Table, dimensions: Collection[str]) -> _Table:
    """The table, if there is one, with the columns that hold those dimensions that it has."""
    if table is None:
        return table
    found = table.collect_schema()
    own = [name for name in dict.fromkeys((*_HELD, *dimensions)) if name in found]
    return table.with_columns(
        pl.col(name).cast(LABEL if found[name] == pl.String else found[name]).alias(key)
        for name, key in zip(own, keys(own), strict=True)
    )


def as_text(frame: _Frame, by: Iterable[str]) -> _Frame:
    """The frame with the columns ``by`` as text."""
    return frame.with_columns(pl.col(name).cast(pl.String) for name in by)


def dimensions_of(tables: Iterable[pl.LazyFrame]) -> frozenset[str]:
    """Names that some table has a column of, and those that the engine derives."""
    return DERIVED.union(*(table.collect_schema() for table in tables))


def require_dimension(tables: Iterable[pl.LazyFrame], name: str) -> None:
    """UsageError where none of the tables has that column, or it holds no plain values."""
    schemas = [table.collect_schema() for table in tables]
    if name not in (known := DERIVED.union(*schemas)):
        raise UsageError(
            "dimension",
            f"nothing in the snapshot is called `{name[:40]}`",
            hint=nearest(name, known),
        )
    for kind in (schema[name] for schema in schemas if name in schema):
        if kind.is_nested() or kind == pl.Binary:
            raise UsageError(
                "dimension",
                f"`{name[:40]}` is {str(kind)[:40]}, which names no groups",
                hint="export it as text, a number or a date",
            )
