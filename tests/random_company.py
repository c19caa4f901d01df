"""Small random companies for properties: few accounts, many odd cases."""

from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from engine.facts.book import Book
from engine.facts.sources import Calendar, Sources
from engine.money import Rates
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import table_frame

START = date(2026, 1, 1)
RATES = {
    (currency, 2026, month): rate
    for month in range(1, 13)
    for currency, rate in (
        ("EUR", str(1.0 + month / 64)),
        ("JPY", repr(0.0067 + month / 100_000)),
        ("KWD", "3.2567"),
    )
}

days = st.integers(0, 270).map(lambda n: START + timedelta(days=n))


@st.composite
def items(draw) -> dict[str, object]:
    """One subscription item; short and long, free and paid, all currencies and intervals."""
    since = draw(days)
    amount = draw(st.sampled_from([0, 1, 3, 100_00, 99_99, 123_456_789]))
    return {
        "account_id": draw(st.sampled_from("ABCD")),
        "product": draw(st.sampled_from(["Core", "Add-on", "Flat"])),
        "status": draw(st.sampled_from(["active", "active", "active", "past_due", "trialing"])),
        "seats": draw(st.integers(0, 9)),
        "amount": amount,
        "discount": draw(st.integers(0, amount)),
        "currency": draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])),
        "interval": draw(st.sampled_from(["day", "week", "month", "year"])),
        "interval_count": draw(st.integers(1, 3)),
        "valid_from": since,
        "valid_to": draw(
            st.one_of(st.none(), st.integers(1, 200).map(lambda n: since + timedelta(days=n)))
        ),
    }


@st.composite
def lines(draw) -> dict[str, object]:
    """One invoice line; charges and credits, spread and not, over month ends."""
    entry = draw(st.sampled_from(["charge", "charge", "charge", "credit", "refund"]))
    size = draw(st.sampled_from([0, 1, 7, 100_00, 99_99, 123_456_789]))
    since = draw(days)
    whole = draw(st.booleans())
    if whole:
        since = since.replace(day=1)
    length = draw(st.integers(1, 400))
    until = (since + timedelta(days=length)).replace(day=1) if whole else None
    until = until if until and until > since else since + timedelta(days=length)
    dated = draw(st.booleans())
    return {
        "account_id": draw(st.sampled_from("ABCD")),
        "product": draw(st.sampled_from(["Core", "Add-on"])),
        "charge_type": draw(st.sampled_from(["recurring", "usage", "one_time"])),
        "entry_type": entry,
        "amount": size if entry == "charge" else -size,
        "discount": draw(st.integers(0, size)) if entry == "charge" else 0,
        "currency": draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])),
        "invoiced_on": draw(days),
        "service_from": since if dated else None,
        "service_to": until if dated else None,
    }


#: A moves from SMB to Mid-market in May; C has no segment; D is unknown before April.
ACCOUNTS = [
    {"account_id": "A", "segment": "SMB", "valid_to": "2026-05-10"},
    {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-05-10"},
    {"account_id": "B", "segment": "SMB"},
    {"account_id": "C", "segment": None},
    {"account_id": "D", "segment": "Enterprise", "valid_from": "2026-04-01"},
]


def segment(account: str, day: date) -> str:
    """What ``ACCOUNTS`` says, computed apart from it."""
    if account == "A":
        return "SMB" if day < date(2026, 5, 10) else "Mid-market"
    if account == "D":
        return "Enterprise" if day >= date(2026, 4, 1) else "Unknown"
    return {"B": "SMB", "C": "Unknown"}[account]


def book(
    item_rows: list[dict], line_rows: list[dict], last: Period, *by: str, **choices: object
) -> Book:
    """The engine's facts over these rows, as of the end of 2026."""
    rate_rows = [
        {"month": date(year, month, 1), "from_currency": code, "rate": float(rate)}
        for (code, year, month), rate in RATES.items()
    ]
    lazy = lambda table, rows: table_frame(table, rows).lazy()  # noqa: E731
    sources = Sources(
        as_of=date(2026, 12, 31),
        rates=Rates.read("USD", table_frame("billing/fx_rates", rate_rows)),
        accounts=lazy("crm/accounts", ACCOUNTS),
        subscription_items=lazy("billing/subscription_items", item_rows),
        invoice_lines=lazy("billing/invoice_lines", line_rows),
    )
    calendar = Calendar(last.closing, sources.as_of)
    return Book(sources, calendar, Policy(**choices), by)


def micro(value: float | None) -> int | None:
    """Micro-units of a value in major units."""
    return None if value is None else round(value * 1_000_000)


def by_group(frame: pl.DataFrame, metric: str) -> dict[str, int]:
    """The metric's values in micro-units by the group's JSON text."""
    rows = frame.filter(pl.col("metric") == metric).select("group", "value").iter_rows()
    return {group: micro(value) for group, value in rows}
