from datetime import date

import pytest

from engine.metrics.definitions import DEFINITIONS
from engine.report.formats import figure
from engine.report.words import Words

US = Words("en_US", "USD")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0"),
        (7.5, "$7.50"),
        (98.2, "$98.20"),
        (642.4, "$642"),
        (12_500, "$12.5k"),
        (999_949, "$1.00m"),
        (1_318_402, "$1.32m"),
        (-36_412, "−$36.4k"),
        (13_180_000, "$13.2m"),
        (4e9, "$4.00bn"),
        (1.5e12, "$1.50tn"),
        (2.5e15, "$2500tn"),
    ],
)
def test_compact_money_has_three_figures_that_matter(value: float, text: str) -> None:
    assert US.compact_money(value).replace(",", "") == text


@pytest.mark.parametrize(
    ("locale", "currency", "text"),
    [
        ("en_US", "USD", "−$1,318,402"),
        ("de_DE", "EUR", "−1.318.402\u00a0€"),
        ("fr_FR", "EUR", "−1\u202f318\u202f402\u00a0€"),
        ("de-CH", "CHF", "−CHF\u00a01’318’402"),
        ("ja_JP", "JPY", "−¥1,318,402"),
        ("en_IN", "INR", "−₹1,318,402"),
        ("ar_EG", "EGP", "−1,318,402\u00a0EGP"),
    ],
)
def test_money_stands_as_the_locale_writes_it(locale: str, currency: str, text: str) -> None:
    """Separators and the side of the symbol are the locale's; a symbol in Arabic is its code."""
    assert Words(locale, currency).money(-1_318_402.17) == text


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert Words("ja_JP", "JPY").money(98.2) == "¥98"
    assert Words("en_US", "KWD").money(98.2) == "KWD\u00a098.200"


def test_signs_are_real_and_zero_has_none() -> None:
    assert US.signed(62) == "+62"
    assert US.signed(-36.4, 1) == "−36.4"
    assert US.signed(-0.01, 1) == "0.0"
    assert US.change(-0.0312) == "−3.1%"
    assert US.change(0.0001) == "0.0%"
    assert US.points(-0.004) == "−0.4 pts"


def test_large_changes_lose_digits_and_then_their_value() -> None:
    assert US.change(1.2) == "+120%"
    assert US.change(55.0) == ">+999%"


def test_percent_follows_the_locale() -> None:
    assert Words("de_DE", "EUR").change(0.0312) == "+3,1\u00a0%"


def test_dates_are_english_in_the_order_of_the_territory() -> None:
    day = date(2026, 9, 30)
    assert US.day(day) == "September 30, 2026"
    assert Words("de_DE", "EUR").day(day) == "30 September 2026"
    assert Words("ja_JP", "JPY").day(day) == "30 September 2026"
    assert US.short_month(2026 * 12 + 8) == "Sep ’26"


@pytest.mark.parametrize(
    ("values", "unit", "digits"),
    [
        ([642.0, None], "$", 2),
        ([9_999_999.0], "$", 0),
        ([10_000_000.0], "$ thousand", 1),
        ([-3e12], "$ million", 1),
        ([3e15], "$ billion", 1),
        ([], "$", 2),
    ],
)
def test_a_table_is_scaled_so_that_no_amount_is_too_long(
    values: list[float | None], unit: str, digits: int
) -> None:
    scale = US.scale(values)
    assert (scale.unit, scale.digits) == (unit, digits)
    assert all(len(US.scaled(value, scale)) <= 13 for value in values if value is not None)


def test_an_amount_without_a_scale_to_tell_carries_its_own_suffix() -> None:
    """Amounts of one account far apart, as LTV by channel, share a column and no scale."""
    words, ltv = Words("en_US", "USD"), DEFINITIONS["ltv"]
    shown = [figure(ltv, value, words) for value in (997.5, 11_998.0, 3_156_028.0, 41_705_700_000)]
    assert shown == ["997.50", "11,998", "3,156,028", "41.7bn"]
    thousands = words.scale([41_705_700_000], most=9)
    assert figure(ltv, 41_705_700_000, words, thousands) == "41,705,700.0"
