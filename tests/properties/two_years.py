"""Random companies over two calendar years, so that a year before and many ages exist."""

from datetime import date, timedelta

from hypothesis import strategies as st

from engine.facts.book import Book
from engine.facts.sources import Calendar, Sources
from engine.metrics.evaluate import evaluate
from engine.money import Rates
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import table_frame
from tests import random_company
from tests.random_company import ACCOUNTS, by_group, segment

START, AS_OF = date(2025, 1, 1), date(2026, 12, 31)
MONTHS = [(year, month) for year in (2025, 2026) for month in range(1, 13)]
RATES = {
    (currency, year, month): rate
    for year, month in MONTHS
    for currency, rate in (
        ("EUR", str(1.0 + month / 64 + (year - 2025) / 8)),
        ("JPY", repr(round(0.0067 - month / 10_000 + (year - 2025) / 1_000, 6))),
        ("KWD", repr(round(3.2567 + month / 1_000, 4))),
    )
}
PRODUCTS = ["Core", "Add-on", "Flat"]

days = st.one_of(
    st.integers(0, 640).map(lambda n: START + timedelta(days=n)),
    st.sampled_from([date(2025, 1, 31), date(2025, 2, 28), date(2025, 12, 31), date(2026, 2, 28)]),
)


@st.composite
def items(draw) -> dict[str, object]:
    """One subscription item that lasts for months; see ``random_company.items``."""
    row = draw(random_company.items())
    since = draw(days)
    lasts = st.integers(1, 500).map(lambda n: since + timedelta(days=n))
    return {**row, "valid_from": since, "valid_to": draw(st.one_of(st.none(), lasts))}


@st.composite
def lines(draw) -> dict[str, object]:
    """One recurring invoice line of this or the last year; see ``random_company.lines``."""
    row = {**draw(random_company.lines()), "charge_type": "recurring"}
    back = timedelta(days=365 if draw(st.booleans()) else 0)
    for column in ("invoiced_on", "service_from", "service_to"):
        if row[column] is not None:
            row[column] -= back
    return row


some_items = st.lists(items(), min_size=1, max_size=9)
some_lines = st.lists(lines(), min_size=1, max_size=9)
months = st.sampled_from(MONTHS[12:]).map(lambda at: Period.parse(f"{at[0]}-{at[1]:02}"))

BY_ACCOUNT = {
    (): lambda account, day: (),
    ("segment",): lambda account, day: (segment(account, day),),
}
CUTS = {
    (): lambda row, day: (),
    ("segment",): lambda row, day: (segment(row["account_id"], day),),
    ("product",): lambda row, day: (row["product"],),
    ("segment", "product"): lambda row, day: (
        segment(row["account_id"], day),
        row["product"],
    ),
}
cuts = st.sampled_from(list(CUTS))


def complete(table: str, rows: list[dict]) -> list[dict]:
    """The rows with what the stories fill in."""
    return table_frame(table, rows).to_dicts()


def book(last: Period, by=(), *, item_rows=(), line_rows=(), **choices: object) -> Book:
    """The engine's facts over these rows as of the end of 2026."""
    rates = [
        {"month": date(year, month, 1), "from_currency": code, "rate": float(rate)}
        for (code, year, month), rate in RATES.items()
    ]
    sources = Sources(
        as_of=AS_OF,
        rates=Rates.read("USD", table_frame("billing/fx_rates", rates)),
        accounts=table_frame("crm/accounts", ACCOUNTS).lazy(),
        subscription_items=table_frame("billing/subscription_items", item_rows).lazy(),
        invoice_lines=table_frame("billing/invoice_lines", line_rows).lazy(),
    )
    policy = Policy(**choices)
    calendar = Calendar(last.closing, AS_OF, policy.constant_fx_month)
    return Book(sources, calendar, policy, by)


def numbers(facts: Book, metrics: list[str], period: Period, by) -> dict[str, dict[str, int]]:
    """By metric, then by group (JSON text), in micro-units: what is not zero."""
    frame = evaluate(facts, metrics, period, by)
    return {name: but_zero(by_group(frame, name)) for name in metrics}


def but_zero(values: dict) -> dict:
    return {group: value for group, value in values.items() if value}
