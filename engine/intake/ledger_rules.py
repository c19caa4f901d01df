"""What every row of a ledger must keep to before it may become an invoice line."""

from collections.abc import Iterator

import polars as pl

from engine.intake.failures import Failure, Rule, broken
from engine.intake.ledger_rows import (
    ACCOUNT,
    DAYS,
    DIGITS,
    MONEY,
    LedgerRows,
    raw,
    written_amount,
    written_day,
)
from engine.mapping import CHOICES, DEFAULTED, SERVICE_DAYS, LedgerMapping

#: Columns that may not be empty once defaults are in.
_NEEDED = ("account_id", "invoiced_on", "amount", "product", "charge_type", "currency")


def row_failures(rows: LedgerRows, mapping: LedgerMapping) -> tuple[Failure, ...]:
    """One failure per rule that some rows of the file break."""
    schema = rows.frame.schema
    rules = (
        *_needed(mapping),
        *_readable_days(schema, mapping),
        *_known_values(mapping),
        *_exact_amounts(schema, mapping),
        *_service_days(mapping),
        *_signs(mapping),
    )
    return broken(rows.frame, rows.source.file, rules)


def _header(column: str, mapping: LedgerMapping) -> str:
    return {**mapping.columns, **mapping.account}.get(column.removeprefix(ACCOUNT), column)


def _needed(mapping: LedgerMapping) -> Iterator[Rule]:
    for column in _NEEDED:
        constant = " or declare a constant under `defaults`" if column in DEFAULTED else ""
        yield Rule(
            "required-value",
            _header(column, mapping),
            raw(column).is_null() & pl.col(column).is_null(),
            pl.col("account_id"),
            f"every line needs its `{column}`; fill it in{constant}",
        )


def _readable_days(schema: pl.Schema, mapping: LedgerMapping) -> Iterator[Rule]:
    form = mapping.date_format
    expected = f"the declared form `{form}`" if form else "ISO, such as 2026-01-31"
    signed_up = (f"{ACCOUNT}signed_up_on",) if "signed_up_on" in mapping.account else ()
    for column in (*DAYS, *signed_up):
        yield Rule(
            "date",
            _header(column, mapping),
            raw(column).is_not_null() & written_day(column, schema, mapping).is_null(),
            raw(column),
            f"days are expected in {expected}; `date_format` declares another",
        )


def _known_values(mapping: LedgerMapping) -> Iterator[Rule]:
    for column, known in CHOICES.items():
        yield Rule(
            "known-value",
            _header(column, mapping),
            ~pl.col(column).is_in(known),
            raw(column),
            f"say under `values.{column}` which of {', '.join(known)} it means",
        )
    yield Rule(
        "currency",
        _header("currency", mapping),
        pl.col("currency").is_not_null() & pl.col(DIGITS).is_null(),
        pl.col("currency"),
        "currencies are ISO 4217 codes with a minor unit, such as USD; "
        "`values.currency` translates others",
    )


def _exact_amounts(schema: pl.Schema, mapping: LedgerMapping) -> Iterator[Rule]:
    for column in (name for name in MONEY if name in mapping.columns):
        header, digits = _header(column, mapping), pl.col(DIGITS)
        parts = written_amount(column, schema, mapping)
        is_amount, is_too_fine = parts.text.is_not_null(), parts.is_too_fine(digits)
        unread = raw(column).is_not_null() & ~is_amount
        lost = is_amount & ~is_too_fine & parts.minor_units(digits).is_null()
        yield Rule("amount", header, unread, raw(column), _notation(mapping))
        yield Rule("amount-decimals", header, is_amount & is_too_fine, raw(column), _unit(mapping))
        yield Rule("amount-range", header, lost, raw(column), "it does not fit 64 bits")
    yield Rule(
        "discount-sign",
        _header("discount", mapping),
        pl.col("discount") < 0,
        raw("discount"),
        "a discount is what was taken off, as a positive amount",
    )


def _notation(mapping: LedgerMapping) -> str:
    return (
        f"amounts are expected with `{mapping.decimal_mark}` before decimals and "
        + (f"`{sep}` between" if (sep := mapping.thousands_separator) else "nothing between")
        + " thousands; `decimal_mark`, `thousands_separator` and `currency_symbol` declare others"
    )


def _unit(mapping: LedgerMapping) -> str:
    if mapping.amount_unit == "minor":
        return 'amounts in minor units are whole numbers; or is `amount_unit = "major"` meant?'
    return "an amount has no more decimals than its currency (USD 2, JPY 0); round it in the export"


def _service_days(mapping: LedgerMapping) -> Iterator[Rule]:
    since, until = pl.col("service_from"), pl.col("service_to")
    for column, other in (SERVICE_DAYS, SERVICE_DAYS[::-1]):
        yield Rule(
            "service-days",
            _header(column, mapping),
            raw(column).is_null() & pl.col(column).is_null() & raw(other).is_not_null(),
            raw(other),
            f"a service period has both ends or neither; fill it in, or give `{column}` a default",
        )
    yield Rule(
        "service-order",
        _header("service_to", mapping),
        since >= until,
        pl.concat_str(raw("service_from"), raw("service_to"), separator=" to "),
        "service ends after it starts; is `service_end` declared as the file means it?",
    )


def _signs(mapping: LedgerMapping) -> Iterator[Rule]:
    is_charge, amount = pl.col("entry_type") == "charge", pl.col("amount")
    if mapping.amount_sign == "signed":
        advice = 'charges are positive, credits and refunds negative; or `amount_sign = "unsigned"`'
    else:
        advice = "amounts were declared unsigned, so none may have a sign"
    yield Rule(
        "amount-sign",
        _header("amount", mapping),
        (is_charge & (amount < 0)) | (~is_charge & (amount > 0)),
        pl.concat_str(pl.col("entry_type"), raw("amount"), separator=" "),
        advice,
    )
