"""A snapshot in a test: its folder, its verdict, and the verdict in a few words."""

from collections.abc import Collection
from pathlib import Path

from engine.intake.conversion import Conversion
from engine.intake.snapshot import open_snapshot
from engine.intake.verdict import Failure, Verdict, verdict
from engine.settings.validation import Validation

AS_OF = "2026-10-01"
ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
USERS, RATES = "billing/account_users", "billing/fx_rates"
ACCOUNTS, OPPORTUNITIES = "crm/accounts", "crm/opportunities"
SPEND, TARGETS = "crm/spend", "crm/targets"


#: Rules about a table as a whole, which tests of single rows have no wish to hear.
HUNCHES = Validation(severities={"stale": "off", "drift": "off", "rows-repeated": "off"})


def checked(
    root: Path,
    currency: str = "USD",
    needed: Collection[str] = (),
    validation: Validation = HUNCHES,
) -> Verdict:
    """The verdict on the latest snapshot in ``root``."""
    snapshot = open_snapshot(str(root))
    conversion = Conversion(currency, snapshot.as_of)
    return verdict(snapshot, conversion, needed=needed, validation=validation)


def told(found: Verdict) -> list[tuple[str, str, str | None, int]]:
    """Table, rule, column and rows of every failure."""
    return [(each.table, each.rule, each.column, each.rows) for each in found.failures]


def only(found: Verdict) -> Failure:
    """The one failure there is."""
    (failure,) = found.failures
    return failure
