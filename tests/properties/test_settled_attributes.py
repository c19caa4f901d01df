"""Attributes that never change are counted by a shorter way, which must come to the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.facts.book import Book
from engine.facts.sources import Calendar, Sources
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.evaluate import evaluate
from engine.money import Rates
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import table_frame
from tests.properties.two_years import AS_OF, lines, some_items
from tests.random_company import lines as any_lines

BY = ("segment", "region")
SETTLED = [
    {"account_id": "A", "segment": "SMB", "region": "EU"},
    {"account_id": "B", "segment": "SMB", "region": "NA"},
    {"account_id": "C", "segment": None, "region": "EU"},
    {"account_id": "D", "segment": "Enterprise", "region": "NA"},
]
#: Somebody without items moves, so no attribute counts as settled.
UNSETTLED = [
    *SETTLED,
    {"account_id": "Z", "segment": "SMB", "valid_to": "2020-01-01"},
    {"account_id": "Z", "segment": "Enterprise", "valid_from": "2020-01-01"},
]
RATES = Rates("USD", {})
LAST = Period.parse("2026Q4")
MONTHS = range(LAST.closing - 30, LAST.closing + 1)

in_dollars = st.sampled_from(["subscriptions", "invoices"])
some_lines = st.lists(st.one_of(lines(), any_lines()), max_size=6)


def book(accounts, items, line_rows, source):
    sources = Sources(
        as_of=AS_OF,
        rates=RATES,
        accounts=table_frame("crm/accounts", accounts).lazy(),
        subscription_items=table_frame("billing/subscription_items", items).lazy(),
        invoice_lines=table_frame("billing/invoice_lines", line_rows).lazy(),
    )
    calendar = Calendar(LAST.closing, AS_OF)
    return Book(sources, calendar, Policy(mrr_source=source), BY, MONTHS)


def dollars(rows):
    return [row | {"currency": "USD"} for row in rows]


@settings(max_examples=15, deadline=None)
@given(some_items, some_lines, in_dollars, st.sampled_from([BY, BY[:1], BY[1:]]))
def test_groups_by_attributes_that_never_change_are_the_same_either_way(
    items, line_rows, source, by
):
    books = [
        book(accounts, dollars(items), dollars(line_rows), source)
        for accounts in (SETTLED, UNSETTLED)
    ]
    assert [each.settled for each in books] == [("by region", "by segment"), ()]
    for period in (Period.parse("2026Q2"), LAST, Period.parse("2026-11")):
        found, expected = (evaluate(each, DEFINITIONS, period, by) for each in books)
        assert found.equals(expected)
