"""Numbers that should agree are set against one another; what cannot differ stops the run."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl
import pytest

from engine.analysis import sources
from engine.errors import EngineError
from engine.facts.book import Book
from engine.facts.sources import Calendar
from engine.intake.snapshot import open_snapshot
from engine.metrics.model import Unit
from engine.metrics.movements import movements
from engine.metrics.reconciliation import Check, Line, Outcome, reconcile
from engine.metrics.reconciliation.line import compared
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import write_snapshot

ITEMS, LINES, USERS = (
    f"billing/{name}" for name in ("subscription_items", "invoice_lines", "account_users")
)
Q3 = Period.parse("2026Q3")
BILLED = [
    {"account_id": account, "service_from": f"2026-{month:02}-01", "service_to": until}
    for account in "AB"
    for month, until in ((7, "2026-08-01"), (8, "2026-09-01"), (9, "2026-10-01"))
]
CONTRACTED = [{"account_id": each, "seats": 5, "valid_from": "2026-07-01"} for each in "AB"]
Keep = Callable[..., Book]


@pytest.fixture
def keep(tmp_path) -> Keep:
    """The books of the third quarter of 2026 over those tables, kept apart by segment."""

    def kept(
        tables: Mapping[str, Sequence[Mapping[str, object]]], policy: Policy | None = None
    ) -> Book:
        snapshot = open_snapshot(str(write_snapshot(tmp_path / "2026-10-01", tables).parent))
        calendar = Calendar(Q3.closing, snapshot.as_of)
        read = sources(snapshot, "USD")
        return Book(read, calendar, policy or Policy(), ("segment",), Q3.months)

    return kept


def lines(book: Book, *dimensions: str) -> dict[str, Line]:
    return {each.check.name: each for each in reconcile(book, Q3, dimensions)}


def sides(line: Line) -> tuple[float | None, float | None, float | None, str]:
    return line.left, line.right, line.difference, line.outcome.value


def test_systems_that_agree_look_odd_nowhere(keep):
    users = [{"account_id": each, "month": "2026-09", "active_users": 4} for each in "AB"]
    found = lines(keep({ITEMS: CONTRACTED, LINES: BILLED, USERS: users}), "segment")
    by_design = {"won-in-billing", "won-value-in-billing"}
    assert {name for name, each in found.items() if each.outcome is Outcome.MISSING} == by_design
    assert not [name for name, each in found.items() if each.outcome is Outcome.ODD]
    assert sides(found["mrr-recognised"]) == (200, 200, 0, "ok")
    assert sides(found["mrr-invoiced"]) == (600, 600, 0, "ok")
    assert sides(found["roll-forward:segment"]) == (200, 200, 0, "ok")
    assert sides(found["users-active"]) == (10, 8, 2, "ok")


def test_a_contract_that_nobody_bills_looks_odd_in_accounts_and_in_money(keep):
    unbilled = {"account_id": "C", "amount": 50_00, "valid_from": "2026-07-01"}
    found = lines(keep({ITEMS: [*CONTRACTED, unbilled], LINES: BILLED}))
    assert sides(found["paying-billed"]) == (250, 200, 50, "looks odd")
    assert sides(found["paying-billed-accounts"]) == (3, 2, 1, "looks odd")
    assert sides(found["mrr-recognised"]) == (250, 200, 50, "looks odd")
    assert found["billed-paying"].outcome is Outcome.OK


def test_a_bill_without_a_contract_looks_odd(keep):
    found = lines(keep({ITEMS: CONTRACTED[:1], LINES: BILLED}))
    assert sides(found["billed-paying"]) == (200, 100, 100, "looks odd")
    assert found["paying-billed"].outcome is Outcome.OK


def test_either_side_says_how_much_the_other_does_not_know(keep):
    """B pays and is not in the CRM; C and D are in the CRM, and D was won but never billed."""
    won = {"kind": "new", "amount": 1200_00, "close_on": "2026-08-01"}
    tables = {
        "crm/accounts": [{"account_id": each} for each in "ACD"],
        "crm/opportunities": [{**won, "account_id": each} for each in "AD"],
        ITEMS: CONTRACTED,
    }
    found = lines(keep(tables))
    assert sides(found["paying-in-crm"]) == (2, 1, 1, "looks odd")
    assert sides(found["mrr-in-crm"]) == (200, 100, 100, "looks odd")
    assert sides(found["crm-in-billing"]) == (3, 1, 2, "for information")
    assert sides(found["won-in-billing"]) == (2, 1, 1, "looks odd")
    assert sides(found["won-value-in-billing"]) == (200, 100, 100, "looks odd")


def test_families_are_compared_as_families_where_the_policy_rolls_up(keep):
    accounts = [{"account_id": "P"}, {"account_id": "A", "parent_account_id": "P"}]
    book = keep({"crm/accounts": accounts, ITEMS: CONTRACTED[:1]}, Policy(account_level="parent"))
    found = lines(book)
    assert sides(found["paying-in-crm"]) == (1, 1, 0, "ok")
    assert sides(found["crm-in-billing"]) == (1, 1, 0, "for information")


def test_more_people_than_seats_looks_odd(keep):
    users = [
        {"account_id": "A", "month": "2026-09", "active_users": 6},
        {"account_id": "B", "month": "2026-09", "active_users": 12},
    ]
    found = lines(keep({ITEMS: CONTRACTED, USERS: users}))
    assert sides(found["users-active"]) == (10, 18, -8, "looks odd")
    assert sides(found["accounts-within-seats"]) == (2, 0, 2, "looks odd")


def test_what_cannot_be_compared_says_why(keep):
    found = lines(keep({ITEMS: CONTRACTED}))
    assert found["mrr-recognised"].reason == "billing/invoice_lines was not exported"
    assert found["users-active"].reason == "billing/account_users was not exported"
    assert found["mrr-recognised"].left is None


def test_with_mrr_from_invoices_there_is_nothing_to_set_it_against(keep):
    found = lines(keep({LINES: BILLED}, Policy(mrr_source="invoices")), "segment")
    assert "taken from invoices" in found["mrr-invoiced"].reason
    assert sides(found["roll-forward:segment"]) == (200, 200, 0, "ok")
    assert sides(found["paying-in-crm"]) == (2, 2, 0, "ok")


@pytest.mark.parametrize(("by", "name"), [((), "roll-forward"), (("by segment",), "roll-forward:")])
def test_a_millionth_amiss_in_a_roll_forward_stops_everything(keep, by, name):
    book = keep({ITEMS: CONTRACTED})
    movements(book, Q3.months, by)
    (key,) = [each for each in book.kept.made if each[:2] == ("movements", by)]
    book.kept.made[key] = book.kept.made[key].with_columns(pl.col("new") + 1)
    with pytest.raises(EngineError, match=name) as failure:
        reconcile(book, Q3, ("segment",))
    assert (failure.value.reference, failure.value.exit_status) == ("does-not-add-up", 1)


def test_a_movement_that_its_groups_do_not_add_up_to_stops_everything(keep):
    """Each group still rolls forward: what is new too much is expansion too little."""
    book, by = keep({ITEMS: CONTRACTED}), ("by segment",)
    movements(book, Q3.months, by)
    (key,) = [each for each in book.kept.made if each[0] == "movements"]
    shifted = (pl.col("new") + 1, pl.col("expansion") - 1)
    book.kept.made[key] = book.kept.made[key].with_columns(shifted)
    with pytest.raises(EngineError, match="groups:segment mrr_new"):
        reconcile(book, Q3, ("segment",))


@pytest.mark.parametrize(
    ("tolerance", "right", "outcome"),
    [
        (0.1, 90, Outcome.OK),
        (0.1, 110, Outcome.OK),
        (0.1, 89, Outcome.ODD),
        (0.0, 100, Outcome.OK),
        (0.0, 99, Outcome.ODD),
        (None, 0, Outcome.TOLD),
    ],
)
def test_a_difference_at_the_tolerance_is_no_matter(tolerance, right, outcome):
    check = Check("x", "X", "left", "right", Unit.COUNT, tolerance, "", "")
    assert compared(check, 100, right).outcome is outcome
