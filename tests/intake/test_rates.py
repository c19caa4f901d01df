"""Every amount in another currency has a rate for each month it is converted at."""

from datetime import date

import polars as pl
import pytest

from engine.intake.checked import Checked
from engine.intake.conversion import Conversion
from engine.intake.rates import missing_rates
from fixtures.stories import Row, table_frame
from schemas.canonical import TABLES
from tests.intake.one_snapshot import ITEMS, LINES, OPPORTUNITIES, RATES, SPEND

AS_OF = date(2026, 5, 15)


def table(name: str, *rows: Row) -> Checked:
    return Checked(name, table_frame(name, list(rows)).lazy(), TABLES[name].key)


def by_name(*tables: Checked | None) -> dict[str, Checked]:
    return {each.name: each for each in tables if each}


def missing(used: Checked, *known: str, **options: object) -> list[str]:
    """Months (``2026-01``) that lack a EUR rate, where only those known have one."""
    rates = table(RATES, *({"month": month} for month in known)) if known else None
    conversion = Conversion("USD", **{"as_of": AS_OF, **options})
    finding = missing_rates(by_name(used, rates), conversion)
    examples = finding.examples if finding else ()
    assert (finding.rows if finding else 0) == len(examples) or len(examples) == 3
    return [each.split(", ")[1].split(":")[0] for each in examples]


def euros(name: str, **row: object) -> Checked:
    return table(name, {"currency": "EUR", **row})


def test_money_in_the_reporting_currency_needs_no_rate() -> None:
    assert missing(table(ITEMS, {"currency": "USD"})) == []


def test_an_item_needs_rates_from_its_start_to_the_month_after_it_was_last_live() -> None:
    """Its churn is valued in May, the month it ends in."""
    item = euros(ITEMS, valid_from="2026-02-10", valid_to="2026-04-05")
    assert missing(item) == ["2026-02", "2026-03", "2026-04"]
    assert missing(item, "2026-02", "2026-04") == ["2026-03"]
    assert missing(item, "2026-02", "2026-03", "2026-04") == []


def test_an_open_item_needs_rates_to_the_last_complete_month() -> None:
    """A rate of the month that is still running cannot be known yet."""
    item = euros(ITEMS, valid_from="2026-03-31")
    assert missing(item, as_of=date(2026, 5, 30)) == ["2026-03", "2026-04"]
    assert missing(item, as_of=date(2026, 5, 31)) == ["2026-03", "2026-04", "2026-05"]


def test_of_items_that_start_together_the_longest_counts() -> None:
    ends = ("2026-01-20", "2026-03-01", "2026-02-01")
    item = table(ITEMS, *({"currency": "EUR", "valid_to": each} for each in ends))
    assert missing(item) == ["2026-01", "2026-02", "2026-03"]


def test_an_item_that_starts_later_needs_no_rate() -> None:
    assert missing(euros(ITEMS, valid_from="2026-06-01")) == []


@pytest.mark.parametrize("row", [{"amount": 0}, {"amount": 5, "discount": 5}])
def test_an_item_without_net_amount_needs_no_rate(row: Row) -> None:
    assert missing(table(ITEMS, {"currency": "EUR", **row})) == []


def test_a_line_needs_rates_for_the_months_of_its_service() -> None:
    """Not for that of its invoice, nor for the day that service ends on, which is exclusive."""
    line = euros(
        LINES, service_from="2026-02-28", service_to="2026-04-01", invoiced_on="2025-12-31"
    )
    assert missing(line) == ["2026-02", "2026-03"]


def test_a_line_without_service_needs_the_rate_of_its_invoice() -> None:
    assert missing(euros(LINES, invoiced_on="2025-12-31")) == ["2025-12"]


def test_a_line_recognised_by_invoice_date_needs_that_months_rate() -> None:
    line = euros(
        LINES, service_from="2026-02-28", service_to="2026-04-01", invoiced_on="2025-12-31"
    )
    assert missing(line, by_invoice_date=True) == ["2025-12"]


def test_a_discount_alone_needs_a_rate() -> None:
    """It is reported."""
    line = euros(LINES, amount=0, discount=5, invoiced_on="2026-01-01")
    assert missing(line) == ["2026-01"]


def test_spend_needs_its_months_rate() -> None:
    assert missing(euros(SPEND, month="2026-03")) == ["2026-03"]


def test_an_opportunity_needs_the_rate_of_the_month_it_closes_in() -> None:
    """Expected in a month to come, it needs none yet."""
    closed = euros(OPPORTUNITIES, created_on="2025-03-03", close_on="2026-03-31")
    assert missing(closed) == ["2026-03"]
    assert missing(euros(OPPORTUNITIES, close_on="2026-12-31")) == []


def test_under_constant_currency_one_month_is_enough() -> None:
    item = euros(ITEMS, valid_from="2026-02-10")
    assert missing(item, "2026-01", constant_month=2026 * 12) == []
    assert missing(item, "2026-02", constant_month=2026 * 12) == ["2026-01"]


def test_a_rate_the_other_way_round_is_none() -> None:
    turned = table(
        RATES, {"month": "2026-03", "from_currency": "USD", "to_currency": "EUR", "rate": 0.9}
    )
    tables = by_name(euros(SPEND, month="2026-03"), turned)
    finding = missing_rates(tables, Conversion("USD", AS_OF))
    assert finding is not None
    assert finding.rows == 1


def test_a_rate_into_another_currency_is_none() -> None:
    other = table(RATES, {"month": "2026-03", "to_currency": "GBP"})
    tables = by_name(euros(SPEND, month="2026-03"), other)
    finding = missing_rates(tables, Conversion("USD", AS_OF))
    assert finding is not None
    assert finding.rows == 1


def test_an_unknown_currency_is_another_rules() -> None:
    assert missing(table(SPEND, {"currency": "usd"}, {"currency": "XXX"})) == []


def test_a_missing_rate_names_the_tables_that_need_it() -> None:
    used = by_name(euros(SPEND, month="2026-03"), euros(ITEMS, valid_from="2026-03-01"))
    finding = missing_rates(used, Conversion("USD", date(2026, 4, 1)))
    assert finding is not None
    assert finding.examples == ("EUR to USD, 2026-03: billing/subscription_items, crm/spend",)


def test_wild_dates_cost_no_more_than_fifty_years() -> None:
    """Year 1 to year 9999, as of the last day there is."""
    item = euros(ITEMS, valid_from=date.min, valid_to=date.max)
    finding = missing_rates(by_name(item), Conversion("USD", date.max))
    assert finding is not None
    assert finding.rows == 601


def test_a_snapshot_of_the_first_year_has_rates_of_no_earlier_one() -> None:
    frame = table_frame(ITEMS, [{"currency": "EUR"}])
    before = pl.Series("valid_from", [-800_000], dtype=pl.Int32).cast(pl.Date)
    item = Checked(ITEMS, frame.with_columns(before).lazy(), ("item_id",))
    assert missing(item, as_of=date(1, 2, 28)) == ["0001-01", "0001-02"]
