"""A cluster that comes to harm while it counts: one message, an exit status, nothing left over."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from distributed import Client

from engine.cli import exit_status
from engine.cluster.dask import workers
from tests.cluster.conftest import WAIT
from tests.cluster.processes import processes

UNTIL = """
import pathlib, time
for _ in range(2_000):
    time.sleep(0.01)
    if pathlib.Path({!r}).exists():
        break
"""


@contextmanager
def harmed(tmp_path, place, harm, **environment):
    """A scheduler, and a workspace that counts with one worker of it, which comes to harm."""
    variables = {**os.environ, "HARM": harm, **environment}
    folder = tmp_path / "dask"
    folder.mkdir()
    with processes(folder, 0, variables, "tests.cluster.faults") as found:
        variables["SCHEDULER"] = str(found.started[0].pid)
        found.start_worker()
        address = f'scheduler = "{found.scheduler}"'
        with Client(found.scheduler, timeout=WAIT, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=WAIT)
        yield found, place("harmed", f"[cluster]\n{address}\nwait_seconds = 1\n")


def said(found, folder, capfd):
    """What a command says that cannot count there."""
    assert exit_status(["metrics", "--workspace", str(folder)]) == 2
    workers(found.scheduler, 1)._client.close()
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err


def test_workers_that_die_again_and_again_are_told(tmp_path, place, capfd):
    """Once is enough for this scheduler; others try a part four times."""
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with harmed(tmp_path, place, "_dies", **once) as (found, folder):
        error = said(found, folder, capfd)
    assert error.startswith("error: cluster-killed\n  × workers died over the same part")


def test_workers_that_died_and_do_not_come_back_are_not_waited_for_for_ever(tmp_path, place, capfd):
    with harmed(tmp_path, place, "_dies") as (found, folder):
        error = said(found, folder, capfd)
    assert error.startswith("error: cluster-empty\n  × all workers went away while")


def test_a_scheduler_that_goes_away_in_the_middle_is_told(tmp_path, place, capfd):
    with harmed(tmp_path, place, "_kills_the_scheduler") as (found, folder):
        error = said(found, folder, capfd)
    assert error.splitlines()[:3] == [
        "error: cluster-away",
        "  × the scheduler went away while parts were counted",
        f"  ╰─> {found.scheduler}",
    ]


def test_what_is_not_done_when_one_part_fails_is_given_up_at_once(running, tmp_path):
    pool, file = workers(running.scheduler, WAIT), tmp_path / "go"
    waiting = pool.submit(exec, UNTIL.format(str(file)))
    begun = time.monotonic()
    with pytest.raises(ValueError, match="many"):
        pool.gathered([waiting, pool.submit(int, "many")])
    assert time.monotonic() - begun < 15
    while waiting.key in {each for keys in pool._client.processing().values() for each in keys}:
        assert time.monotonic() - begun < 15
        time.sleep(0.02)
    file.touch()


def test_an_interrupted_command_says_so_in_a_line_and_takes_its_tasks_back(tmp_path, place):
    """Interrupted as a terminal does it, while a worker counts."""
    asleep = tmp_path / "asleep"
    with harmed(tmp_path, place, "_sleeps", ASLEEP=str(asleep)) as (found, folder):
        line = [sys.executable, "-c", "from engine.cli import main; main()"]
        line += ["metrics", "--workspace", str(folder)]
        command = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        while not asleep.exists():
            assert command.poll() is None
            time.sleep(0.02)
        os.killpg(command.pid, signal.SIGINT)
        assert command.communicate(timeout=30) == (b"", b"stopped; nothing half-written is left\n")
        assert command.returncode == 130
        with Client(found.scheduler, timeout=WAIT, set_as_default=False) as client:
            assert set(client.processing().values()) == {()}
