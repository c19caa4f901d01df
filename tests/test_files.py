"""What is written is there whole or not at all, and what a killed run left goes in time."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import EnvironmentFault
from engine.files import require_writable, write_folder, write_whole

TWO_DAYS = 2 * 24 * 60 * 60


def aged(path: Path) -> Path:
    """The path, last written two days ago."""
    past = path.stat().st_mtime - TWO_DAYS
    os.utime(path, (past, past))
    return path


def left_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"half")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_folder_that_a_killed_run_left_is_swept_after_a_day(tmp_path):
    aged(left_folder(tmp_path / ".2026-10-01-0123.00c0ffee"))
    write_folder(tmp_path / "run", {"a": b"x"})
    assert names(tmp_path) == ["run"]


def test_a_folder_that_may_still_be_written_is_left_alone(tmp_path):
    left_folder(tmp_path / ".other.00c0ffee")
    write_folder(tmp_path / "run", {"a": b"x"})
    assert names(tmp_path) == [".other.00c0ffee", "run"]


@pytest.mark.parametrize("name", [".cache", ".run.00c0ffee1", ".run.notahex1", "run.00c0ffee"])
def test_nothing_else_is_swept_however_old(tmp_path, name):
    aged(left_folder(tmp_path / name))
    write_folder(tmp_path / "run", {"a": b"x"})
    assert names(tmp_path) == sorted([name, "run"])


def test_a_link_is_never_followed_when_sweeping(tmp_path):
    kept = left_folder(tmp_path / "kept")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.run.00c0ffee").symlink_to(kept)
    aged(kept)
    write_folder(tmp_path / "out/run", {"a": b"x"})
    assert names(kept) == ["report.pdf"]


def test_of_files_only_those_of_the_same_name_are_swept(tmp_path):
    for name in (".current.json.00c0ffee", ".notes.00c0ffee"):
        (tmp_path / name).write_bytes(b"half")
        aged(tmp_path / name)
    write_whole(tmp_path / "current.json", b"{}")
    assert names(tmp_path) == [".notes.00c0ffee", "current.json"]


def test_a_folder_that_cannot_be_finished_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        write_folder(tmp_path / "run", {"a": b"x", "nowhere/b": b"y"})
    assert names(tmp_path) == []


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    """As ``--output /dev/stdout``; moving a file into its place would end it."""
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit((tmp_path / "pipe").read_bytes)
        write_whole(tmp_path / "pipe", b"x")
        assert read.result(10) == b"x"
    assert (tmp_path / "pipe").is_fifo()


def test_a_folder_still_to_be_made_is_writable_where_its_parents_are(tmp_path):
    require_writable(tmp_path / "out/2026Q3/board")
    assert names(tmp_path) == []


def test_a_folder_below_a_file_is_not_writable(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(EnvironmentFault, match="cannot write into") as failure:
        require_writable(tmp_path / "out/2026Q3")
    assert "Not a directory" in failure.value.where


def test_a_disk_without_room_is_noticed_before_work_starts(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(EnvironmentFault, match="cannot write into") as failure:
            require_writable(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "too large" in failure.value.where
    assert names(tmp_path) == []
