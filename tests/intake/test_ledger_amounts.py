"""Amounts as people write them become minor units, exactly."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.errors import DataError
from engine.intake.amounts import Notation, amount, digits_of
from tests.intake.small_ledger import imported, parquet_file

PLAIN = Notation()


def minor_units(text: str, notation: Notation = PLAIN, digits: int = 2) -> int | None:
    frame = pl.DataFrame({"text": [text], "digits": [digits]})
    parts = amount(pl.col("text"), notation)
    return frame.select(parts.minor_units(pl.col("digits"))).item()


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("5852.03", 585203),
        ("-44.70", -4470),
        ("(44.70)", -4470),
        ("44.70-", -4470),
        ("−44.70", -4470),
        ("+7", 700),
        (".5", 50),
        ("-.5", -50),
        ("5.", 500),
        ("1.230", 123),
        ("-0.00", 0),
        ("92233720368547758.07", 2**63 - 1),
        ("-92233720368547758.08", -(2**63)),
    ],
)
def test_signs_and_brackets_and_decimals_are_read(text: str, cents: int) -> None:
    assert minor_units(text) == cents


@pytest.mark.parametrize(
    "text", ["", ".", "-", "1e5", "abc", "1,234.50", "1 2", "--5", "(-5)", "5.0.0", "NaN", "$5"]
)
def test_anything_else_is_no_amount(text: str) -> None:
    assert minor_units(text) is None


def test_more_decimals_than_the_currency_has_are_not_rounded() -> None:
    assert minor_units("1.234") is None
    assert minor_units("1.234", digits=3) == 1234


def test_what_does_not_fit_64_bits_is_not_wrapped() -> None:
    assert minor_units("92233720368547758.08") is None


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("1,234,567.5", Notation(".", ",")),
        ("12,34,567.5", Notation(".", ",")),
        ("1.234.567,5", Notation(",", ".")),
        ("1 234 567,5", Notation(",", " ")),
        ("1\u202f234\u00a0567,50 €", Notation(",", " ", "€")),
        ("$1,234,567.50", Notation(".", ",", "$")),
        ("1'234'567.5", Notation(".", "'")),
    ],
)
def test_declared_notations_are_read(text: str, notation: Notation) -> None:
    assert minor_units(text, notation) == 123456750


@pytest.mark.parametrize("text", ["1,2", "1,23,4", "12,3456", ",123"])
def test_a_thousands_separator_out_of_place_is_no_amount(text: str) -> None:
    assert minor_units(text, Notation(".", ",")) is None


def test_a_negative_amount_may_carry_its_symbol_inside() -> None:
    notation = Notation(".", ",", "$")
    assert [minor_units(text, notation) for text in ("-$5", "$-5", "($5.00)")] == [-500] * 3


def test_each_row_has_its_own_currencys_decimals(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,cur
           A,2026-01-01,1200,JPY
           B,2026-01-01,12.50,eur
           C,2026-01-01,1.234,KWD
           D,2026-01-01,7,""",
        columns={"currency": "cur"},
    ).lines
    assert lines.select("amount", "currency").rows() == [
        (1200, "JPY"),
        (1250, "EUR"),
        (1234, "KWD"),
        (700, "USD"),
    ]


def test_minor_units_are_taken_as_they_are(tmp_path: Path) -> None:
    found = imported(tmp_path, "customer,date,amount\nA,2026-01-01,585203", amount_unit="minor")
    assert found.lines["amount"].to_list() == [585203]


def test_a_float_is_its_shortest_decimal(tmp_path: Path) -> None:
    """0.29 × 100 is 28.999999999999996 in binary."""
    path = parquet_file(tmp_path, amount=[0.29, 1.1, 4.35])
    assert sorted(imported(tmp_path, path).lines["amount"]) == [29, 110, 435]


def test_decimals_of_a_typed_file_are_exact(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, amount=[Decimal("90071992547409.93")])
    assert imported(tmp_path, path).lines["amount"].to_list() == [9007199254740993]


def test_a_computed_float_is_refused_instead_of_rounded(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, amount=[0.1 + 0.2])
    with pytest.raises(DataError, match="a rule does not hold") as caught:
        imported(tmp_path, path)
    assert caught.value.reference == "amount-decimals"
    assert "row 2 `0.30000000000000004`" in caught.value.where


def test_currencies_without_a_minor_unit_have_no_digits() -> None:
    assert digits_of(pl.Series(["USD", "JPY", "XAU", "???", None])) == {"USD": 2, "JPY": 0}
