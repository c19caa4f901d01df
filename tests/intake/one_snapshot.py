"""A snapshot in a test: its folder, its verdict, and the verdict in a few words."""

from collections.abc import Collection
from pathlib import Path

from engine.intake.snapshot import open_snapshot
from engine.intake.verdict import Failure, Verdict, verdict

AS_OF = "2026-10-01"
ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
USERS, RATES = "billing/account_users", "billing/fx_rates"
ACCOUNTS, OPPORTUNITIES = "crm/accounts", "crm/opportunities"
SPEND, TARGETS = "crm/spend", "crm/targets"


def checked(root: Path, currency: str = "USD", needed: Collection[str] = ()) -> Verdict:
    """The verdict on the latest snapshot in ``root``."""
    return verdict(open_snapshot(str(root)), currency=currency, needed=needed)


def told(found: Verdict) -> list[tuple[str, str, str | None, int]]:
    """Table, rule, column and rows of every failure."""
    return [(each.table, each.rule, each.column, each.rows) for each in found.failures]


def only(found: Verdict) -> Failure:
    """The one failure there is."""
    (failure,) = found.failures
    return failure
