"""Amounts as people write them, to integers in minor units; never through a binary float."""

import re
from dataclasses import dataclass

import polars as pl

from engine.errors import DataError
from engine.money import exponent


@dataclass(frozen=True, slots=True)
class Notation:
    """How a file writes amounts.

    Attributes:
        decimal_mark: ``.`` or ``,``.
        thousands_separator: Empty if there is none; a blank also matches no-break spaces.
        currency_symbol: Taken off wherever it stands; empty if there is none.
    """

    decimal_mark: str = "."
    thousands_separator: str = ""
    currency_symbol: str = ""

    @property
    def thousands(self) -> str:
        """Pattern of the thousands separator; empty if there is none."""
        blank = self.thousands_separator == " "
        return r"\s" if blank else re.escape(self.thousands_separator)

    @property
    def mark(self) -> str:
        """Pattern of the decimal mark."""
        return re.escape(self.decimal_mark)

    @property
    def form(self) -> str:
        """Pattern of a whole amount: a sign before or after it, or brackets, or neither.

        Groups of digits may be of two (1,00,000); the last is of three.
        """
        sep = self.thousands
        whole = rf"\d{{1,3}}(?:{sep}\d{{2,3}})*{sep}\d{{3}}|\d+" if sep else r"\d+"
        body = rf"(?:(?:{whole})(?:{self.mark}\d*)?|{self.mark}\d+)"
        return rf"^(?:[+-]?\s*{body}|\(\s*{body}\s*\)|{body}\s*-)$"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount's parts.

    Attributes:
        text: What stands there, in the file's notation; null where that is no amount.
        sign: ``-0`` or ``0``, so that ``.5`` has a whole part too.
        whole: Digits before the decimal mark.
        fraction: Digits after it, without closing zeros.
    """

    text: pl.Expr
    sign: pl.Expr
    whole: pl.Expr
    fraction: pl.Expr

    def is_too_fine(self, digits: pl.Expr) -> pl.Expr:
        """Whether it has more than ``digits`` decimals."""
        return self.fraction.str.len_chars() > digits

    def minor_units(self, digits: pl.Expr) -> pl.Expr:
        """Int64; null where it is too large, too fine or no amount."""
        joined = pl.concat_str(self.sign, self.whole, self.fraction.str.pad_end(digits, "0"))
        is_exact = self.text.is_not_null() & ~self.is_too_fine(digits)
        return pl.when(is_exact).then(joined.cast(pl.Int64, strict=False))


def amount(cell: pl.Expr, notation: Notation) -> Amount:
    """The amount in a cell: ``-1,234.50``, ``(1,234.50)`` and ``1,234.50-`` are one and the same.

    Args:
        cell: Text, or a number: a float is read as its shortest decimal.
    """
    text = cell.cast(pl.String).str.replace_all("−", "-", literal=True)
    if notation.currency_symbol:
        text = text.str.replace_all(notation.currency_symbol, "", literal=True)
    text = text.str.strip_chars()
    text = pl.when(text.str.contains(notation.form)).then(text)
    sign = pl.when(text.str.contains(r"[(-]")).then(pl.lit("-0")).otherwise(pl.lit("0"))
    bare = text.str.replace_all(notation.thousands, "") if notation.thousands else text
    parts = rf"^[^\d{notation.mark}]*(\d*)(?:{notation.mark}(\d*))?"
    fraction = bare.str.extract(parts, 2).fill_null("").str.strip_chars_end("0")
    return Amount(text, sign, bare.str.extract(parts, 1), fraction)


def digits_of(currencies: pl.Series) -> dict[str, int]:
    """ISO 4217 digits of the minor unit, of those currencies that have one."""
    found: dict[str, int] = {}
    for code in currencies.drop_nulls().unique():
        try:
            found[code] = exponent(code)
        except DataError:
            continue
    return found
