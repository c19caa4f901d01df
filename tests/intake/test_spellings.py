"""Names that nearly match."""

import polars as pl
import pytest

from engine.intake.checked import Checked
from engine.intake.spellings import closest, names_twice

KNOWN = pl.Series(["GTX Pro", "Acme Corporation", "acc-101", "acc-0102", "Zoë & Söhne", "Beta"])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("GTXPro", "GTX Pro"),
        ("gtx-pro", "GTX Pro"),
        ("Acme Corporaton", "Acme Corporation"),
        ("acc101", "acc-101"),
        ("ACC_0102", "acc-0102"),
        ("zoë söhne", "Zoë & Söhne"),
        ("acc-102", None),
        ("Gamma", None),
        ("", None),
        ("---", None),
    ],
)
def test_an_unknown_name_may_nearly_be_a_known_one(name: str, meant: str | None) -> None:
    """Names that differ by number are different things."""
    assert closest(name, KNOWN) == meant


def test_a_name_near_several_is_the_first_by_alphabet() -> None:
    assert closest("ABC", pl.Series(["a-b-c", "A B C"])) == "A B C"


def tables(**columns: list[str | None]) -> dict[str, Checked]:
    return {
        table: Checked(table, pl.LazyFrame({"owner": values}), ())
        for table, values in columns.items()
    }


def test_spellings_are_compared_over_all_tables() -> None:
    (found,) = names_twice(tables(a=["Ann Lee", "Bo", None], b=["ann  lee", "Cy"]))
    assert (found.table, found.rule, found.column) == ("b", "name-twice", "owner")
    assert found.examples == ("Ann Lee (a) and ann  lee (b)",)


def test_names_of_signs_alone_are_no_spellings_of_one_another() -> None:
    assert list(names_twice(tables(a=["-", "?", ""]))) == []


def test_a_column_of_very_many_values_holds_texts_not_names() -> None:
    many = [f"text {number}" for number in range(20_001)]
    assert list(names_twice(tables(a=[*many, "Text 1"]))) == []
