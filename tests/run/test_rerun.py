"""Many periods again: each on its snapshot, never twice, the same after any interruption."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date

import polars as pl
import pytest

from engine.cli import exit_status
from engine.config import read
from engine.diff import first_snapshot
from engine.errors import UsageError
from engine.first_difference import first_difference
from engine.period import Period
from engine.rerun import Job, _waits, periods, planned
from fixtures.stories import write_snapshot

TOML = '[workspace]\nsnapshots = "snapshots"\n[[packs]]\nname = "board"\nsections = ["summary"]\n'
ITEMS = [
    {"item_id": "1", "account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2025-05-03"},
    {"item_id": "2", "account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2026-02-20"},
]
LATE = {"item_id": "3", "account_id": "C", "amount": 70_00, "valid_from": "2026-03-01"}
APRIL, JULY = "2026-04-01", "2026-07-01"


def quarters(first, last):
    return periods(Period.parse(first), Period.parse(last))


@pytest.fixture(scope="module")
def rerun_once(tmp_path_factory):
    """Two snapshots, and three quarters made again, of which the last is not over."""
    folder = tmp_path_factory.mktemp("first")
    write_snapshot(folder / "snapshots" / APRIL, {"billing/subscription_items": ITEMS})
    later = {"billing/subscription_items": [*ITEMS, LATE]}
    write_snapshot(folder / "snapshots" / JULY, later)
    (folder / "quarterdeck.toml").write_text(TOML)
    status = exit_status([*command("2026Q1", "2026Q3"), "--jobs", "1", "--workspace", str(folder)])
    return folder, status


@pytest.fixture
def workspace(rerun_once, tmp_path):
    """A copy of it."""
    return shutil.copytree(rerun_once[0], tmp_path / "copy")


@pytest.fixture
def fresh(rerun_once, tmp_path):
    """A copy in which nothing was made yet."""
    ignored = shutil.ignore_patterns("out", ".quarterdeck")
    return shutil.copytree(rerun_once[0], tmp_path / "fresh", ignore=ignored)


def command(first, last, *more):
    return ["rerun", "--from", first, "--to", last, *more]


def runs(folder):
    """Run folders by period and snapshot, with the bytes of what they hold."""
    return {
        (run.parents[1].name, run.name): {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in run.iterdir()
        }
        for run in folder.glob("out/*/board/2026-*")
    }


def summary(out):
    """Period, snapshot and state of each line of the table."""
    lines = [line.split("  ") for line in out.splitlines()[2:]]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return [(line[0], line[2], line[3]) for line in cells]


def test_each_period_is_made_on_the_first_snapshot_after_it(rerun_once):
    folder, _ = rerun_once
    made = {period: name[:10] for period, name in runs(folder)}
    assert made == {"2026Q1": APRIL, "2026Q2": JULY}


def test_a_period_without_a_snapshot_is_status_3_and_the_rest_is_done(fresh, capsys):
    status = exit_status([*command("2026Q2", "2026Q3"), "--jobs", "1", "--workspace", str(fresh)])
    out, err = capsys.readouterr()
    assert status == 3
    assert summary(out) == [("2026Q2", JULY, "made"), ("2026Q3", "–", "no snapshot")]
    assert "no snapshot knows the whole of Q3 2026" in err


def test_what_was_made_before_is_recognised(workspace, capsys):
    before = runs(workspace)
    status = exit_status([*command("2026Q1", "2026Q2"), "--workspace", str(workspace)])
    out, _ = capsys.readouterr()
    assert status == 0
    assert summary(out) == [("2026Q1", APRIL, "already made"), ("2026Q2", JULY, "already made")]
    assert runs(workspace) == before


def test_processes_that_were_killed_are_resumed_to_the_same_bytes(rerun_once, fresh):
    """Killed once the first pack is there; several processes leave what one process does."""
    line = [sys.executable, "-c", "from engine.cli import main; main()"]
    line += [*command("2026Q1", "2026Q2"), "--jobs", "2", "--workspace", str(fresh)]
    first = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 60
    while not runs(fresh) and first.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert (
        exit_status([*command("2026Q1", "2026Q2"), "--jobs", "1", "--workspace", str(fresh)]) == 0
    )
    assert runs(fresh) == runs(rerun_once[0])


def test_a_snapshot_can_be_given_for_all(fresh, capsys):
    arguments = command("2026Q1", "2026Q1", "--snapshot", JULY, "--workspace", str(fresh))
    assert exit_status(arguments) == 0
    assert summary(capsys.readouterr().out) == [("2026Q1", JULY, "made")]
    (numbers,) = fresh.glob("out/2026Q1/board/*/metrics.parquet")
    total = pl.read_parquet(numbers).filter(metric="mrr", period="2026Q1", by="")
    assert total["value"].item() == 1_470


def test_the_ledger_says_which_snapshot_was_first_reported_from(fresh, capsys):
    """The first quarter was made on the later snapshot; made again, it is not on the earlier."""
    again = [*command("2026Q1", "2026Q1"), "--workspace", str(fresh)]
    assert exit_status([*again, "--snapshot", JULY]) == 0
    capsys.readouterr()
    assert exit_status(again) == 0
    assert summary(capsys.readouterr().out) == [("2026Q1", JULY, "already made")]


def test_a_snapshot_that_is_there_no_more_gives_way_to_the_first_that_is(rerun_once):
    jobs = planned(
        read(rerun_once[0] / "quarterdeck.toml"),
        quarters("2026Q1", "2026Q2"),
        ["board"],
        [date(2026, 7, 1), date(2026, 10, 1)],
        lambda period, _: {"2026Q1": date(2026, 4, 1), "2026Q2": date(2026, 10, 1)}[period],
    )
    assert [job.as_of for job in jobs] == [date(2026, 7, 1), date(2026, 10, 1)]


def test_a_snapshot_of_the_last_day_serves_where_there_is_none_after_it():
    quarter = Period.parse("2026Q2")
    days = [date(2026, 3, 31), date(2026, 6, 30)]
    assert first_snapshot(days, quarter) == date(2026, 6, 30)
    assert first_snapshot([*days, date(2026, 7, 2)], quarter) == date(2026, 7, 2)
    assert first_snapshot(days[:1], quarter) is None


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2025Q4", "2026Q2", ["2025Q4", "2026Q1", "2026Q2"]),
        ("2025-12", "2026-01", ["2025-12", "2026-01"]),
        ("2025", "2026", ["2025", "2026"]),
        ("2026Q1", "2026Q1", ["2026Q1"]),
    ],
)
def test_periods_are_counted_in_their_own_kind(first, last, labels):
    assert [each.label for each in quarters(first, last)] == labels


@pytest.mark.parametrize(("first", "last"), [("2026Q1", "2026-06"), ("2026Q2", "2026Q1")])
def test_periods_of_two_kinds_or_in_the_wrong_order_are_refused(first, last):
    with pytest.raises(UsageError):
        quarters(first, last)


def test_a_pack_waits_for_the_one_whose_change_of_rules_it_tells(workspace):
    """The first quarter was made under version 1; under 2 the second tells of it or not."""
    (workspace / "quarterdeck.toml").write_text(TOML + "[policy]\nversion = 2\n")
    place = read(workspace / "quarterdeck.toml")
    jobs = [Job(workspace, each, "board", None) for each in quarters("2026Q1", "2026Q2")]
    assert [_waits(place, job, jobs) for job in jobs] == [False, True]
    assert not _waits(place, jobs[1], jobs[1:])


def test_a_pack_waits_for_nothing_that_was_counted_alike(workspace):
    place = read(workspace / "quarterdeck.toml")
    jobs = [Job(workspace, each, "board", None) for each in quarters("2026Q1", "2026Q2")]
    assert not any(_waits(place, job, jobs) for job in jobs)


def test_one_that_fails_does_not_stop_the_others(fresh, capsys):
    write_snapshot(
        fresh / "snapshots" / APRIL, {"billing/subscription_items": [{"item_id": "1", "seats": -1}]}
    )
    arguments = [*command("2026Q1", "2026Q2"), "--jobs", "1", "--workspace", str(fresh)]
    assert exit_status(arguments) == 3
    out, err = capsys.readouterr()
    assert summary(out) == [("2026Q1", APRIL, "failed"), ("2026Q2", JULY, "made")]
    assert "seats" in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (command("2026Q1", "2026-06"), "not of one kind"),
        (command("2026Q1", "2026Q2", "--pack", "bord"), "did you mean `board`"),
        (command("2026Q1", "2026Q2", "--snapshot", "2026-05-05"), "no snapshot of 2026-05-05"),
        (command("2026Q1", "2026Q2", "--policy", "stripy"), "no policy"),
        (command("2026Q1", "2026Q2", "--jobs", "0"), "--jobs"),
    ],
)
def test_a_wrong_argument_is_status_2(workspace, capsys, arguments, word):
    assert exit_status([*arguments, "--workspace", str(workspace)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert word in err


def test_check_finds_finished_runs_the_same(workspace, capsys):
    arguments = command("2026Q1", "2026Q1", "--check", "--workspace", str(workspace))
    assert exit_status(arguments) == 0
    assert summary(capsys.readouterr().out) == [("2026Q1", APRIL, "the same bytes")]


def test_check_makes_nothing(fresh, capsys):
    arguments = command("2026Q1", "2026Q1", "--check", "--workspace", str(fresh))
    assert exit_status(arguments) == 0
    assert summary(capsys.readouterr().out) == [("2026Q1", APRIL, "not made yet")]
    assert runs(fresh) == {}


def test_check_tells_the_first_cell_that_comes_out_otherwise(workspace, capsys):
    """As if an older version of the engine had counted another number under the same id."""
    (numbers,) = workspace.glob("out/2026Q1/board/*/metrics.parquet")
    frame = pl.read_parquet(numbers)
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 4).then(-7.0).otherwise("value").alias("value")
    )
    frame.write_parquet(numbers)
    manifest = json.loads((numbers.parent / "manifest.json").read_text())
    digest = hashlib.sha256(numbers.read_bytes()).hexdigest()
    manifest["outputs"]["metrics.parquet"] = digest
    (numbers.parent / "manifest.json").write_text(json.dumps(manifest))
    arguments = command("2026Q1", "2026Q1", "--check", "--workspace", str(workspace))
    assert exit_status(arguments) == 1
    out, err = capsys.readouterr()
    assert summary(out) == [("2026Q1", APRIL, "failed")]
    assert "run-differs" in err
    assert "`value` in row 5 was -7.0 and is" in err


def test_check_tells_a_run_that_somebody_changed(workspace, capsys):
    (pages,) = workspace.glob("out/2026Q1/board/*/report.pdf")
    pages.write_bytes(b"changed")
    arguments = command("2026Q1", "2026Q1", "--check", "--workspace", str(workspace))
    assert exit_status(arguments) == 2
    assert "run-changed" in capsys.readouterr().err


def parquet(**columns):
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "recorded", "made", "words"),
    [
        ("a.pdf", b"same", b"same", ""),
        ("a.pdf", b"12345", b"12x45", "differs from byte 2 (5 bytes recorded, 5 made now)"),
        ("a.pdf", b"12", b"123", "differs from byte 2 (2 bytes recorded, 3 made now)"),
        ("a.json", b'{"a": [1, {"b": 2}]}', b'{"a": [1, {"b": 3}]}', "`a.1.b` was 2 and is 3"),
        ("a.json", b'{"a": 1}', b'{"a": 1, "b": null}', "`b` was absent and is null"),
        ("a.json", b"{", b"[", "one of the two cannot be read"),
        ("a.parquet", parquet(x=[1, 2]), parquet(x=[1, 3]), "`x` in row 2 was 2 and is 3"),
        ("a.parquet", parquet(x=[None, 2]), parquet(x=[1, 2]), "`x` in row 1 was null and is 1"),
        ("a.parquet", parquet(x=[1]), parquet(x=[1, 2]), "1 rows were recorded and 2 made now"),
        ("a.parquet", parquet(x=[1]), parquet(y=[1]), "columns were"),
    ],
)
def test_the_first_difference_is_told_in_the_files_own_terms(name, recorded, made, words):
    found = first_difference(name, recorded, made)
    assert words in found
    assert bool(found) == bool(words)
