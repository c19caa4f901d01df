"""Tables that mean the same accounts, and owners that do not go in circles."""

from datetime import date
from functools import partial

import pytest

from engine.intake.checked import Checked
from engine.intake.relations import (
    known_accounts,
    owned_in_circles,
    referenced,
    unbilled_accounts,
    unknown_accounts,
)
from fixtures.stories import table_frame
from schemas.canonical import TABLES
from tests.intake.one_snapshot import ACCOUNTS, ITEMS

AS_OF = date(2026, 10, 1)


def accounts(*rows: dict[str, object]) -> Checked:
    frame = table_frame(ACCOUNTS, list(rows)).lazy()
    return Checked(ACCOUNTS, frame, TABLES[ACCOUNTS].key)


def owners(**parents: str | None) -> Checked:
    """Accounts by name, each with its parent."""
    return accounts(
        *({"account_id": name, "parent_account_id": owner} for name, owner in parents.items())
    )


def items(*account_ids: str | None) -> Checked:
    frame = table_frame(ITEMS, [{"account_id": each} for each in account_ids]).lazy()
    return Checked(ITEMS, frame, TABLES[ITEMS].key)


unknown = partial(unknown_accounts, ITEMS, "account_id")


def test_rows_of_accounts_that_the_crm_does_not_hold_are_counted() -> None:
    named = referenced(items("A", "B", "B", "C", None), "account_id")
    found = unknown(named, known_accounts(accounts({"account_id": "A"})))
    assert found is not None
    assert (found.rule, found.column, found.rows) == ("account-unknown", "account_id", 3)
    assert found.examples == ("account_id=B: 2 rows", "account_id=C: 1 row")


def test_accounts_that_match_are_no_finding() -> None:
    """An account without a name is the rule for nulls' business."""
    named = referenced(items("A", None), "account_id")
    assert unknown(named, known_accounts(accounts({"account_id": "A"}))) is None


def test_accounts_without_a_row_in_billing_are_counted() -> None:
    known = known_accounts(accounts(*({"account_id": each} for each in "ABC")))
    found = unbilled_accounts([referenced(items("B"), "account_id")], known)
    assert found is not None
    assert (found.rule, found.rows) == ("account-unbilled", 2)
    assert found.examples == ("account_id=A", "account_id=C")


def test_an_account_with_history_is_one_account() -> None:
    history = accounts(
        {"account_id": "A", "valid_to": "2026-01-01"},
        {"account_id": "A", "valid_from": "2026-01-01"},
    )
    found = unbilled_accounts([referenced(items("B"), "account_id")], known_accounts(history))
    assert found is not None
    assert found.rows == 1


def circle(table: Checked) -> set[str]:
    """Accounts in the examples."""
    found = owned_in_circles(table, AS_OF)
    if found is None:
        return set()
    assert found.rows >= len(found.examples)
    return {each.split(":")[0].removeprefix("account_id=") for each in found.examples}


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({"A": None, "B": "A", "C": "B"}, set()),
        ({"A": "A"}, {"A"}),
        ({"A": "B", "B": "A"}, {"A", "B"}),
        ({"A": "B", "B": "C", "C": "A", "D": "A", "E": "D"}, {"A", "B", "C"}),
        ({"A": "nobody"}, set()),
        ({}, set()),
    ],
)
def test_accounts_that_own_themselves_are_found(parents: dict, expected: set[str]) -> None:
    """Not those that are merely owned by such: D and E are fine once A is."""
    assert circle(owners(**parents)) == expected


def test_a_long_chain_is_no_circle() -> None:
    chain = {f"A{n}": f"A{n + 1}" for n in range(5_000)}
    assert owned_in_circles(owners(**chain), AS_OF) is None


def test_a_long_circle_is_found_whole() -> None:
    ring = {f"A{n}": f"A{(n + 1) % 5_000}" for n in range(5_000)}
    found = owned_in_circles(owners(**ring), AS_OF)
    assert found is not None
    assert found.rows == 5_000


def test_a_parent_that_was_given_up_closes_no_circle() -> None:
    """
    2026-01: B owns A.  2026-06: A owns B, and nobody owns A.
    """
    history = accounts(
        {"account_id": "A", "parent_account_id": "B", "valid_to": "2026-06-01"},
        {"account_id": "A", "valid_from": "2026-06-01"},
        {"account_id": "B", "valid_to": "2026-06-01"},
        {"account_id": "B", "parent_account_id": "A", "valid_from": "2026-06-01"},
    )
    assert owned_in_circles(history, AS_OF) is None


def test_a_parent_that_came_later_closes_a_circle() -> None:
    """
    2026-01: A owns B.  2026-06: B owns A too.
    """
    history = accounts(
        {"account_id": "A", "valid_to": "2026-06-01"},
        {"account_id": "A", "parent_account_id": "B", "valid_from": "2026-06-01"},
        {"account_id": "B", "parent_account_id": "A"},
    )
    assert circle(history) == {"A", "B"}


def test_accounts_without_a_name_own_nobody() -> None:
    table = accounts({"account_id": None, "parent_account_id": None})
    assert owned_in_circles(table, AS_OF) is None
