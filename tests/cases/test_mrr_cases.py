"""Two billing systems' own cases: Kill Bill's prices turned into MRR, and Polar's metrics.

The files (Apache-2.0) are read from ``mrr_cases`` in the folder that ``QUARTERDECK_REFERENCE``
names, else beside the checkout; where they are absent those tests are skipped, and the few rows
that stand here are tested alone. Where Kill Bill or Polar counts otherwise, the test says by
which choice.
"""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.reference import REFERENCE, ROOT

ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
FOLDERS = (REFERENCE / "mrr_cases", ROOT.parent / "shared" / "data" / "mrr_cases")


def published(name: str) -> Path:
    """The file, wherever it lies; without it the test is skipped."""
    for folder in FOLDERS:
        if (folder / name).exists():
            return folder / name
    pytest.skip(f"the reference data is not there: {FOLDERS[0] / name}")


def cents(amount: str) -> int:
    return round(float(amount) * 100)


# Kill Bill ------------------------------------------------------------------------------------

#: Months in each of its billing periods that is made of months.
MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "BIANNUAL": 6, "ANNUAL": 12, "BIENNIAL": 24}

#: Some of its rows, and its rule where the file has none: price / months, to four digits.
PRICES = (
    ("NO_BILLING_PERIOD", "369.95", 0.0),
    ("MONTHLY", "2.95", 2.95),
    ("MONTHLY", "549.00", 549.0),
    ("ANNUAL", "18.29", 1.5242),
    ("ANNUAL", "799.00", 66.5833),
    ("QUARTERLY", "90.00", 30.0),
    ("BIANNUAL", "90.00", 15.0),
    ("BIENNIAL", "90.00", 3.75),
)


def priced(company, prices: Sequence[tuple[str, str, float]]) -> list[float]:
    """The MRR of each price, to four digits; a price without a period is a one-time charge."""
    items, lines = [], []
    for place, (period, price, _) in enumerate(prices):
        row = {"account_id": f"A{place}", "amount": cents(price)}
        if period in MONTHS:
            items.append({**row, "interval_count": MONTHS[period]})
        else:
            lines.append({**row, "charge_type": "one_time", "invoiced_on": "2026-09-01"})
    firm = company({ITEMS: items, LINES: lines})
    found = firm.values("mrr", "--by", "account_id")
    return [round(found.get(f"A{place}", 0), 4) for place in range(len(prices))]


def test_some_of_kill_bills_prices(company):
    assert priced(company, PRICES) == [mrr for _, _, mrr in PRICES]


def test_all_of_kill_bills_prices(company):
    with published("killbill_mrr_normalisation.csv").open(encoding="utf-8") as file:
        rows = [
            (row["billing_period"], row["price"], float(row["expected_mrr"]))
            for row in csv.DictReader(file)
        ]
    assert len(rows) == 63
    assert priced(company, rows) == [mrr for _, _, mrr in rows]


@pytest.mark.parametrize(
    ("interval", "count", "mrr"),
    [("week", 1, 43.3333), ("week", 2, 21.6667), ("day", 1, 304.1667), ("day", 30, 10.1389)],
)
def test_weeks_and_days_have_mrr_here_and_none_at_kill_bill(company, interval, count, mrr):
    """It takes weekly, biweekly, daily and 30-day prices as 0: no policy of this contract does.

    Here a week is 52/12 a month and a day 365/12, so that a weekly plan is not worth nothing.
    """
    kill_bill = 0
    firm = company({ITEMS: [{"amount": 10_00, "interval": interval, "interval_count": count}]})
    assert round(firm.value("mrr"), 4) == mrr != kill_bill


# Polar ----------------------------------------------------------------------------------------

#: Its metric → our metrics, added up, and whether it is money (in cents, truncated).
SAME = {
    "monthly_recurring_revenue": (("mrr",), True),
    "average_revenue_per_user": (("arpa",), True),
    "revenue": (("recurring_revenue", "one_time_revenue", "refunds"), True),
    "one_time_products_revenue": (("one_time_revenue",), True),
    "active_subscriptions": (("accounts", "free_users"), False),
    "new_subscriptions": (("new_accounts",), False),
    "churn_rate": (("logo_churn",), False),
}

#: What it counts and the contract does not.
NOT_HERE = {
    "orders": "invoices are not counted, only what they recognise",
    "average_order_value": "the same",
    "one_time_products": "the same",
    "cumulative_revenue": "a running total since the first order; periods are what is asked for",
    "new_subscriptions_revenue": "revenue is not told apart by first and later invoices",
    "renewed_subscriptions": "the same",
    "renewed_subscriptions_revenue": "the same",
    "committed_monthly_recurring_revenue": "MRR less cancellations to come; no metric of ours",
    "canceled_subscriptions": "counted by the day of the cancellation; here by valid_to",
}

#: Case, bucket and metric where the contract answers otherwise: our answer, and why.
FREE = "a free subscription is no new account: new_accounts counts who pays for the first time"
ENDED = "churn is when valid_to says, here the end of the service, not the day of cancelling"
OTHERWISE = {
    ("test_values_free_subscription", "2024-01-01", "new_subscriptions"): (0, FREE),
    ("test_values_free_subscription", "2024-06-01", "new_subscriptions"): (0, FREE),
    ("test_values_subscription_due_cancellation", "2024-01", "new_subscriptions"): (0, FREE),
    ("test_churn_rate", "2024-02", "churn_rate"): (0, ENDED),
}

#: As Polar counts: revenue in the month of its order, churn of one month.
POLICY = '[policy]\nrecognition = "invoice_date"\nchurn_months = 1'

#: Two of its cases, as they are laid out there.
CASES = {
    "products": {
        "month": {"interval": "month", "price": 100_00},
        "year": {"interval": "year", "price": 1_000_00},
    },
    "cases": [
        {
            "name": "a monthly and a yearly subscription",
            "subscriptions": [
                {"id": "s1", "started_at": "2024-01-01", "product": "month"},
                {"id": "s2", "started_at": "2024-01-01", "product": "year"},
            ],
            "expected_monthly": {
                "2024-02": {"monthly_recurring_revenue": 18333, "average_revenue_per_user": 9166}
            },
        },
        {
            "name": "half off for ever",
            "discounts": [{"id": "d", "basis_points": 5000}],
            "subscriptions": [
                {"id": "s1", "started_at": "2024-01-01", "product": "month", "discount": "d"}
            ],
            "expected_daily": {"2024-01-01": {"monthly_recurring_revenue": 5000}},
        },
    ],
}

#: An export of this day holds all that the cases tell.
LATER = "2025-01-01"


class Told:
    """A case of Polar's as snapshots, one for each day that it looks at."""

    def __init__(self, company, case: Mapping, products: Mapping) -> None:
        self.company, self.case, self.products = company, case, products
        self.off = {each["id"]: each["basis_points"] for each in case.get("discounts", ())}

    def value(self, metrics: Sequence[str], bucket: str) -> float:
        """Our metrics added up, in the bucket: a day (the month up to it), month or year."""
        as_of = bucket if len(bucket) == len("2024-01-01") else LATER
        source = "" if self.case.get("subscriptions") else '\nmrr_source = "invoices"'
        firm = self.company(self._tables(as_of), POLICY + source, as_of)
        asked = ("--snapshot", as_of, "--period", bucket[:7], "--partial")
        return sum(firm.value(metric, *asked) or 0 for metric in metrics)

    def _tables(self, as_of: str) -> dict[str, list[dict]]:
        lines = [line for order in self._known("orders", "created_at", as_of) for line in order]
        items = [
            item for each in self._known("subscriptions", "started_at", as_of) for item in each
        ]
        return {table: rows for table, rows in ((ITEMS, items), (LINES, lines)) if rows}

    def _known(self, what: str, day: str, as_of: str) -> Iterator[list[dict]]:
        rows = {"orders": self._lines, "subscriptions": self._item}[what]
        return (rows(each) for each in self.case.get(what, ()) if each[day] <= as_of)

    def _item(self, told: Mapping) -> list[dict]:
        product = self.products[told["product"]]
        item = {
            "account_id": told.get("customer", told["id"]),
            "amount": product["price"],
            "discount": product["price"] * self.off.get(told.get("discount"), 0) // 10_000,
            "interval": product["interval"],
            "valid_from": told["started_at"],
            "valid_to": told.get("ended_at") or told.get("ends_at"),
        }
        return [item]

    def _lines(self, told: Mapping) -> list[dict]:
        """A pending order is not invoiced; a refunded one has a second line."""
        kind = "recurring" if self.products[told["product"]]["interval"] else "one_time"
        account = told.get("subscription", told["product"])
        line = {"charge_type": kind, "invoiced_on": told["created_at"], "account_id": account}
        charge = {**line, "amount": told["amount"]}
        refund = {**line, "amount": -told["amount"], "entry_type": "refund"}
        return {"paid": [charge], "refunded": [charge, refund], "pending": []}[told["status"]]


def buckets(case: Mapping) -> Iterator[tuple[str, Mapping[str, float]]]:
    for key, expected in case.items():
        if key in {"expected_daily", "expected_monthly"}:
            yield from expected.items()
        elif key.startswith("expected_year_"):
            yield key.removeprefix("expected_year_"), expected


def differences(company, document: Mapping) -> dict[tuple[str, str, str], float]:
    """Case, bucket and Polar's metric → our figure, where it is not theirs."""
    found = {}
    for case in document["cases"]:
        told = Told(company, case, document["products"])
        name = case["name"].removesuffix(" (commented out upstream)")
        for bucket, expected in buckets(case):
            for metric, theirs in expected.items():
                if metric not in NOT_HERE:
                    metrics, is_money = SAME[metric]
                    value = told.value(metrics, bucket)
                    ours = math.floor(round(value * 100, 4)) if is_money else value
                    if ours != theirs:
                        found[name, bucket, metric] = ours
    return found


def test_some_of_polars_cases(company):
    assert differences(company, CASES) == {}


def test_polars_nine_cases(company):
    """All that both count agrees but for the four figures of ``OTHERWISE``."""
    document = json.loads(published("polar_cases.json").read_text(encoding="utf-8"))
    assert len(document["cases"]) == 9
    found = differences(company, document)
    assert found == {place: figure for place, (figure, _) in OTHERWISE.items()}


def test_churn_on_the_day_of_cancelling_is_the_exports_to_say(company):
    """Polar's 0.5 in February comes out once valid_to is the day of the cancellation."""
    firm = company(
        {
            ITEMS: [
                {"account_id": "s1", "valid_from": "2024-01-01", "valid_to": "2024-02-15"},
                {"account_id": "s2", "valid_from": "2024-01-01"},
            ]
        },
        POLICY,
        LATER,
    )
    assert firm.value("logo_churn", "--period", "2024-02") == 0.5


def test_a_free_subscription_has_no_mrr_in_either(company):
    """Polar has it active with MRR 0; here it is a free user and no paying account."""
    firm = company({ITEMS: [{"amount": 0}]})
    found = [firm.value(metric) for metric in ("mrr", "free_users", "accounts")]
    assert found == [0, 1, 0]
