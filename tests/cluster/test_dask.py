"""Workers of a real scheduler, each a process of its own, count what one process counts."""

import os
import signal
import sys
import time

import pytest
from polars.testing import assert_frame_equal

from engine.analysis import Analysis
from engine.cli import exit_status
from engine.cluster.dask import Workers, workers
from engine.config import read
from engine.errors import DataError
from engine.intake.outcome import Verdict
from engine.intake.snapshot import open_snapshot
from engine.metrics.numbers import Request
from engine.policy import Policy
from fixtures.stories import write_snapshot
from tests.cluster.asking import told
from tests.cluster.conftest import WAIT
from tests.cluster.processes import processes

PACK = '[[packs]]\nname = "board"\nsections = ["quality"]\ndimensions = ["segment"]\n'
COMMANDS = (
    ["metrics", "--by", "segment", "--period", "2026Q3", "--format", "csv"],
    ["cohorts", "--by", "product", "--format", "json"],
    ["bridge", "--from", "2026Q2", "--to", "2026Q3", "--format", "json"],
    ["bridge", "--by", "account", "--from", "2026Q2", "--to", "2026Q3", "--format", "json"],
    ["explain", "arpa", "--group", "segment=SMB", "--format", "json"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each[:3]))
def test_commands_print_the_same_bytes(place, cluster, capsys, command):
    printed = []
    for name, toml in (("here", ""), ("there", cluster)):
        assert exit_status([*command, "--workspace", str(place(name, toml))]) == 0
        printed.append(capsys.readouterr())
    assert printed[0] == printed[1]
    assert printed[0].out


def test_a_run_has_the_same_id_and_the_same_bytes(place, cluster):
    made = []
    for name, toml in (("here", PACK), ("there", PACK + cluster)):
        folder = place(name, toml)
        assert exit_status(["run", "--period", "2026Q3", "--workspace", str(folder)]) == 0
        files = {x.relative_to(folder): x for x in (folder / "out").rglob("*.*") if x.is_file()}
        made.append({path: each.read_bytes() for path, each in files.items()})
    assert len(made[0]) == 5
    assert made[0] == made[1]


def test_a_worker_that_is_killed_costs_only_what_it_had_counted(
    opened, running, cluster, monkeypatch
):
    """It is killed once it holds parts that the others still have to get from it."""
    running.start_worker()
    client = workers(running.scheduler, WAIT)._client
    client.wait_for_workers(3, timeout=WAIT)
    killed = []

    class Watched(Workers):
        def gathered(self, results):
            if not killed:
                killed.append(_kill_one_that_holds_parts(client, running))
            return super().gathered(results)

    analysis = opened("there", cluster)
    monkeypatch.setattr(
        "engine.analysis.workers", lambda *_: Watched(client, running.scheduler, WAIT)
    )
    counted = told(analysis)
    assert killed == [-signal.SIGKILL]
    whole = told(opened("here"))
    assert_frame_equal(counted[0], whole[0], check_exact=True)
    assert counted[1] == whole[1]


def _kill_one_that_holds_parts(client, running):
    """How the process ended."""
    pids = client.run(os.getpid)
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        held = client.has_what()
        for address, keys in held.items():
            if any(key.startswith("partial-") for key in keys):
                (process,) = (each for each in running.started if each.pid == pids[address])
                process.kill()
                return process.wait()
        time.sleep(0.01)
    raise AssertionError(client.has_what())


def test_what_is_wrong_with_the_data_is_told_as_it_is_here(tmp_path, cluster):
    """A line in euros and no rate; validation, which would tell before, is left out."""
    line = {"account_id": "A", "amount": 100_00, "currency": "EUR", "invoiced_on": "2026-08-03"}
    write_snapshot(tmp_path / "snapshots/2026-10-01", {"billing/invoice_lines": [line]})
    said = []
    for toml in ("", cluster):
        text = f'[workspace]\nsnapshots = "snapshots"\n{toml}'
        (tmp_path / "quarterdeck.toml").write_text(text)
        workspace = read(tmp_path / "quarterdeck.toml")
        snapshot = open_snapshot(workspace.snapshots)
        analysis = Analysis(workspace, snapshot, Policy(mrr_source="invoices"), Verdict("", (), ()))
        with pytest.raises(DataError) as raised:
            analysis.numbers([Request(("mrr",), ("2026Q3",))])
        said.append(str(raised.value))
    assert said[0] == said[1]
    assert said[0].startswith("error: rate-missing")


def test_a_scheduler_that_is_away_is_told_at_once(place, capsys):
    toml = '[cluster]\nscheduler = "tcp://127.0.0.1:9"\nwait_seconds = 1\n'
    begun = time.monotonic()
    assert exit_status(["metrics", "--workspace", str(place("away", toml))]) == 2
    assert time.monotonic() - begun < 10
    said = capsys.readouterr().err
    assert said.startswith("error: cluster-away\n  × the scheduler at tcp://127.0.0.1:9")
    assert "Traceback" not in said


def test_a_scheduler_without_workers_is_told(place, tmp_path, capsys):
    with processes(tmp_path, workers=0) as lonely:
        toml = f'[cluster]\nscheduler = "{lonely.scheduler}"\nwait_seconds = 1\n'
        assert exit_status(["metrics", "--workspace", str(place("empty", toml))]) == 2
    assert "no worker has joined" in capsys.readouterr().err


def test_dask_is_asked_for_where_it_is_missing(place, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    toml = '[cluster]\nscheduler = "tcp://127.0.0.1:8"\n'
    assert exit_status(["metrics", "--workspace", str(place("bare", toml))]) == 2
    assert "pip install 'quarterdeck[cluster]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('schedular = "tcp://a:1"', "did you mean `scheduler`?"),
        ('scheduler = "a:1"', "`cluster.scheduler`"),
    ],
)
def test_a_table_that_cannot_be_followed_is_told(place, capsys, line, said):
    assert exit_status(["metrics", "--workspace", str(place("x", f"[cluster]\n{line}\n"))]) == 2
    assert said in capsys.readouterr().err
