"""A snapshot's tables as what facts are made of."""

from collections.abc import Mapping

import polars as pl

from engine.facts.sources import Sources
from engine.intake.read import table
from engine.intake.snapshot import Snapshot
from engine.money import Rates

ACCOUNTS = "crm/accounts"
ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
USERS, RATES = "billing/account_users", "billing/fx_rates"
OPPORTUNITIES, SPEND, TARGETS = "crm/opportunities", "crm/spend", "crm/targets"


def sources(
    snapshot: Snapshot, currency: str, good: Mapping[str, pl.LazyFrame] | None = None
) -> Sources:
    """The snapshot's tables as lazy scans; only the small rates table is read.

    Args:
        good: Tables that only these rows count of.
    """
    tables = {
        name: good[name] if good and name in good else table(snapshot, name)
        for name in snapshot.tables
    }
    rates = tables[RATES].collect() if RATES in tables else None
    return Sources(
        as_of=snapshot.as_of,
        rates=Rates.read(currency, rates),
        accounts=tables[ACCOUNTS],
        subscription_items=tables.get(ITEMS),
        invoice_lines=tables.get(LINES),
        account_users=tables.get(USERS),
        opportunities=tables.get(OPPORTUNITIES),
        spend=tables.get(SPEND),
        targets=tables.get(TARGETS),
    )
