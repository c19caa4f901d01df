"""Tasks on several processes: each answered once, and none that goes wrong unnamed."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import engine
from engine.errors import DataError, EngineError, EnvironmentFault
from engine.worker import Limits, Task
from engine.workers import _GRACE, _TASKS, Workers

OWN_PROCESS = Task("a question", "__import__('os').getpid()")
ASLEEP = """
import pathlib, time
file = pathlib.Path({!r})
file.write_text("begun")
try:
    time.sleep(60)
finally:
    file.unlink()
"""
BEGUN = """
import pathlib, time
while not pathlib.Path({!r}).exists():
    time.sleep(0.01)
"""
PARENT = """
from engine.worker import Task
from engine.workers import Workers
order = "import time; print('begun', flush=True); time.sleep(90)"
with Workers(exec, 1) as workers:
    list(workers.results([Task("long", order)]))
"""


def failure(function, order, limits=None):
    """What is raised for a task of the name `EMEA`."""
    with Workers(function, 1, limits) as workers, pytest.raises(EngineError) as raised:
        list(workers.results([Task("EMEA", order)]))
    return raised.value


def test_every_task_is_answered_once_with_its_own_result():
    tasks = [Task(f"of {n}", "x" * n) for n in range(9)]
    with Workers(len, 2) as workers:
        found = [(task.name, result) for task, result in workers.results(tasks)]
    assert sorted(found) == [(f"of {n}", n) for n in range(9)]


def test_tasks_are_taken_only_as_processes_come_free():
    """Two at work and one ahead, so that a hundred packs take no more memory than three."""
    taken = []

    def tasks():
        for n in range(20):
            taken.append(n)
            yield Task(str(n), "x")

    with Workers(len, 2) as workers:
        results = workers.results(tasks())
        for done, _ in enumerate(results):
            assert len(taken) <= done + 4


def test_a_process_that_is_killed_is_an_error_that_names_its_task():
    error = failure(signal.raise_signal, signal.SIGKILL)
    assert isinstance(error, EnvironmentFault)
    assert "EMEA" in error.message
    assert error.where == "SIGKILL"


def test_a_task_that_takes_too_long_is_given_up_at_once():
    start = time.monotonic()
    error = failure(time.sleep, 600, Limits(seconds=0.2))
    assert (error.reference, error.exit_status) == ("pack-too-slow", 2)
    assert "EMEA" in error.message
    assert time.monotonic() - start < 30


def test_a_task_that_takes_too_much_memory_is_an_error_that_names_it():
    error = failure(eval, "len(bytes(1 << 33))", Limits(memory=1 << 29))
    assert (error.reference, error.exit_status) == ("pack-too-large", 2)
    assert "EMEA" in error.message


def test_a_fault_of_ours_is_told_with_its_task_and_without_a_traceback():
    error = failure(int, "many")
    assert (error.reference, error.exit_status) == ("internal", 1)
    assert "EMEA: ValueError" in str(error)
    assert "Traceback" not in str(error)


def test_a_process_gives_way_to_a_new_one_after_many_tasks():
    with Workers(eval, 1) as workers:
        processes = [result for _, result in workers.results([OWN_PROCESS] * (_TASKS + 1))]
    assert len(set(processes)) == 2


def test_a_task_that_fails_stops_no_other():
    """One is killed, one raises; a new process takes the place of the killed."""
    kill = "__import__('os').kill(__import__('os').getpid(), 9)"
    tasks = [Task(name, order) for name, order in (("a", kill), ("b", "1/0"), ("c", "1 + 1"))]
    with Workers(eval, 1) as workers:
        found = {task.name: outcome for task, outcome in workers.outcomes(tasks)}
    assert list(found) == ["a", "b", "c"]
    assert (found["a"].reference, found["b"].reference) == ("worker-lost", "internal")
    assert found["c"] == 2


def test_a_task_that_takes_too_long_stops_no_other():
    with Workers(eval, 1, Limits(seconds=2)) as workers:
        tasks = [Task("long", "__import__('time').sleep(60)"), Task("short", "1 + 1")]
        (_, late), (_, done) = workers.outcomes(tasks)
    assert (late.reference, done) == ("pack-too-slow", 2)


def test_a_process_that_ends_between_tasks_is_an_error_of_the_next():
    with Workers(eval, 1) as workers:
        outcomes = workers.outcomes([OWN_PROCESS, Task("EMEA", "1"), Task("APAC", "2")])
        _, pid = next(outcomes)
        os.kill(pid, signal.SIGKILL)
        workers._workers[0].process.join()
        (_, lost), (_, done) = outcomes
    assert (lost.reference, done) == ("worker-lost", 2)
    assert "EMEA" in lost.message


def test_a_process_is_not_interrupted_with_the_one_that_started_it():
    """A terminal interrupts both; the one that started it says when to leave."""
    order = "__import__('signal').raise_signal(2) or 'still there'"
    with Workers(eval, 1) as workers:
        assert [result for _, result in workers.results([Task("x", order)])] == ["still there"]


def test_leaving_ends_every_process_once_what_it_was_writing_is_cleared_away(tmp_path):
    """One is asleep for a minute when the other, which waits for it to begin, has answered."""
    file = tmp_path / "half"
    tasks = [Task("long", ASLEEP.format(str(file))), Task("short", BEGUN.format(str(file)))]
    with Workers(exec, 2) as workers:
        task, _ = next(workers.results(tasks))
        pids = [each.process.pid for each in workers._workers]
        start = time.monotonic()
    assert time.monotonic() - start < _GRACE
    assert task.name == "short"
    assert not file.exists()
    assert [each for each in pids if is_there(each)] == []


def test_leaving_ends_a_process_that_will_not_leave(monkeypatch):
    monkeypatch.setattr("engine.workers._GRACE", 0.2)
    deaf = Task("deaf", "__import__('signal').signal(15, 1) and None")
    with Workers(eval, 1) as workers:
        next(workers.results([deaf]))
        (pid,) = [each.process.pid for each in workers._workers]
    assert not is_there(pid)


def test_a_process_ends_with_the_one_that_started_it_however_that_ended():
    """All have the same pipe, which ends with the last of them; none waits out its task."""
    line = [sys.executable, "-c", PARENT]
    parent = subprocess.Popen(line, stdout=subprocess.PIPE, cwd=Path(engine.__path__[0]).parent)
    assert parent.stdout.readline() == b"begun\n"
    parent.kill()
    parent.communicate(timeout=30)


def is_there(pid):
    """Whether a process has that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_error_is_the_same_in_another_process():
    error = DataError("seats", "seats < 0", where="3 rows", note="why", hint="what to do")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (DataError, str(error))
