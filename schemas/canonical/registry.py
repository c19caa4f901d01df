"""Which tables there are. A new table is one model and one entry here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pandera.polars import DataFrameModel, DataFrameSchema


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Attributes:
        is_optional: May be null in any row, and may be absent altogether.
        description: What it means, with the unit in words.
    """

    name: str
    dtype: pl.DataType
    is_optional: bool
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table.

    Attributes:
        name: Folder and file name in a snapshot, ``billing/invoice_lines``.
        class_name: The model's; its module is named like the table.
        is_required: Missing is an error whatever is asked of the snapshot.
    """

    name: str
    class_name: str
    is_required: bool = False

    @property
    def model(self) -> "type[DataFrameModel]":
        """The Pandera model; the first call imports Pandera (0.3 s)."""
        module = import_module(f"schemas.canonical.{self.name.rpartition('/')[2]}")
        return getattr(module, self.class_name)

    @property
    def schema(self) -> "DataFrameSchema":
        """What the model says, as the schema object that Pandera validates by."""
        return self.model.to_schema()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in the order of the model."""
        return _columns(self)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns whose values together are unique; empty if none are declared to be."""
        return _key(self)


@cache
def _columns(which: Table) -> tuple[Column, ...]:
    columns = which.schema.columns
    types = pl.Schema({name: column.dtype.type for name, column in columns.items()})
    return tuple(
        Column(name, types[name], not column.required, column.description or "")
        for name, column in columns.items()
    )


@cache
def _key(which: Table) -> tuple[str, ...]:
    schema = which.schema
    single = tuple(name for name, column in schema.columns.items() if column.unique)
    return single or tuple(schema.unique or ())


def _by_name(tables: Iterable[Table]) -> Mapping[str, Table]:
    return {each.name: each for each in tables}


#: Every canonical table by name.
TABLES: Mapping[str, Table] = _by_name(
    (
        Table("billing/subscription_items", "SubscriptionItems"),
        Table("billing/invoice_lines", "InvoiceLines"),
        Table("billing/account_users", "AccountUsers"),
        Table("billing/fx_rates", "FxRates"),
        Table("crm/accounts", "Accounts", is_required=True),
        Table("crm/opportunities", "Opportunities"),
        Table("crm/spend", "Spend"),
        Table("crm/targets", "Targets"),
    )
)
