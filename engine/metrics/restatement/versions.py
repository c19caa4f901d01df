"""One table before and after, row by row: what was removed, amended and booked late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from schemas.canonical import TABLES

#: Tables whose rows are followed by their keys, and the source that each is.
KEYED: Mapping[str, str] = {
    "billing/subscription_items": "subscription_items",
    "billing/invoice_lines": "invoice_lines",
    "crm/opportunities": "opportunities",
}

#: What tells a row from others where identifiers are numbered anew, and when it begins.
_NATURAL: Mapping[str, tuple[str, ...]] = {
    "billing/subscription_items": (
        "account_id", "subscription_id", "product", "plan", "billing_unit", "valid_from",
    ),
    "billing/invoice_lines": (
        "account_id", "product", "plan", "charge_type", "entry_type",
        "invoiced_on", "service_from", "service_to",
    ),
    "crm/opportunities": ("account_id", "kind", "created_on"),
}  # fmt: skip
_BEGINS: Mapping[str, pl.Expr] = {
    "billing/subscription_items": pl.col("valid_from"),
    "billing/invoice_lines": pl.coalesce("service_from", "invoiced_on"),
    "crm/opportunities": pl.col("created_on"),
}

_OCCURRENCE = "occurrence of equal rows"

#: Identifiers are taken to be numbered anew where at most this share of them is found again.
_FOUND_AGAIN = 0.1


@dataclass(frozen=True, slots=True)
class Versions:
    """The table at both ends and between: without what was removed, and then amended.

    Attributes:
        all_rows: How many rows were removed, amended and late, whenever they begin.
        told: The same of rows that begin by the period's end, an end after it left aside.
    """

    before: pl.LazyFrame | None
    kept: pl.LazyFrame | None
    amended: pl.LazyFrame | None
    after: pl.LazyFrame | None
    all_rows: Mapping[str, int]
    told: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        before: pl.LazyFrame | None,
        after: pl.LazyFrame | None,
        until: date,
        *,
        is_same: bool,
    ) -> Self:
        """The table called ``name``, which has the same columns at both ends.

        Args:
            is_same: Both are the same bytes.
        """
        if is_same:
            return cls(before, before, before, after, {}, {})
        if before is None or after is None:
            return cls._of_one(before, after)
        key, notes = TABLES[name].key, ()
        if _is_numbered_anew(name, before, after):
            before, after = (_numbered(name, each) for each in (before, after))
            key = (*_NATURAL[name], _OCCURRENCE)
            notes = (_numbered_note(name),)
        kept, amended = _meeting(before, after, key), _meeting(after, before, key)
        every = _counts(before, after, key, TABLES[name].key)
        cut = (begun(before, _BEGINS[name], until), begun(after, _BEGINS[name], until))
        told = _counts(*cut, key, TABLES[name].key)
        return cls(before, kept, amended, after, every, told, notes)

    @classmethod
    def _of_one(cls, before: pl.LazyFrame | None, after: pl.LazyFrame | None) -> Self:
        """The table where at least one end was exported without it."""
        if after is not None:
            return cls(None, None, None, after, {"late": 1}, {"late": _height(after)})
        if before is not None:
            return cls(before, None, None, None, {"removed": 1}, {"removed": _height(before)})
        return cls(None, None, None, None, {}, {})

    def has(self, cause: str) -> bool:
        """Whether any row moved for that cause."""
        return self.all_rows.get(cause, 0) > 0

    def rows(self, cause: str) -> int:
        """How many rows that begin by the period's end moved for that cause."""
        return self.told.get(cause, 0)

    def at(self, cause: str) -> pl.LazyFrame | None:
        """The table after that cause."""
        return {"removed": self.kept, "amended": self.amended, "late": self.after}[cause]


def aligned(before: pl.LazyFrame, after: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Both with the columns of either, absent ones null; of two types of one, text."""
    old, new = before.collect_schema(), after.collect_schema()
    columns = [name for name in dict.fromkeys((*old, *new)) if _can_meet(old, new, name)]
    return (
        before.select(_column(name, old, new) for name in columns),
        after.select(_column(name, new, old) for name in columns),
    )


def _can_meet(old: pl.Schema, new: pl.Schema, name: str) -> bool:
    kinds = [schema[name] for schema in (old, new) if name in schema]
    return len(set(kinds)) == 1 or not any(each.is_nested() or each == pl.Binary for each in kinds)


def _column(name: str, own: pl.Schema, other: pl.Schema) -> pl.Expr:
    if name not in own:
        return pl.lit(None, other[name]).alias(name)
    if name in other and own[name] != other[name]:
        return pl.col(name).cast(pl.String)
    return pl.col(name)


def _meeting(rows: pl.LazyFrame, others: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """Those of the rows whose key is among the others'."""
    return rows.join(others, on=list(key), how="semi", nulls_equal=True)


def _counts(
    before: pl.LazyFrame, after: pl.LazyFrame, key: Sequence[str], identifier: Sequence[str]
) -> Mapping[str, int]:
    """Rows removed, amended and late.

    Args:
        identifier: Columns that alone make no row an amended one unless they are its key.
    """
    columns = before.collect_schema().names()
    content = [name for name in columns if name in key or name not in identifier]
    held = _meeting(before, after, key)
    frames = {
        "removed": before.join(after, on=list(key), how="anti", nulls_equal=True),
        "amended": held.join(after, on=content, how="anti", nulls_equal=True),
        "late": after.join(before, on=list(key), how="anti", nulls_equal=True),
    }
    heights = pl.collect_all([each.select(pl.len()) for each in frames.values()])
    return {name: each.item() for name, each in zip(frames, heights, strict=True)}


def begun(rows: pl.LazyFrame, begins: pl.Expr, until: date) -> pl.LazyFrame:
    """Rows that begin by the day; an end after it is none yet, nor is a deal's close."""
    rows = rows.filter(begins.is_null() | (begins <= until))
    columns = rows.collect_schema().names()
    if "valid_to" in columns:
        rows = rows.with_columns(pl.when(pl.col("valid_to") <= until).then("valid_to"))
    if "is_closed" in columns:
        rows = rows.with_columns(pl.col("is_closed", "is_won") & (pl.col("close_on") <= until))
    return rows


def _height(rows: pl.LazyFrame) -> int:
    return rows.select(pl.len()).collect().item()


def _is_numbered_anew(name: str, before: pl.LazyFrame, after: pl.LazyFrame) -> bool:
    """Whether hardly an identifier is found again, though the rows are."""
    found = _height(_meeting(before, after, TABLES[name].key))
    if found > _FOUND_AGAIN * min(_height(before), _height(after)):
        return False
    natural = [*_NATURAL[name], _OCCURRENCE]
    pair = (_numbered(name, before), _numbered(name, after))
    return _height(_meeting(*pair, natural)) > found


def _numbered(name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with a number among those that are told apart by nothing but their terms."""
    natural = list(_NATURAL[name])
    identifier = TABLES[name].key
    order = [each for each in TABLES[name].columns if each.name not in identifier]
    return rows.sort([each.name for each in order], nulls_last=True).with_columns(
        pl.int_range(pl.len()).over(natural).alias(_OCCURRENCE)
    )


def _numbered_note(name: str) -> str:
    (identifier,) = TABLES[name].key
    columns = ", ".join(_NATURAL[name])
    return (
        f"Every {identifier} of {name} is another one than before, so its rows are matched "
        f"by {columns}."
    )
