"""What is kept comes back whole or not at all, never grows without bound, and stops nothing."""

import os
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest

import engine.cache
from engine.cache import Cache

TABLE = pl.DataFrame(
    {"id": ["a", None, "ü"], "net": [1, None, -(1 << 90)], "on": [date(2026, 1, 1), None, None]},
    schema={"id": pl.String, "net": pl.Int128, "on": pl.Date},
)


def entries(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def numbers(count: int) -> pl.DataFrame:
    """That many numbers which no compression makes smaller than six bytes each."""
    random = Random(count)
    return pl.DataFrame({"n": [random.getrandbits(63) for _ in range(count)]})


def test_what_was_kept_comes_back_to_another_process_with_its_types(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").put("facts", "key", TABLE)
    found = Cache(tmp_path / "cache").get("facts", "key")
    assert found is not None
    assert found.equals(TABLE)
    assert found.schema == TABLE.schema


def test_a_table_without_rows_is_kept_too(tmp_path: Path) -> None:
    Cache(tmp_path).put("facts", "key", TABLE.clear())
    found = Cache(tmp_path).get("facts", "key")
    assert found is not None
    assert found.schema == TABLE.schema


@pytest.mark.parametrize(("kind", "key"), [("facts", "other"), ("verdicts", "key"), ("fact", "s")])
def test_another_key_or_kind_finds_nothing(tmp_path: Path, kind: str, key: str) -> None:
    Cache(tmp_path).put("facts", "key", TABLE)
    assert Cache(tmp_path).get(kind, key) is None


def test_the_same_key_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put("facts", "key", TABLE)
    kept.put("facts", "key", TABLE.head(1))
    found = kept.get("facts", "key")
    assert found is not None
    assert found.equals(TABLE.head(1))
    assert len(entries(tmp_path)) == 1


def test_an_entry_of_another_version_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cache(tmp_path).put("facts", "key", TABLE)
    monkeypatch.setattr(engine, "__version__", "0.0.9")
    assert Cache(tmp_path).get("facts", "key") is None


def test_an_entry_of_a_machine_that_hashes_otherwise_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cache(tmp_path).put("keys", "key", TABLE)
    monkeypatch.setattr(engine.cache, "_hashes", lambda: 0)
    assert Cache(tmp_path).get("keys", "key") is None


def test_a_table_too_large_to_be_held_twice_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.cache, "_LARGEST", 7_999)
    kept = Cache(tmp_path)
    kept.put("keys", "small", numbers(999))
    kept.put("keys", "large", numbers(1_000))
    assert kept.get("keys", "small") is not None
    assert kept.get("keys", "large") is None


def test_now_is_when_a_file_written_now_was_written(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.write_bytes(b"x")
    moment = Cache(tmp_path / "cache").moment()
    after.write_bytes(b"x")
    assert moment is not None
    assert before.stat().st_mtime_ns <= moment <= after.stat().st_mtime_ns
    assert entries(tmp_path / "cache") == []


def test_there_is_no_now_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Cache().moment() is None
    assert Cache(tmp_path / "file").moment() is None


def test_an_entry_under_another_ones_name_is_not_read(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put("facts", "one", TABLE)
    (one,) = entries(tmp_path)
    content = one.read_bytes()
    kept.put("facts", "two", TABLE.head(1))
    (two,) = set(entries(tmp_path)) - {one}
    two.write_bytes(content)
    assert kept.get("facts", "two") is None


def test_an_entry_with_any_byte_changed_or_cut_off_is_not_read(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put("facts", "key", TABLE)
    (entry,) = entries(tmp_path)
    whole = entry.read_bytes()
    for place in range(len(whole)):
        entry.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        assert kept.get("facts", "key") is None, place
        if place % 7 == 0:
            entry.write_bytes(whole[:place])
            assert kept.get("facts", "key") is None, place
    kept.put("facts", "key", TABLE)
    assert kept.get("facts", "key") is not None


def test_without_a_folder_nothing_is_kept() -> None:
    kept = Cache()
    kept.put("facts", "key", TABLE)
    assert kept.get("facts", "key") is None


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    kept = Cache(tmp_path / "state" / "cache")
    kept.put("facts", "key", TABLE)
    assert kept.get("facts", "key") is None


def test_an_entry_that_cannot_be_written_stops_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put("facts", "key", TABLE)
    (entry,) = entries(tmp_path)
    entry.unlink()
    entry.mkdir()
    kept.put("facts", "key", TABLE)
    assert kept.get("facts", "key") is None
    assert entries(tmp_path) == []


def test_beyond_the_limit_the_entry_used_longest_ago_goes(tmp_path: Path) -> None:
    kept = Cache(tmp_path, limit=30_000)
    for key in ("first", "second", "third"):
        kept.put("facts", key, numbers(1_000))
    for place, entry in enumerate(entries(tmp_path)):
        os.utime(entry, (place, place))
    used = [key for key in ("first", "second", "third") if kept.get("facts", key) is not None]
    assert len(used) == 2
    for entry in entries(tmp_path):
        os.utime(entry, (1, 1))
    assert kept.get("facts", used[0]) is not None
    kept.put("facts", "fourth", numbers(1_000))
    left = {key for key in (*used, "fourth") if kept.get("facts", key) is not None}
    assert left == {used[0], "fourth"}


def test_what_a_killed_run_left_unfinished_goes_as_any_other_does(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    unfinished = tmp_path / "facts" / ".abc.01234567"
    unfinished.write_bytes(bytes(30_000))
    os.utime(unfinished, (1, 1))
    Cache(tmp_path, limit=30_000).put("facts", "key", numbers(1_000))
    assert not unfinished.exists()
