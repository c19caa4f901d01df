"""crm/accounts out of a ledger."""

from datetime import date
from pathlib import Path

import pytest

from tests.intake.small_ledger import SERVICE, imported

SEGMENT = {"segment": "tier"}

MOVED = """customer,date,amount,tier
           A,2026-03-01,10,Mid-Market
           A,2026-01-15,10,SMB
           A,2026-02-01,10,
           A,2026-04-01,10,Mid-Market
           B,2026-01-01,10,SMB"""


def test_an_account_is_one_row_with_its_latest_value(tmp_path: Path) -> None:
    accounts = imported(tmp_path, MOVED, account=SEGMENT).accounts
    assert accounts.rows() == [
        ("A", "A", "Mid-Market", date(2026, 1, 15)),
        ("B", "B", "SMB", date(2026, 1, 1)),
    ]


def test_what_was_not_kept_is_warned_of(tmp_path: Path) -> None:
    (warning,) = imported(tmp_path, MOVED, account=SEGMENT).result.warnings
    assert warning == (
        "1 account has several values of `segment` (A: Mid-Market, SMB): "
        "the latest was taken, `account_history = true` keeps each"
    )


def test_history_has_a_row_per_change(tmp_path: Path) -> None:
    """An empty cell says nothing, so it is no change."""
    found = imported(tmp_path, MOVED, account=SEGMENT, account_history=True)
    assert found.accounts.select("account_id", "segment", "valid_from", "valid_to").rows() == [
        ("A", "SMB", date(2026, 1, 15), date(2026, 3, 1)),
        ("A", "Mid-Market", date(2026, 3, 1), None),
        ("B", "SMB", date(2026, 1, 1), None),
    ]
    assert (found.result.accounts, found.result.account_rows) == (2, 3)
    assert found.result.warnings == ()


def test_history_begins_with_the_first_service(tmp_path: Path) -> None:
    """Billed in arrears; and the first value that is stated holds before it too."""
    found = imported(
        tmp_path,
        """customer,date,amount,from,to,tier
           A,2026-02-01,10,2026-01-01,2026-02-01,
           A,2026-03-01,10,2026-02-01,2026-03-01,SMB""",
        service_end="exclusive",
        columns=SERVICE,
        account=SEGMENT,
        account_history=True,
    )
    assert found.accounts.select("segment", "valid_from", "valid_to").rows() == [
        ("SMB", date(2026, 1, 1), None)
    ]


def test_a_return_to_an_earlier_value_is_a_change_of_its_own(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        """customer,date,amount,tier
           A,2026-01-01,10,SMB
           A,2026-02-01,10,Mid-Market
           A,2026-03-01,10,SMB""",
        account=SEGMENT,
        account_history=True,
    )
    assert found.accounts["segment"].to_list() == ["SMB", "Mid-Market", "SMB"]


def test_of_several_values_on_one_day_the_greatest_is_taken(tmp_path: Path) -> None:
    text = """customer,date,amount,tier
              A,2026-01-01,10,SMB
              A,2026-01-01,11,Enterprise"""
    for history in (False, True):
        folder = tmp_path / str(history)
        found = imported(folder, text, account=SEGMENT, account_history=history)
        assert found.accounts["segment"].to_list() == ["SMB"]


def test_an_account_may_have_a_name_and_a_day_of_signing_up(tmp_path: Path) -> None:
    """The latest name, the earliest day; what is missing falls back."""
    found = imported(
        tmp_path,
        """customer,date,amount,company,since
           A,2026-01-15,10,Acme Ltd,2025-12-01
           A,2026-02-15,10,Acme plc,2025-12-24
           B,2026-01-20,10,,""",
        account={"name": "company", "signed_up_on": "since"},
    )
    assert found.accounts.select("name", "signed_up_on").rows() == [
        ("Acme plc", date(2025, 12, 1)),
        ("B", date(2026, 1, 20)),
    ]
    assert [warning.partition(" (")[0] for warning in found.result.warnings] == [
        "1 account has several values of `name`",
        "1 account has several values of `signed_up_on`",
    ]


def test_an_account_that_nothing_is_said_of_has_a_null(tmp_path: Path) -> None:
    found = imported(tmp_path, "customer,date,amount,tier\nA,2026-01-01,1,", account=SEGMENT)
    assert found.accounts["segment"].to_list() == [None]


def test_attributes_may_be_the_companys_own(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "customer,date,amount,land\nA,2026-01-01,1,DE",
        account={"country": "land"},
        values={"country": {"Germany": ["DE"]}},
    )
    assert found.accounts["country"].to_list() == ["Germany"]
    assert "land" not in found.lines.columns


@pytest.mark.parametrize("history", [False, True])
def test_only_declared_history_has_an_interval(tmp_path: Path, history: bool) -> None:
    found = imported(tmp_path, MOVED, account=SEGMENT, account_history=history)
    assert ("valid_from" in found.accounts.columns) == history
