"""Laws of the import, on ledgers made up by Hypothesis."""

import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from iso4217 import Currency

from tests.intake.small_ledger import Imported, imported

CURRENCIES = {"USD": 2, "JPY": 0, "KWD": 3}
TIERS = ["", "SMB", "Mid-Market", "Enterprise"]

Row = tuple[str, date, Decimal, str, str]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Account, invoice date, amount, currency, tier."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    units = draw(st.integers(-(10**15), 10**15))
    day = draw(st.dates(date(2025, 1, 1), date(2025, 3, 31)))
    amount = Decimal(units).scaleb(-CURRENCIES[currency])
    return draw(st.sampled_from("ABC")), day, amount, currency, draw(st.sampled_from(TIERS))


def imported_rows(ledger: Sequence[Row], **changes: object) -> Imported:
    header = "customer,date,amount,currency,tier"
    body = [
        f"{who},{day},{amount:f},{currency},{tier}" for who, day, amount, currency, tier in ledger
    ]
    with tempfile.TemporaryDirectory() as folder:
        return imported(
            Path(folder),
            "\n".join([header, *body]),
            columns={"currency": "currency"},
            account={"segment": "tier"},
            **changes,
        )


@given(st.lists(rows(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_minor_units_sum_to_what_the_decimals_sum_to(ledger: list[Row]) -> None:
    totals = imported_rows(ledger).result.totals
    for currency, total in totals.items():
        exponent = Currency(currency).exponent or 0
        written = sum(amount for _, _, amount, code, _ in ledger if code == currency)
        assert Decimal(total).scaleb(-exponent) == written
    assert set(totals) == {row[3] for row in ledger}


@given(st.lists(rows(), min_size=1, max_size=8), st.randoms(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_nothing(
    ledger: list[Row], random: Random, history: bool
) -> None:
    shuffled = random.sample(ledger, len(ledger))
    one = imported_rows(ledger, account_history=history)
    two = imported_rows(shuffled, account_history=history)
    assert one.accounts.equals(two.accounts)
    assert one.lines.equals(two.lines)


@given(st.lists(rows(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_history_covers_every_invoice_once(ledger: list[Row]) -> None:
    """Each invoice date lies in exactly one row of its account, and the last is open."""
    accounts = imported_rows(ledger, account_history=True).accounts
    last = pl.col("valid_to").fill_null(date.max)
    for who, day, *_ in ledger:
        own = accounts.filter(pl.col("account_id") == who)
        assert own.filter(pl.lit(day).is_between("valid_from", last, closed="left")).height == 1
        assert own["valid_to"].null_count() == 1


@given(st.lists(rows(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_every_line_has_an_identifier_of_its_own(ledger: list[Row]) -> None:
    lines = imported_rows(ledger).lines
    assert lines["line_id"].n_unique() == len(ledger)
    assert lines["line_id"].null_count() == 0
