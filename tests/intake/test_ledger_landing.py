"""A snapshot appears whole or not at all, and never in place of another."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.errors import EnvironmentFault, UsageError
from engine.intake.landing import land, refuse_existing
from engine.intake.snapshot import as_of_dates
from tests.intake.small_ledger import imported

DAY = date(2026, 7, 1)
TEXT = "customer,date,amount\nA,2026-01-01,1"
TABLES = {"billing/invoice_lines": pl.DataFrame({"a": [1]}), "crm/accounts": pl.DataFrame()}


def test_an_existing_snapshot_is_left_as_it_was(tmp_path: Path) -> None:
    first = imported(tmp_path, TEXT).result
    before = {path: path.read_bytes() for path in first.snapshot.rglob("*.parquet")}
    with pytest.raises(UsageError, match="never overwrites") as caught:
        imported(tmp_path, TEXT + "\nB,2026-01-01,2")
    assert caught.value.reference == "snapshot-exists"
    assert "--as-of" in caught.value.hint
    assert {path: path.read_bytes() for path in first.snapshot.rglob("*.parquet")} == before


def test_it_is_refused_before_any_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / "2026-07-01").mkdir(parents=True)
    with pytest.raises(UsageError, match="there is a snapshot"):
        imported(tmp_path, tmp_path / "not-there.csv")


def test_a_snapshot_that_came_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another import lands while this one writes."""
    theirs = tmp_path / "2026-07-01"

    def landed_by_another(_: int) -> None:
        theirs.mkdir(exist_ok=True)
        (theirs / "theirs").touch()

    monkeypatch.setattr(os, "fsync", landed_by_another)
    with pytest.raises(UsageError, match="there is a snapshot"):
        land(TABLES, tmp_path, DAY)
    assert [path.name for path in tmp_path.rglob("*")] == ["2026-07-01", "theirs"]


def test_until_all_is_on_disk_nothing_looks_like_a_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill at any flush would leave what is seen there."""
    seen = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(as_of_dates(str(tmp_path))))
    land(TABLES, tmp_path, DAY)
    assert seen == [()] * 5 + [(DAY,)]


def test_a_killed_import_leaves_no_snapshot_and_does_not_hinder_the_next(tmp_path: Path) -> None:
    script = f"""
import os
from datetime import date
from pathlib import Path
import polars as pl
from engine.intake.landing import land
os.fsync = lambda _: os._exit(9)
land({{"crm/accounts": pl.DataFrame({{"a": [1]}})}}, Path({str(tmp_path)!r}), date(2026, 7, 1))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert [path.name[:12] for path in tmp_path.iterdir()] == [".2026-07-01-"]
    assert as_of_dates(str(tmp_path)) == ()
    assert land(TABLES, tmp_path, DAY) == tmp_path / "2026-07-01"


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFault, match="cannot write") as caught:
        land(TABLES, tmp_path, DAY)
    assert "No space left" in caught.value.where
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_snapshots_is_made_if_need_be(tmp_path: Path) -> None:
    assert land(TABLES, tmp_path / "new" / "snapshots", DAY).is_dir()


def test_a_link_that_leads_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "2026-07-01").symlink_to(tmp_path / "gone")
    with pytest.raises(UsageError, match="there is a snapshot"):
        refuse_existing(tmp_path, DAY)
