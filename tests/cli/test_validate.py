"""``qbr validate`` and ``--quarantine`` as a reader meets them."""

import json
import os
from pathlib import Path

import polars as pl

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
GOOD = {"item_id": "good", "valid_from": "2026-08-20"}
BAD = {"item_id": "bad", "seats": -1, "valid_from": "2026-08-20", "account_id": "B"}

LOWERED = '[validation.severities]\ninterval-ordered = "warning"\n'


TILL_THEN = "its attributes are shown as Unknown until it is"


def test_each_table_has_a_tick_and_under_it_what_does_not_hold(company) -> None:
    firm = company({ITEMS: [GOOD, BAD], ACCOUNTS: [{"account_id": "A"}]})
    status, out, err = firm.ask("validate")
    assert status == 3
    assert out.splitlines()[:7] == [
        "✗ billing/subscription_items               2 rows",
        "    ✗ range in seats: 1 row",
        "        item_id=bad: seats=-1",
        "        → seats is at least 0",
        "    ! account-unknown in account_id: 1 row",
        "        account_id=B: 1 row",
        f"        → every account is in crm/accounts; {TILL_THEN}",
    ]
    assert out.splitlines()[7].startswith("✓ crm/accounts")
    assert out.splitlines()[-1].endswith("does not hold: 1 error, 1 warning")
    assert err.startswith("error: range")


def test_a_table_with_warnings_alone_is_marked_and_status_0(company) -> None:
    firm = company({ITEMS: [GOOD], ACCOUNTS: [{"account_id": "A"}, {"account_id": "Z"}]})
    status, out, _ = firm.ask("validate")
    assert status == 0
    assert "! crm/accounts" in out
    assert out.splitlines()[-1].endswith("holds: 0 errors, 1 warning")


def test_a_file_of_no_table_is_told_by_its_name(company) -> None:
    firm = company({ITEMS: [GOOD]})
    next(firm.folder.glob("snapshots/*/billing")).joinpath("items.csv").touch()
    _, out, _ = firm.ask("validate")
    assert "! billing/items.csv" in out


def test_failures_are_rows_of_the_csv(company) -> None:
    firm = company({ITEMS: [GOOD, BAD]})
    _, out, _ = firm.ask("validate", "--format", "csv")
    rows = pl.read_csv(out.encode()).select("table", "severity", "rule", "rows").rows()
    assert rows == [(ACCOUNTS, "none", None, 0), (ITEMS, "error", "range", 1)]


def test_a_changed_severity_is_said_by_validate_and_by_metrics(company) -> None:
    backwards = {**GOOD, "item_id": "x", "valid_to": "2026-08-01", "plan": "other"}
    firm = company({ITEMS: [GOOD, backwards]}, LOWERED)
    for command in ("validate", "metrics"):
        status, _, err = firm.ask(command)
        assert status == 0
        said = "note: severity of interval-ordered lowered to warning by the workspace"
        assert said in err.splitlines()


def test_bad_rows_stop_every_number_unless_they_are_set_aside(company) -> None:
    firm = company({ITEMS: [GOOD, BAD]})
    assert firm.ask("metrics")[0] == 3
    status, out, err = firm.ask("metrics", "--quarantine", "--metric", "mrr", "--format", "json")
    assert status == 0
    assert json.loads(out)[0]["value"] == 100
    said = "set aside: billing/subscription_items, column `seats`, range: 1 row worth USD 100.00"
    assert said in err.splitlines()
    (file,) = firm.folder.glob(f".quarterdeck/quarantine/*/{ITEMS}.parquet")
    assert pl.read_parquet(file).select("item_id", "rule").rows() == [("bad", "range")]


def test_a_missing_table_cannot_be_set_aside(company, tmp_path: Path) -> None:
    firm = company({ITEMS: [GOOD, BAD]})
    next(firm.folder.glob("snapshots/*/crm/accounts.parquet")).unlink()
    status, _, err = firm.ask("metrics", "--quarantine")
    assert status == 3
    assert "table-missing" in err
    assert not list(tmp_path.rglob("quarantine"))


def test_data_that_holds_leaves_nothing_aside(company, tmp_path: Path) -> None:
    firm = company({ITEMS: [GOOD]})
    status, _, err = firm.ask("metrics", "--quarantine")
    assert (status, err) == (0, "")
    assert not list(tmp_path.rglob("quarantine"))


def test_a_second_look_at_the_same_files_says_the_same_out_of_what_is_kept(company) -> None:
    firm = company({ITEMS: [GOOD, BAD], ACCOUNTS: [{"account_id": "A"}, {"account_id": "Z"}]})
    for file in firm.folder.glob("snapshots/**/*.parquet"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    first = firm.ask("validate", "--format", "json")
    (kept,) = firm.folder.glob(".quarterdeck/cache/verdicts/*")
    os.utime(kept, (1, 1))
    assert firm.ask("validate", "--format", "json") == first
    assert kept.stat().st_mtime > 1, "it was not used"
    kept.write_bytes(b"")
    assert firm.ask("validate", "--format", "json") == first
    assert kept.stat().st_size
