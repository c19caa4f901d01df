"""What tells that a file is still the one it was."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.intake.snapshot import Snapshot, open_snapshot
from engine.intake.stamps import Stamp, stamps

ACCOUNTS = "crm/accounts"


@pytest.fixture(params=["path", "url"])
def snapshot(request: pytest.FixtureRequest, tmp_path: Path):
    """Opens the snapshot of one table, by path and by URL."""
    write(tmp_path, ["a", "b"])
    root = str(tmp_path) if request.param == "path" else f"file://{tmp_path}"
    return lambda: open_snapshot(root)


def write(root: Path, ids: list[str], written: int = 0) -> None:
    path = root / "2026-10-01/crm/accounts.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"account_id": ids}).write_parquet(path)
    os.utime(path, ns=(written, written))


def stamp(snapshot: Snapshot) -> Stamp:
    (found,) = stamps(snapshot, ACCOUNTS)
    return found


def test_a_file_that_nobody_touched_keeps_its_stamp(snapshot) -> None:
    assert stamp(snapshot()) == stamp(snapshot())
    assert stamp(snapshot()).path == "crm/accounts.parquet"
    assert len(stamp(snapshot()).key) == 64


def test_a_file_written_again_has_another_one(snapshot, tmp_path: Path) -> None:
    before = stamp(snapshot())
    write(tmp_path, ["a", "b"], written=1_000_000_000)
    assert stamp(snapshot()).key != before.key


def test_other_content_of_the_same_size_and_time_has_another_one(tmp_path: Path) -> None:
    """A copy that keeps times; the footer's statistics tell."""
    write(tmp_path, ["a", "b"])
    before = stamp(open_snapshot(str(tmp_path)))
    write(tmp_path, ["a", "c"])
    after = stamp(open_snapshot(str(tmp_path)))
    assert (after.size, after.key != before.key) == (before.size, True)


def test_what_is_no_parquet_has_one_too(tmp_path: Path) -> None:
    path = tmp_path / "2026-10-01/crm/accounts.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert stamp(open_snapshot(str(tmp_path), date(2026, 10, 1))).size == 1


def test_a_table_that_is_not_there_has_none(snapshot) -> None:
    assert stamps(snapshot(), "crm/spend") == ()
