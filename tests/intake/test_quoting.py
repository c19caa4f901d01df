"""Hostile values are harmless in a message."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from engine.intake.quoting import LONGEST, example, quoted


@given(st.text(max_size=200))
def test_a_quoted_value_is_one_short_line_without_control_characters(value: str) -> None:
    text = quoted(value)
    assert len(text) <= LONGEST
    assert not {unicodedata.category(each) for each in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_plain_value_is_told_as_it_is() -> None:
    assert quoted("Zoë & Söhne, 東京") == "Zoë & Söhne, 東京"


def test_a_terminal_is_not_recoloured_and_a_line_not_turned_round() -> None:
    assert quoted("\x1b[31mred\x1b[0m\n\x00\u202eevil") == "[31mred[0mevil"


def test_a_long_value_is_cut() -> None:
    assert quoted("x" * 10_000_000) == "x" * (LONGEST - 1) + "…"


def test_nothing_is_told_as_null() -> None:
    assert quoted(None) == "null"


def test_an_example_names_the_row_then_what_it_holds() -> None:
    row = {"item_id": "I1", "discount": 5, "amount": None}
    assert example(row, ["item_id"]) == "item_id=I1: discount=5, amount=null"


def test_an_example_of_a_key_alone_is_the_key() -> None:
    assert example({"item_id": "I1"}, ["item_id"]) == "item_id=I1"
