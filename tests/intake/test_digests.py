"""Digests of files are remembered for as long as nothing about them is in doubt."""

import os
from pathlib import Path

import polars as pl
import pytest

from engine.intake import identity
from engine.intake.identity import identities
from engine.intake.snapshot import open_snapshot

FILE = "2026-10-01/crm/accounts.parquet"
LONG_AGO = 1_500_000_000 * 10**9


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The files that were read whole, as it happens."""
    seen: list[str] = []
    whole = identity.identity
    monkeypatch.setattr(identity, "identity", lambda *a: seen.append(a[1][-16:]) or whole(*a))
    return seen


def write(root: Path, ids: list[str], written: int | None = LONG_AGO) -> None:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"account_id": ids}).write_parquet(path)
    if written is not None:
        os.utime(path, ns=(written, written))


def digest(root: Path) -> str:
    """As another process would have it."""
    identities.cache_clear()
    ((found),) = identities(open_snapshot(str(root)), root / "state")
    return found.sha256


def test_a_file_is_read_whole_once(tmp_path: Path, read) -> None:
    write(tmp_path, ["a"])
    assert digest(tmp_path) == digest(tmp_path)
    assert len(read) == 1


def test_a_file_written_again_is_read_again(tmp_path: Path, read) -> None:
    write(tmp_path, ["a"])
    before = digest(tmp_path)
    write(tmp_path, ["b"], LONG_AGO + 1)
    assert digest(tmp_path) != before


def test_another_file_with_the_old_ones_time_is_read_again(tmp_path: Path, read) -> None:
    write(tmp_path, ["a"])
    before = digest(tmp_path)
    write(tmp_path, ["b"])
    assert digest(tmp_path) != before


def test_a_file_that_was_only_just_written_is_in_doubt(tmp_path: Path, read) -> None:
    """It could be written again within the same tick of the clock."""
    write(tmp_path, ["a"], written=None)
    assert digest(tmp_path) == digest(tmp_path)
    assert len(read) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": 1}', b"\xff"])
def test_what_is_no_record_is_as_good_as_none(tmp_path: Path, read, content) -> None:
    write(tmp_path, ["a"])
    before = digest(tmp_path)
    (kept,) = (tmp_path / "state/digests").iterdir()
    kept.write_bytes(content)
    assert digest(tmp_path) == before
    assert len(read) == 2


def test_a_state_that_cannot_be_written_costs_a_reading(tmp_path: Path, read) -> None:
    write(tmp_path, ["a"])
    (tmp_path / "state").touch()
    assert digest(tmp_path) == digest(tmp_path)
    assert len(read) == 2
