"""Where half a micro-unit falls, and what does not fit."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.facts.billed import billed
from engine.facts.contracted import contracted
from engine.facts.keys import with_keys
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar
from engine.intake.parts import Part
from engine.money import NARROW, Rates, half_even, narrowly_scaled
from engine.period import month_number
from engine.policy import Policy
from fixtures.stories import table_frame

CALENDAR = Calendar(month_number(date(2026, 12, 1)), date(2026, 12, 31))
DOLLARS = Rates("USD", {})


def revenue(*rows, rates=DOLLARS, **choices):
    """Recognised revenue by month of 2026."""
    lines = table_frame("billing/invoice_lines", rows).lazy()
    how = Recognition(CALENDAR, rates, Policy(**choices))
    (fact,) = billed([Part(with_keys(lines, ()))], how)
    first = month_number(date(2026, 1, 1))
    return {row["month_number"] - first + 1: row["revenue"] for row in fact.to_dicts()}


@pytest.mark.parametrize(
    ("top", "bottom", "rounded"),
    [(1, 2, 0), (3, 2, 2), (5, 2, 2), (-1, 2, 0), (-3, 2, -2), (7, 3, 2), (8, 3, 3), (-7, 3, -2)],
)
def test_halves_go_to_the_even_side(top, bottom, rounded):
    frame = pl.DataFrame({"top": [top], "bottom": [bottom]})
    assert frame.select(half_even(pl.col("top"), pl.col("bottom"))).item() == rounded


factors = st.one_of(st.integers(0, 1000), st.integers(0, 2**60))


def narrow(frame):
    rows = narrowly_scaled(frame.lazy(), {"found": ("amount", "top", "bottom")}).collect()
    assert rows.columns == ["amount", "top", "bottom", "found"]
    return rows["found"].to_list()


@given(
    st.lists(
        st.tuples(st.integers(-NARROW + 1, NARROW - 1), factors, st.integers(1, 2**60)),
        min_size=1,
    )
)
def test_a_narrow_product_is_rounded_as_fractions_are(rows):
    """The quotient is below the limit; the product may well wrap."""
    kept = [(each, top, under) for each, top, under in rows if abs(each) * top < NARROW * under]
    frame = pl.DataFrame(
        kept, schema=dict.fromkeys(("amount", "top", "bottom"), pl.Int64()), orient="row"
    )
    found = narrow(frame)
    assert found == [round(Fraction(each * top, under)) for each, top, under in kept]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("days", [1, 7, 366, 36_500])
def test_halves_far_out_go_to_the_even_side_too(sign, days):
    whole = 2 * days
    odd = [sign * (2 * (NARROW // whole - each) + 1) * days for each in range(1, 5)]
    frame = pl.DataFrame({"amount": odd, "top": 1, "bottom": whole})
    found = narrow(frame)
    assert found == [round(Fraction(each, whole)) for each in odd]
    assert all(each % 2 == 0 for each in found)


def test_a_line_of_a_billion_is_recognised_as_exactly_as_a_small_one():
    """Beyond what 64 bits hold of the product, its months still add up to the line."""
    line = {"service_from": "2026-01-26", "service_to": "2026-03-31"}
    amount = 2 * NARROW // 10_000 + 1
    assert sum(revenue(line | {"amount": amount}).values()) == amount * 10_000
    small = revenue(line | {"amount": 1})
    both = revenue(line | {"amount": amount}, line | {"amount": 1})
    large = revenue(line | {"amount": amount})
    assert both == {month: large[month] + small[month] for month in small}


def test_what_counts_in_later_months_too_needs_their_rates():
    """Usage of November counts in December's mean, at December's rate."""
    rates = Rates("USD", {("EUR", CALENDAR.last - 1): Fraction(1)})
    usage = {"charge_type": "usage", "currency": "EUR", "invoiced_on": "2026-11-05"}
    lines = with_keys(table_frame("billing/invoice_lines", [usage]).lazy(), ())
    mean = Recognition(CALENDAR, rates, Policy(), trailing=3, parts=("net",), kind="usage")
    with pytest.raises(DataError, match="EUR to USD for 2026-12"):
        list(billed([Part(lines)], mean))


def test_a_service_longer_than_history_is_told_and_not_counted():
    far = pl.lit(5_000_000, pl.Int32).cast(pl.Date)
    frame = table_frame("billing/invoice_lines", [{"service_from": "2026-01-01"}])
    lines = with_keys(frame.lazy().with_columns(service_to=far), ())
    with pytest.raises(DataError, match="eleven thousand years"):
        list(billed([Part(lines)], Recognition(CALENDAR, DOLLARS, Policy())))


def test_a_line_is_rounded_cumulatively_half_to_even():
    """A cent over 64 days from 26 January: 6 days are 937.5 micro-units, 34 days 5312.5."""
    line = {"amount": 1, "service_from": "2026-01-26", "service_to": "2026-03-31"}
    assert revenue(line) == {1: 938, 2: 5312 - 938, 3: 10_000 - 5312}


def test_whole_months_are_equal_under_months_and_not_under_days():
    """A flat year stays flat in February only under ``months``."""
    line = {"amount": 1_200_00, "service_from": "2026-01-01", "service_to": "2027-01-01"}
    assert set(revenue(line, recognition="months").values()) == {100_000_000}
    by_day = revenue(line)
    assert by_day[2] < by_day[1]
    assert sum(by_day.values()) == 1_200_000_000


def test_months_falls_back_to_days_for_a_broken_period():
    line = {"amount": 31_00, "service_from": "2026-01-16", "service_to": "2026-02-16"}
    assert revenue(line, recognition="months") == {1: 16_000_000, 2: 15_000_000}


def test_yen_have_no_minor_unit_and_dinars_three():
    rates = Rates("USD", {(code, CALENDAR.last): Fraction(1) for code in ("JPY", "KWD")})
    december = {"invoiced_on": "2026-12-05"}
    assert revenue({"currency": "JPY", "amount": 26_400, **december}, rates=rates) == {
        12: 26_400_000_000
    }
    assert revenue({"currency": "KWD", "amount": 26_400, **december}, rates=rates) == {
        12: 26_400_000
    }


def test_a_rate_is_read_as_its_shortest_decimal():
    """1.1 is eleven tenths, not the binary float next to it."""
    frame = table_frame("billing/fx_rates", [{"month": "2026-12", "rate": 1.1}])
    rates = Rates.read("USD", frame)
    assert rates.rate("EUR", CALENDAR.last) == Fraction(11, 10)


def test_a_missing_rate_names_month_and_currency():
    line = {"currency": "EUR", "invoiced_on": "2026-05-03"}
    with pytest.raises(DataError, match="EUR to USD for 2026-05"):
        revenue(line)


def test_a_missing_rate_does_not_matter_where_there_is_no_money():
    assert revenue({"currency": "EUR", "amount": 0, "invoiced_on": "2026-05-03"}) == {5: 0}


@pytest.mark.parametrize("amount", [2**62, -(2**62), 5 * 10**14])
def test_money_that_does_not_fit_is_an_error_never_a_wrap(amount):
    entry = "charge" if amount > 0 else "credit"
    with pytest.raises(DataError, match="too large"):
        revenue({"amount": amount, "entry_type": entry})


def test_contracted_money_that_does_not_fit_is_an_error():
    items = table_frame("billing/subscription_items", [{"amount": 2**62, "interval": "day"}])
    with pytest.raises(DataError, match="too large"):
        contracted(items.lazy(), CALENDAR, DOLLARS, Policy(), [])


def test_overflow_of_a_sum_is_an_error_though_each_row_fits():
    rows = [{"amount": 3 * 10**14, "interval": "month"}] * 2
    items = table_frame("billing/subscription_items", rows)
    with pytest.raises(DataError, match="too large"):
        contracted(items.lazy(), CALENDAR, DOLLARS, Policy(), [])
