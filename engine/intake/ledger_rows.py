"""The rows of one ledger file in the contract's terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.intake.amounts import Amount, Notation, amount, digits_of
from engine.intake.days import day
from engine.intake.extras import kept
from engine.intake.failures import ROW
from engine.intake.source import Source, cell
from engine.mapping import CHOICES, SERVICE_DAYS, LedgerMapping

IDENTIFIERS = ("line_id", "invoice_id")
TEXTS = ("account_id", "subscription_id", "product", "plan", *CHOICES, "currency")
MONEY = ("amount", "discount", "tax")
DAYS = ("invoiced_on", *SERVICE_DAYS)

#: Columns of billing/invoice_lines, in the contract's order.
LINE_COLUMNS = (
    *IDENTIFIERS, "account_id", "subscription_id", "product", "plan", *CHOICES, *MONEY, "currency",
    *SERVICE_DAYS, "invoiced_on",
)  # fmt: skip

FILE = ":file"

#: Decimals that an amount of the row's currency may have; null if the currency is unknown.
DIGITS = ":digits"

ACCOUNT = "account:"
EXTRA = "extra:"


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """One file's rows, not yet judged.

    Attributes:
        source: The file.
        frame: ``FILE``, ``ROW``, ``DIGITS``, the columns of billing/invoice_lines (a cell that
            cannot be read is null), ``account:NAME`` and ``extra:NAME`` for what else is kept,
            and beside them ``raw:NAME``, the cell that each was read from.
    """

    source: Source
    frame: pl.DataFrame

    @property
    def kept(self) -> pl.DataFrame:
        """The frame without what was only needed to read and judge it."""
        return self.frame.select(pl.exclude(r"^raw:.*$", DIGITS))

    @property
    def defaulted(self) -> Mapping[str, int]:
        """Column → rows that had no cell for it and were given a value."""
        given = (raw(name).is_null() & pl.col(name).is_not_null() for name in LINE_COLUMNS)
        counts = self.frame.select(each.sum() for each in given).row(0)
        return {name: rows for name, rows in zip(LINE_COLUMNS, counts, strict=True) if rows}


def ledger_rows(source: Source, mapping: LedgerMapping) -> LedgerRows:
    """The file's rows as the mapping reads them, defaults filled in."""
    cells = _cells(source, mapping)
    frame = cells.with_columns(_texts(mapping))
    return LedgerRows(
        source,
        frame.with_columns(_digits(frame["currency"], mapping))
        .with_columns(*_money(cells.schema, mapping), *_days(cells.schema, mapping))
        .with_columns(_entry_type())
        .with_columns(_signed(mapping), *_service(mapping)),
    )


def raw(column: str) -> pl.Expr:
    """The cell that a column is read from; null throughout where the file has none."""
    return pl.col(f"raw:{column}")


def written_amount(column: str, schema: pl.Schema, mapping: LedgerMapping) -> Amount:
    """The parts of a money cell; numbers of a typed file need no notation."""
    declared = Notation(mapping.decimal_mark, mapping.thousands_separator, mapping.currency_symbol)
    is_number = schema[f"raw:{column}"].is_numeric()
    return amount(raw(column), Notation() if is_number else declared)


def written_day(column: str, schema: pl.Schema, mapping: LedgerMapping) -> pl.Expr:
    """The day of a cell, before defaults and before an inclusive end is moved."""
    return day(raw(column), schema[f"raw:{column}"], mapping.date_format)


def _cells(source: Source, mapping: LedgerMapping) -> pl.DataFrame:
    account = {f"{ACCOUNT}{name}": column for name, column in mapping.account.items()}
    mapped = {**dict.fromkeys(LINE_COLUMNS), **mapping.columns, **account}
    absent = pl.lit(None, pl.String)
    return source.frame.select(
        ROW,
        pl.lit(source.file).alias(FILE),
        *[
            (cell(found) if found else absent).alias(f"raw:{name}")
            for name, found in mapped.items()
        ],
        *[cell(found).alias(f"{EXTRA}{name}") for found, name in kept(source, mapping).items()],
    )


def _texts(mapping: LedgerMapping) -> Iterator[pl.Expr]:
    for name in IDENTIFIERS:
        yield _text(name, mapping).alias(name)
    for name in TEXTS:
        default = mapping.currency if name == "currency" else mapping.defaults.get(name)
        text = _text(name, mapping)
        text = text.str.to_uppercase() if name == "currency" else text
        yield (text if not default else text.fill_null(str(default))).alias(name)
    for name in mapping.account:
        if name != "signed_up_on":
            yield _text(f"{ACCOUNT}{name}", mapping).alias(f"{ACCOUNT}{name}")


def _text(column: str, mapping: LedgerMapping) -> pl.Expr:
    """A cell as text, the file's values replaced by ours."""
    values = mapping.values.get(column.removeprefix(ACCOUNT), {})
    ours = {theirs: our for our, texts in values.items() for theirs in texts}
    text = raw(column).cast(pl.String)
    return text.replace(ours) if ours else text


def _digits(currencies: pl.Series, mapping: LedgerMapping) -> pl.Expr:
    known = digits_of(currencies)
    if mapping.amount_unit == "minor":
        known = dict.fromkeys(known, 0)
    digits = pl.col("currency").replace_strict(known, default=None, return_dtype=pl.Int64)
    return digits.alias(DIGITS)


def _money(schema: pl.Schema, mapping: LedgerMapping) -> Iterator[pl.Expr]:
    for name in MONEY:
        minor = written_amount(name, schema, mapping).minor_units(pl.col(DIGITS))
        if name not in mapping.columns:
            yield pl.lit(0, pl.Int64).alias(name)
        elif name == "amount":
            yield minor.alias(name)
        else:
            yield pl.when(raw(name).is_not_null()).then(minor).otherwise(0).alias(name)


def _days(schema: pl.Schema, mapping: LedgerMapping) -> Iterator[pl.Expr]:
    for name in DAYS:
        yield written_day(name, schema, mapping).alias(name)
    if "signed_up_on" in mapping.account:
        name = f"{ACCOUNT}signed_up_on"
        yield written_day(name, schema, mapping).alias(name)


def _entry_type() -> pl.Expr:
    """As mapped or declared; else a negative amount is a credit."""
    by_sign = pl.when(pl.col("amount") < 0).then(pl.lit("credit")).otherwise(pl.lit("charge"))
    return pl.col("entry_type").fill_null(by_sign)


def _signed(mapping: LedgerMapping) -> pl.Expr:
    amount_ = pl.col("amount")
    if mapping.amount_sign == "signed":
        return amount_
    return pl.when(pl.col("entry_type") == "charge").then(amount_).otherwise(-amount_)


def _service(mapping: LedgerMapping) -> Iterator[pl.Expr]:
    """Half-open, and completed where one end is missing and the mapping has a default for it."""
    since, until = pl.col("service_from"), pl.col("service_to")
    yield (
        pl.when(until.is_null())
        .then(since)
        .otherwise(since.fill_null(_default_day("service_from", mapping)))
    )
    end = (
        pl.when(since.is_null())
        .then(until)
        .otherwise(until.fill_null(_default_day("service_to", mapping)))
    )
    yield end.dt.offset_by("1d") if mapping.service_end == "inclusive" else end


def _default_day(column: str, mapping: LedgerMapping) -> pl.Expr:
    default = mapping.defaults.get(column)
    if default == "invoiced_on":
        return pl.col("invoiced_on")
    return pl.lit(date.fromisoformat(str(default)) if default else None, pl.Date)
