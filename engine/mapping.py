r"""Declared mappings: which column of somebody else's file is what, and how it is written.

A mapping is a table of ``quarterdeck.toml``. One for a flat billing ledger, all that it may say::

    [mappings.billing]
    separator = ","                  # of CSV fields; "\t" for tabs
    encoding = "utf-8"               # of CSV text
    null_values = ["n/a"]            # texts that mean "empty"; blanks always do
    amount_unit = "major"            # 5852.03 is dollars; "minor": 585203 is cents
    amount_sign = "signed"           # credits are negative; "unsigned": their type says so
    decimal_mark = "."
    thousands_separator = ","        # "" if amounts have none
    currency_symbol = "$"            # taken off amounts
    currency = "USD"                 # where there is no column for it, or its cell is empty
    date_format = "%d/%m/%Y"         # "" for ISO dates
    service_end = "inclusive"        # the last day of service; "exclusive": the day after
    keep_extra = true                # other columns stay on the lines; or false, or a list
    account_history = false          # a row for each change of an account's attributes

    [mappings.billing.columns]       # column of billing/invoice_lines = column of the file
    account_id = "Customer"
    invoiced_on = "Invoice Date"
    amount = "Amount"
    charge_type = "Type"
    service_from = "Service Start"
    service_to = "Service End"

    [mappings.billing.account]       # column of crm/accounts = column of the file
    name = "Customer Name"
    segment = "Plan Tier"

    [mappings.billing.values.charge_type]   # our value = values of the file
    recurring = ["subscription", "renewal"]
    one_time = ["setup"]

    [mappings.billing.defaults]      # where the file has no such column, or its cell is empty
    product = "Subscription"
    service_from = "invoiced_on"     # completes a line with only an end; or a fixed date
"""

import codecs
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from engine.errors import nearest

#: Columns of billing/invoice_lines that a file must have: nothing can stand in for them.
REQUIRED_COLUMNS = ("account_id", "invoiced_on", "amount")

#: Columns that are generated, zero, derived or left out where the file lacks them.
OPTIONAL_COLUMNS = (
    "line_id", "invoice_id", "subscription_id", "product", "plan", "charge_type", "entry_type",
    "discount", "tax", "currency", "service_from", "service_to",
)  # fmt: skip

#: Columns of billing/invoice_lines with a closed set of values.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "charge_type": ("recurring", "usage", "one_time"),
    "entry_type": ("charge", "credit", "refund"),
}

SERVICE_DAYS = ("service_from", "service_to")

#: Columns that may have a constant in ``defaults``.
DEFAULTED = ("subscription_id", "product", "plan", *CHOICES, *SERVICE_DAYS)

#: Attributes of crm/accounts that the contract names; a mapping may add its own.
ACCOUNT_COLUMNS = (
    "name", "parent_account_id", "segment", "industry", "region", "channel", "campaign", "vendor",
    "owner", "signed_up_on",
)  # fmt: skip

#: Account columns that hold once an account, also where it has history rows.
ONCE_AN_ACCOUNT = ("name", "signed_up_on")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Texts = Annotated[tuple[str, ...], Field(strict=False)]


class LedgerMapping(BaseModel):
    """How one flat billing ledger (a line is a row) becomes invoice lines and accounts.

    A vendor's mapping, of several tables, will be a model of its own that ``kind`` tells apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["ledger"] = "ledger"
    separator: str = Field(",", min_length=1, max_length=1)
    encoding: str = "utf-8"
    null_values: Texts = ()
    amount_unit: Literal["major", "minor"] = "major"
    amount_sign: Literal["signed", "unsigned"] = "signed"
    decimal_mark: Literal[".", ","] = "."
    thousands_separator: Literal["", ",", ".", " ", "'", "’", "_"] = ""
    currency_symbol: str = ""
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    date_format: str = Field("", pattern=r"^$|%")
    service_end: Literal["", "inclusive", "exclusive"] = ""
    keep_extra: bool | Texts = True
    account_history: bool = False
    columns: Mapping[str, str]
    account: Mapping[Name, str] = {}
    values: Mapping[str, Mapping[str, Texts]] = {}
    defaults: Mapping[str, str | date] = {}

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, encoding: str) -> str:
        try:
            return codecs.lookup(encoding).name
        except LookupError:
            raise ValueError(f"`{encoding}` is not a text encoding; try utf-8 or cp1252") from None

    @field_validator("columns")
    @classmethod
    def _columns_are_the_contracts(cls, columns: Mapping[str, str]) -> Mapping[str, str]:
        known = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
        missing = [name for name in REQUIRED_COLUMNS if name not in columns]
        _refuse(
            [
                *_unknown(columns, known, "a column of billing/invoice_lines"),
                *[f"say which column of the file is `{name}`" for name in missing],
            ]
        )
        return columns

    @field_validator("account")
    @classmethod
    def _account_columns_are_no_typing_errors(cls, account: Mapping[str, str]) -> Mapping[str, str]:
        own = [name for name in account if name not in ACCOUNT_COLUMNS]
        _refuse(
            f"`{name}` is not a column of crm/accounts; {close}"
            for name in own
            if (close := nearest(name, ACCOUNT_COLUMNS)).startswith("did you mean")
            and not any(known in name for known in ACCOUNT_COLUMNS)
        )
        taken = [name for name in own if name in ("account_id", "valid_from", "valid_to")]
        _refuse(f"`{name}` of crm/accounts is made by the import" for name in taken)
        return account

    @field_validator("defaults")
    @classmethod
    def _defaults_are_possible(cls, defaults: Mapping[str, str | date]) -> Mapping[str, str | date]:
        _refuse(_unknown(defaults, DEFAULTED, "a column that may have a default"))
        for column, value in defaults.items():
            known = CHOICES.get(column)
            _refuse(_unknown([str(value)], known, f"a {column}") if known else ())
            if column in SERVICE_DAYS:
                _refuse(_not_a_day(column, value))
        return defaults

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        _refuse([*self._gaps(), *self._values_out_of_place(), *self._contradictions()])
        return self

    def _gaps(self) -> Iterable[str]:
        for column in ("product", "charge_type"):
            if column not in self.columns and column not in self.defaults:
                yield f"give `{column}` a column, or a constant under `defaults`"
        if not self.currency and "currency" not in self.columns:
            yield 'give the ledger a `currency = "USD"`, or `currency` a column'
        if not self.service_end and ("service_to" in self.columns or "service_to" in self.defaults):
            yield "say whether `service_end` is `inclusive` (the last day) or `exclusive`"

    def _values_out_of_place(self) -> Iterable[str]:
        mapped = {**self.columns, **self.account}
        for column, values in self.values.items():
            if column not in mapped:
                yield f"`values.{column}` has no column; {nearest(column, mapped)}"
            if column in CHOICES:
                yield from _unknown(values, CHOICES[column], f"a {column}")
            every = [each for texts in values.values() for each in texts]
            yield from (
                f"`values.{column}` takes `{each}` for two things"
                for each in sorted(set(every))
                if every.count(each) > 1
            )

    def _contradictions(self) -> Iterable[str]:
        if self.decimal_mark == self.thousands_separator:
            yield f"`{self.decimal_mark}` cannot be both decimal mark and thousands separator"
        given = [name in self.columns or name in self.defaults for name in SERVICE_DAYS]
        if any(given) and not (all(given) and any(name in self.columns for name in SERVICE_DAYS)):
            yield "map both `service_from` and `service_to`, or one and give the other a default"
        if self.account_history and not self.attributes:
            yield "`account_history` needs an attribute under `account`, such as `segment`"
        if self.amount_sign == "unsigned" and not self._tells_entry_type:
            yield "unsigned amounts need an `entry_type`: a column, or a constant under `defaults`"

    @property
    def _tells_entry_type(self) -> bool:
        return "entry_type" in self.columns or "entry_type" in self.defaults

    @property
    def attributes(self) -> tuple[str, ...]:
        """Account columns that may change over time."""
        return tuple(name for name in self.account if name not in ONCE_AN_ACCOUNT)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Columns that the file must have, each once, in the order that they are declared."""
        kept = self.keep_extra if isinstance(self.keep_extra, tuple) else ()
        return tuple(dict.fromkeys([*self.columns.values(), *self.account.values(), *kept]))


def _refuse(problems: Iterable[str]) -> None:
    if found := list(problems):
        raise ValueError("; ".join(found))


def _unknown(names: Iterable[str], known: Iterable[str], what: str) -> list[str]:
    known = tuple(known)
    return [
        f"`{each}` is not {what}; {nearest(each, known)}" for each in names if each not in known
    ]


def _not_a_day(column: str, value: str | date) -> Iterable[str]:
    if value == "invoiced_on" or isinstance(value, date):
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        yield f"`{column}` is neither `invoiced_on` nor an ISO date: `{value}`"
