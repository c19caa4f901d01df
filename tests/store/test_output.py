"""Packs that are left in an S3-compatible store: whole or not at all, written once."""

import json
import subprocess
import sys
import time

import pytest

from engine.files import update, write_folder
from engine.store.place import place_of
from fixtures.stories import write_snapshot

ITEMS = [{"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"}]
DAY, LATER = "2026-10-01", "2026-10-02"
NAMES = ["manifest.json", "metrics.parquet", "report.pdf", "workbook.xlsx"]
TOML = """
[workspace]
snapshots = "snapshots"
output = "{output}"
[[packs]]
name = "board"
sections = ["summary", "definitions"]
recipients = ["cfo@example.com"]
"""


@pytest.fixture
def folder(bucket, tmp_path):
    """A workspace whose packs go to the bucket."""
    write_snapshot(tmp_path / "snapshots" / DAY, {"billing/subscription_items": ITEMS})
    (tmp_path / "quarterdeck.toml").write_text(TOML.format(output=f"{bucket.url}/packs"))
    return tmp_path


@pytest.fixture
def run(qbr, folder):
    """Makes the pack of the third quarter."""

    def made():
        return qbr("run", "--period", "2026Q3", "--workspace", str(folder))

    return made


@pytest.fixture
def packs(bucket, server, monkeypatch):
    """The output folder, for this process."""
    for name, each in server.environment.items():
        monkeypatch.setenv(name, each)
    return place_of(f"{bucket.url}/packs", None)


def test_a_run_is_published_with_its_manifest_last_and_made_once(run, bucket, qbr, folder):
    done = run()
    assert done.returncode == 0, done.stderr
    *names, current = bucket.keys("packs/2026Q3")
    place = names[0].rpartition("/")[0]
    assert [each.rpartition("/")[2] for each in names] == NAMES
    assert done.stdout == f"{bucket.url}/{place}/report.pdf\n"
    assert json.loads(bucket.get(current)) == {"as_of": DAY, "run": place.rpartition("/")[2]}
    written = [x["path"] for x in bucket.requested() if x["method"] == "PUT"]
    assert [each.rpartition("/")[2] for each in written[-2:]] == ["manifest.json", "current.json"]

    again = run()
    assert (again.returncode, "already made" in again.stderr) == (0, True)
    assert [x["path"] for x in bucket.requested() if x["method"] == "PUT"] == written
    checked = ("rerun", "--from", "2026Q3", "--to", "2026Q3", "--check", "--snapshot", DAY)
    assert "the same bytes" in qbr(*checked, "--workspace", str(folder)).stdout

    bucket.put(f"{place}/report.pdf", b"changed")
    found = run()
    assert (found.returncode, "report.pdf is not what" in found.stderr) == (2, True)
    assert bucket.get(f"{place}/report.pdf") == b"changed"


def test_a_killed_run_is_made_again_and_current_never_goes_back(run, bucket, server, folder):
    """Killed before the manifest; meanwhile another process named a run of a later snapshot."""
    server.fails(hang=["PUT", "manifest.json"])
    command = ("run", "--period", "2026Q3", "--snapshot", DAY, "--workspace", str(folder))
    process = subprocess.Popen(
        [sys.executable, "-c", "from engine.cli import main; main()", *command],
        env=server.environment,
        stderr=subprocess.DEVNULL,
    )
    while len(bucket.keys("packs")) < len(NAMES) - 1:
        assert process.poll() is None
        time.sleep(0.1)
    process.kill()
    process.wait()
    left = bucket.keys("packs")
    assert [each.rpartition("/")[2] for each in left] == NAMES[1:]
    server.fails()
    later = json.dumps({"as_of": LATER, "run": "another"}).encode()
    bucket.put("packs/2026Q3/board/current.json", later)
    done = run()
    assert (done.returncode, "already made" in done.stderr) == (0, False)
    assert {*left} < {*bucket.keys("packs")}
    assert bucket.get("packs/2026Q3/board/current.json") == later


def test_what_a_killed_process_left_is_no_run_until_its_last_file_is_there(packs, bucket):
    """What it left is used where it is the same, and written anew where it is not."""
    bucket.put("packs/run/a", b"1")
    bucket.put("packs/run/b", b"of another try")
    write_folder(packs / "run", {"a": b"1", "b": b"2", "manifest.json": b"3"})
    assert [bucket.get(f"packs/run/{each}") for each in ("a", "b", "manifest.json")] == [
        b"1",
        b"2",
        b"3",
    ]
    with pytest.raises(FileExistsError):
        write_folder(packs / "run", {"a": b"4", "manifest.json": b"5"})
    assert bucket.get("packs/run/a") == b"1"


def test_of_two_changes_at_once_neither_is_lost(packs, bucket):
    """Another process writes between the reading and the writing of this one."""
    bucket.put("packs/current.json", b"1")
    seen = []

    def change(known):
        if not seen:
            bucket.put("packs/current.json", b"2")
        seen.append(known)
        return known + b"+"

    update(packs / "current.json", change)
    assert (seen, bucket.get("packs/current.json")) == ([b"1", b"2"], b"2+")


def test_a_bucket_that_is_not_there_is_told(qbr, folder):
    (folder / "quarterdeck.toml").write_text(TOML.format(output="s3://there-is-none/packs"))
    done = qbr("run", "--period", "2026Q3", "--workspace", str(folder))
    assert (done.returncode, "NoSuchBucket" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr
