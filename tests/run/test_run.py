"""What a run leaves: whole, named before work starts, the same bytes again, never overwritten."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import polars as pl
import pytest
from pypdf import PdfReader

from engine.cli import exit_status
from engine.files import write_folder, write_whole
from fixtures.stories import write_snapshot

TOML = """
[workspace]
snapshots = "snapshots"
[[packs]]
name = "board"
sections = ["summary", "definitions"]
[brand]
name = "Northbeam & Söhne <b>"
"""
ITEMS = [
    {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"},
    {"account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2026-07-20"},
    {"account_id": "C", "seats": 7, "amount": 700_00, "valid_to": "2026-08-09"},
]
SNAPSHOT = {"billing/subscription_items": ITEMS}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace whose third quarter of 2026 has been run."""
    folder = tmp_path_factory.mktemp("first")
    write_snapshot(folder / "snapshots/2026-10-01", SNAPSHOT)
    (folder / "quarterdeck.toml").write_text(TOML)
    assert exit_status(["run", "--period", "2026Q3", "--workspace", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def made(workspace):
    """The run's folder."""
    (folder,) = (workspace / "out/2026Q3/board").glob("2026-10-01-*")
    return folder


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_run_leaves_pdf_numbers_and_manifest(made):
    assert sorted(path.name for path in made.iterdir()) == [
        "manifest.json",
        "metrics.parquet",
        "report.pdf",
        "workbook.xlsx",
    ]


def test_current_names_the_newest_run(made):
    current = json.loads((made.parent / "current.json").read_text())
    assert current == {"as_of": "2026-10-01", "run": made.name}


def test_the_manifest_says_what_the_run_was_made_of(made):
    manifest = json.loads((made / "manifest.json").read_text())
    files = {each["path"]: each["sha256"] for each in manifest["snapshot"]["files"]}
    snapshot = made.parents[3] / "snapshots/2026-10-01"
    assert files == {
        name: digest(snapshot / name)
        for name in ("billing/subscription_items.parquet", "crm/accounts.parquet")
    }
    assert made.name == f"2026-10-01-{manifest['run_id']}"
    assert manifest["policy"]["mrr_source"] == "subscriptions"
    assert manifest["definitions"]["arpu"]["formula"] == "mrr / users"
    assert manifest["validation"]["ok"] is True
    assert manifest["rows"]["billing/subscription_items"] == 3
    assert {"weasyprint", "pango", "harfbuzz", "fonts"} <= manifest["rendering_stack"].keys()
    for name, recorded in manifest["outputs"].items():
        assert digest(made / name) == recorded


def test_metrics_parquet_holds_the_figures_of_the_pages(made):
    frame = pl.read_parquet(made / "metrics.parquet")
    total = frame.filter(metric="mrr", period="2026Q3", by="")
    assert total["value"].item() == 1_400


def test_another_workspace_gives_the_same_run_id_and_the_same_bytes(made, tmp_path):
    """In another process, with another hash seed, time zone and locale."""
    write_snapshot(tmp_path / "snapshots/2026-10-01", SNAPSHOT)
    (tmp_path / "quarterdeck.toml").write_text(TOML)
    strange = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-c", "from engine.cli import main; main()", "run"]
    subprocess.run([*command, "--workspace", str(tmp_path)], env=os.environ | strange, check=True)
    again = tmp_path / "out/2026Q3/board" / made.name
    for name in ("report.pdf", "metrics.parquet", "manifest.json"):
        assert digest(again / name) == digest(made / name), name


def test_a_second_run_recognises_the_first(workspace, made, capsys):
    before = {path: path.stat().st_mtime_ns for path in made.iterdir()}
    assert exit_status(["run", "--workspace", str(workspace)]) == 0
    assert capsys.readouterr().out == f"{made / 'report.pdf'}\n"
    assert {path: path.stat().st_mtime_ns for path in made.iterdir()} == before


def test_a_finished_run_that_was_changed_is_reported_and_left_alone(workspace, tmp_path, capsys):
    copy = shutil.copytree(workspace, tmp_path / "copy")
    (report,) = copy.glob("out/*/board/*/report.pdf")
    report.write_bytes(b"changed")
    assert exit_status(["run", "--workspace", str(copy)]) == 2
    assert "run-changed" in capsys.readouterr().err
    assert report.read_bytes() == b"changed"


@pytest.mark.parametrize("change", ["policy", "brand", "period"])
def test_whatever_the_bytes_depend_on_changes_the_run_id(workspace, made, tmp_path, change):
    copy = shutil.copytree(workspace, tmp_path / "copy")
    more = {"policy": "[policy]\nversion = 2\n", "brand": 'primary = "#123456"\n'}
    (copy / "quarterdeck.toml").write_text(TOML + more.get(change, ""))
    period = "2026Q2" if change == "period" else "2026Q3"
    assert exit_status(["run", "--period", period, "--workspace", str(copy)]) == 0
    names = {path.name for path in copy.glob("out/*/board/2026-10-01-*")}
    assert len(names) == 2
    assert made.name in names


def test_an_older_snapshot_does_not_become_current(workspace, tmp_path):
    copy = shutil.copytree(workspace, tmp_path / "copy")
    write_snapshot(copy / "snapshots/2026-09-30", SNAPSHOT)
    arguments = ["run", "--snapshot", "2026-09-30", "--period", "2026Q3"]
    assert exit_status([*arguments, "--workspace", str(copy)]) == 0
    assert len(list(copy.glob("out/2026Q3/board/2026-*"))) == 2
    current = json.loads((copy / "out/2026Q3/board/current.json").read_text())
    assert current["as_of"] == "2026-10-01"


def test_broken_data_leaves_nothing(tmp_path, capsys):
    write_snapshot(
        tmp_path / "snapshots/2026-10-01", {"billing/subscription_items": [{"seats": -1}]}
    )
    (tmp_path / "quarterdeck.toml").write_text(TOML)
    assert exit_status(["run", "--workspace", str(tmp_path)]) == 3
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_made_is_status_2(workspace, tmp_path, capsys):
    copy = shutil.copytree(workspace, tmp_path / "copy", ignore=shutil.ignore_patterns("out"))
    (copy / "out").write_text("a file in the way")
    assert exit_status(["run", "--workspace", str(copy)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_that_fails_half_way_is_not_there(tmp_path):
    """The second name cannot be written; neither the folder nor its like remains."""
    with pytest.raises(OSError, match="name too long"):
        write_folder(tmp_path / "run", {"a": b"1", "b" * 300: b"2"})
    assert list(tmp_path.iterdir()) == []


def test_a_finished_folder_is_never_replaced(tmp_path):
    write_folder(tmp_path / "run", {"a": b"1"})
    with pytest.raises(FileExistsError):
        write_folder(tmp_path / "run", {"a": b"2"})
    assert (tmp_path / "run/a").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "kept"
    write_whole(target, b"old")
    with pytest.raises(TypeError):
        write_whole(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_change_of_policy_since_the_earlier_pack_is_said(workspace, tmp_path):
    """The second quarter was reported under version 1; the third is compared with it under 2."""
    copy = shutil.copytree(workspace, tmp_path / "copy", ignore=shutil.ignore_patterns("out"))
    run = ["run", "--workspace", str(copy), "--period"]
    assert exit_status([*run, "2026Q2"]) == 0
    (copy / "quarterdeck.toml").write_text(TOML + "[policy]\nversion = 2\n")
    assert exit_status([*run, "2026Q3"]) == 0
    (manifest,) = copy.glob("out/2026Q3/board/*/manifest.json")
    (note,) = json.loads(manifest.read_text())["notes"]
    assert note.startswith("The pack of Q2 2026 was counted under policy default, version 1")
    text = "".join(page.extract_text() for page in PdfReader(manifest.parent / "report.pdf").pages)
    assert "The pack of Q2 2026 was counted under policy default" in " ".join(text.split())


def test_a_snapshot_in_an_object_store_has_the_same_run_id(workspace, made, tmp_path):
    """``file://`` goes the way of ``s3://``: listed, scanned and hashed by URL."""
    text = TOML.replace('"snapshots"', f'"file://{workspace}/snapshots"')
    (tmp_path / "quarterdeck.toml").write_text(text)
    assert exit_status(["run", "--workspace", str(tmp_path)]) == 0
    (again,) = (tmp_path / "out/2026Q3/board").glob("2026-10-01-*")
    assert again.name == made.name
    assert digest(again / "report.pdf") == digest(made / "report.pdf")


@pytest.mark.parametrize("key", ["logo", "logo_on_dark"])
def test_a_logo_that_is_not_there_is_said_before_work_starts(workspace, tmp_path, capsys, key):
    copy = shutil.copytree(workspace, tmp_path / "copy", ignore=shutil.ignore_patterns("out"))
    (copy / "quarterdeck.toml").write_text(TOML + f'{key} = "nope.svg"\n')
    assert exit_status(["run", "--workspace", str(copy)]) == 2
    err = capsys.readouterr().err
    assert "nope.svg" in err
    assert "counting" not in err


def test_a_period_before_all_data_has_no_pack(workspace, capsys):
    assert exit_status(["run", "--period", "1990Q1", "--workspace", str(workspace)]) == 2
    assert "nothing to report for Q1 1990" in capsys.readouterr().err
    assert not (workspace / "out/1990Q1").exists()
