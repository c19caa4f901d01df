"""How often the large tables are read, and which of their columns."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.io.plugins import register_io_source

from engine.errors import DataError
from engine.facts.book import Book
from engine.facts.keeping import Keeping
from engine.facts.sources import Calendar, Sources
from engine.metrics.evaluate import evaluate
from engine.money import Rates
from engine.period import Period
from engine.policy import Policy
from engine.shelf import Shelf
from fixtures.stories import table_frame

PERIOD = Period.parse("2026Q3")
LINES = "billing/invoice_lines"
SOME = ["mrr", "mrr_new", "mrr_churn", "nrr", "grr", "logo_churn", "arpa", "quick_ratio"]
COUNTED = {"account_id", "product", "charge_type", "entry_type", "amount", "discount", "currency"}
DATES = {"invoiced_on", "service_from", "service_to"}

#: Read once more before: which days lines are for, and how much, in few columns.
LOOKED_AT = DATES | {"charge_type", "amount", "discount", "currency"}


@pytest.fixture
def scans():
    """The columns asked for, scan by scan."""
    return []


@pytest.fixture
def book(scans):
    """Facts by product and segment of a year's lines, whose scans are noted."""
    rows = [
        {"account_id": f"A{number % 3}", "service_from": f"2025-{number:02}-01"}
        | {"service_to": f"2026-{number:02}-01", "currency": "EUR", "amount": 1200_00}
        for number in range(1, 13)
    ]
    frame = table_frame(LINES, rows)

    def scan(columns, predicate, n_rows, batch_size):
        scans.append(set(columns or frame.columns))
        found = frame.filter(predicate) if predicate is not None else frame
        yield found.select(columns) if columns else found

    months = pl.date_range(date(2024, 1, 1), date(2026, 12, 1), "1mo", eager=True)
    rates = [{"month": month, "from_currency": "EUR", "rate": 1.1} for month in months]
    sources = Sources(
        as_of=date(2026, 12, 31),
        rates=Rates.read("USD", table_frame("billing/fx_rates", rates)),
        accounts=table_frame(
            "crm/accounts", [{"account_id": f"A{number}"} for number in range(3)]
        ).lazy(),
        invoice_lines=register_io_source(scan, schema=frame.schema),
    )
    calendar = Calendar(PERIOD.closing, sources.as_of)
    return Book(sources, calendar, Policy(mrr_source="invoices"), ("segment", "product"))


def counting(scans):
    """Scans that lines were added up from, each after one look at their days."""
    looks = [columns for columns in scans if columns <= LOOKED_AT]
    assert len(looks) * 2 == len(scans)
    return len(scans) - len(looks)


def test_invoiced_mrr_takes_one_scan_whatever_is_asked_and_by_what(book, scans):
    for period in (PERIOD, PERIOD.before(), PERIOD.year_before):
        for by in ((), ("segment",), ("product",)):
            evaluate(book, SOME, period, by)
    assert counting(scans) == 1


def test_revenue_takes_one_scan_whatever_is_asked_and_by_what(book, scans):
    for period in (PERIOD, PERIOD.before()):
        for by in ((), ("segment",), ("product",)):
            evaluate(book, ["recurring_revenue", "credits"], period, by)
            evaluate(book, ["usage_revenue"], period, by)
    evaluate(book, ["mrr"], PERIOD)
    assert counting(scans) == 2


def test_only_columns_that_are_counted_are_read(book, scans):
    evaluate(book, [*SOME, "recurring_revenue"], PERIOD, ("segment",))
    assert all(columns <= COUNTED | DATES for columns in scans), scans


def test_facts_put_aside_in_files_have_the_same_numbers(book, tmp_path):
    aside = replace(book.sources, keeping=Keeping(shelf=lambda _: Shelf(tmp_path, 0)))
    other = Book(aside, book.calendar, book.policy, ("segment", "product"))
    asked = [*SOME, "recurring_revenue"]
    for by in ((), ("segment",), ("product",)):
        found = evaluate(other, asked, PERIOD, by)
        assert found.equals(evaluate(book, asked, PERIOD, by))
        assert found["value"].is_not_null().any()
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 2


def test_a_rate_that_only_retention_lacks_is_an_error_of_retention_alone():
    """What was paid in euros a year ago has no value at the end, when there is no rate."""
    paid = {"account_id": "A1", "service_from": "2025-09-01", "service_to": "2025-10-01"}
    months = pl.date_range(date(2024, 1, 1), date(2026, 8, 1), "1mo", eager=True)
    rates = [{"month": month, "from_currency": "EUR", "rate": 1.1} for month in months]
    sources = Sources(
        as_of=date(2026, 12, 31),
        rates=Rates.read("USD", table_frame("billing/fx_rates", rates)),
        accounts=table_frame("crm/accounts", [{"account_id": "A1"}]).lazy(),
        invoice_lines=table_frame(LINES, [{**paid, "currency": "EUR"}]).lazy(),
    )
    calendar = Calendar(PERIOD.closing, sources.as_of)
    book = Book(sources, calendar, Policy(mrr_source="invoices"))
    assert evaluate(book, ["mrr"], PERIOD)["value"].to_list() == [0.0]
    with pytest.raises(DataError, match="EUR to USD for 2026-09"):
        evaluate(book, ["nrr"], PERIOD)
