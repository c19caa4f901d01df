"""A third party's ledger and its own results, for tests to compare with.

They lie in ``fixtures/reference``, or in the folder that ``QUARTERDECK_REFERENCE`` names.
"""

import csv
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from engine.intake.ledger import ImportResult, import_ledger
from engine.mapping import LedgerMapping

ROOT = Path(__file__).parents[1]
REFERENCE = Path(os.environ.get("QUARTERDECK_REFERENCE") or ROOT / "fixtures" / "reference")
LEDGER = REFERENCE / "billing_ledger"
EXPORT = LEDGER / "input" / "billing_export.csv"

#: The day after the ledger's last month.
EXPORTED_ON = date(2026, 1, 1)

#: As it stands in a workspace's quarterdeck.toml.
MAPPING_TOML = """
[mappings.billing]
currency = "USD"
service_end = "inclusive"

[mappings.billing.columns]
account_id = "Customer"
invoiced_on = "Invoice Date"
amount = "Amount"
service_from = "Service Start"
service_to = "Service End"

[mappings.billing.account]
segment = "Plan Tier"
channel = "Channel"

[mappings.billing.defaults]
product = "Subscription"
charge_type = "recurring"
"""
MAPPING = LedgerMapping.model_validate(tomllib.loads(MAPPING_TOML)["mappings"]["billing"])

Recognition = Literal["days", "invoice_date"]
Dimension = Literal["", "segment", "channel"]

#: Group and month (``("SMB", "2024-03")``; the total's group is ``""``) → metric → figure.
Waterfall = Mapping[tuple[str, str], Mapping[str, Decimal]]

_FOLDERS: Mapping[Recognition, str] = {"days": "expected", "invoice_date": "expected_as_billed"}
_FILES: Mapping[Dimension, str] = {
    "": "waterfall.csv",
    "segment": "waterfall_by_segment.csv",
    "channel": "waterfall_by_channel.csv",
}

#: Their column → our metric and the sign that makes opening + movements = mrr.
_METRICS = {
    "beginning": ("opening", 1),
    "new_logo": ("mrr_new", 1),
    "reactivation": ("mrr_reactivation", 1),
    "expansion": ("mrr_expansion", 1),
    "contraction": ("mrr_contraction", -1),
    "churn": ("mrr_churn", -1),
    "ending": ("mrr", 1),
    "new_logos": ("new_accounts", 1),
    "reactivated_logos": ("reactivated_accounts", 1),
    "churned_logos": ("churned_accounts", 1),
    "active_logos": ("accounts", 1),
}


def imported_ledger(snapshots: Path) -> ImportResult:
    """The ledger as a new snapshot below that folder."""
    _need(EXPORT)
    return import_ledger([EXPORT], MAPPING, snapshots, EXPORTED_ON)


def expected_waterfall(recognition: Recognition, by: Dimension = "") -> Waterfall:
    """The third party's monthly roll-forward, in major units, signed as our metrics are.

    Args:
        recognition: ``days`` spreads annual lines by day; ``invoice_date`` takes each line whole.
        by: Dimension; the total without. Only the total counts accounts.

    Returns:
        Metrics: ``opening`` (mrr of the month before), ``mrr_new``, ``mrr_reactivation``,
        ``mrr_expansion``, ``mrr_contraction``, ``mrr_churn``, ``mrr``; in total also
        ``new_accounts``, ``reactivated_accounts``, ``churned_accounts``, ``accounts``.
    """
    rows = _rows(LEDGER / _FOLDERS[recognition] / _FILES[by])
    return {
        (row[by] if by else "", row["period_end"][:7]): {
            metric: sign * Decimal(row[column])
            for column, (metric, sign) in _METRICS.items()
            if column in row
        }
        for row in rows
    }


def expected_customers(recognition: Recognition) -> Mapping[tuple[str, str], Decimal]:
    """The third party's revenue by customer and month (``("cus_00001", "2024-01")``)."""
    return {
        (row["customer_id"], month[:7]): Decimal(revenue)
        for row in _rows(LEDGER / _FOLDERS[recognition] / "customers.csv")
        for month, revenue in row.items()
        if month != "customer_id"
    }


def expected_metrics(recognition: Recognition) -> Mapping[str, Mapping[str, float]]:
    """The third party's ratios by month, under its own names; what it leaves blank is absent."""
    return {
        row["period_end"][:7]: {
            name: float(value) for name, value in row.items() if name != "period_end" and value
        }
        for row in _rows(LEDGER / _FOLDERS[recognition] / "metrics.csv")
    }


def expected_rows(recognition: Recognition, file: str) -> Iterable[dict[str, str]]:
    """The rows of one of the third party's files, as text."""
    return _rows(LEDGER / _FOLDERS[recognition] / file)


def largest_differences(mine: Waterfall, theirs: Waterfall) -> Mapping[str, Decimal]:
    """Metric → largest absolute difference in any group and month; those without are left out.

    A group and month that one side lacks counts as zero there.
    """
    found: dict[str, Decimal] = {}
    for metric, difference in _differences(mine, theirs):
        found[metric] = max(found.get(metric, Decimal(0)), difference)
    return {metric: difference for metric, difference in found.items() if difference}


def _differences(mine: Waterfall, theirs: Waterfall) -> Iterator[tuple[str, Decimal]]:
    for place in {*mine, *theirs}:
        left, right = mine.get(place, {}), theirs.get(place, {})
        for metric in right or left:
            yield metric, abs(left.get(metric, Decimal(0)) - right.get(metric, Decimal(0)))


def _rows(path: Path) -> Iterable[dict[str, str]]:
    _need(path)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _need(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"the reference data is not there: {path}")
