"""A place in a bucket answers as a folder of this machine does."""

import pickle
from pathlib import Path, PurePosixPath

import pytest

from engine.store.place import place_of, way

FILES = (
    "2026Q3/board/2026-10-01-a/manifest.json",
    "2026Q3/board/2026-10-01-a/report.pdf",
    "2026Q3/board/EU/2026-10-01-b/manifest.json",
    "2026Q2/board/2026-07-01-c/deliveries/x.000001.json",
)


@pytest.fixture(params=["here", "in a bucket"])
def output(request, bucket, server, tmp_path, monkeypatch):
    """The same files, in a folder and in a bucket."""
    for name, each in server.environment.items():
        monkeypatch.setenv(name, each)
    for file in FILES:
        bucket.put(f"out/{file}", file.encode())
        (tmp_path / "out" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / file).write_text(file)
    return place_of("out" if request.param == "here" else f"{bucket.url}/out", tmp_path)


def found(output, places):
    return sorted(way(output, each).as_posix() for each in places)


def test_what_fits_a_pattern_is_found_at_its_depth(output):
    assert found(output, output.glob("*/board")) == ["2026Q2/board", "2026Q3/board"]
    assert found(output, (output / "2026Q3").glob("*/2026-10-01-*/manifest.json")) == [FILES[0]]
    assert found(output, (output / "2026Q3").glob("*/*/2026-10-01-*/manifest.json")) == [FILES[2]]
    assert found(output, (output / "nowhere").glob("*")) == []


def test_what_ends_so_is_found_at_any_depth(output):
    assert found(output, output.rglob("manifest.json")) == [FILES[0], FILES[2]]
    assert found(output, output.rglob("deliveries")) == ["2026Q2/board/2026-07-01-c/deliveries"]
    assert found(output, output.rglob("board/2026-07-01-c")) == ["2026Q2/board/2026-07-01-c"]


def test_a_file_is_read_by_its_name(output):
    file = output / FILES[0]
    assert (file.name, file.stem, file.parent.name) == (
        "manifest.json",
        "manifest",
        "2026-10-01-a",
    )
    assert file.read_text(encoding="utf-8") == FILES[0]
    assert (file.exists(), file.is_file(), file.is_dir()) == (True, True, False)
    assert file.stat().st_mtime > 0


def test_a_folder_is_there_while_something_lies_in_it(output):
    folder = output / "2026Q3"
    assert (folder.exists(), folder.is_file(), folder.is_dir()) == (True, False, True)
    assert not (output / "2026Q").exists()


def test_what_is_not_there_is_no_file(output):
    nothing = output / "2026Q3/nothing.json"
    assert not nothing.exists()
    with pytest.raises(FileNotFoundError):
        nothing.read_bytes()
    with pytest.raises(FileNotFoundError):
        nothing.unlink()
    nothing.unlink(missing_ok=True)


def test_a_file_can_be_taken_away(output):
    (output / FILES[1]).unlink()
    assert not (output / FILES[1]).exists()


def test_a_place_reaches_another_process_as_it_is(output):
    assert pickle.loads(pickle.dumps(output / "x")) == output / "x"


def test_what_does_not_lie_below_has_no_way_there(output):
    assert way(output, output / "a/b") == PurePosixPath("a/b")
    with pytest.raises(ValueError, match="out"):
        way(output / "a", output / "ab")


def test_a_url_of_this_machine_is_a_folder():
    assert place_of("file:///srv/a%20b", Path("/x")) == Path("/srv/a b")
