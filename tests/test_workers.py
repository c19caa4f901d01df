"""Tasks on several processes: each answered once, and none that goes wrong unnamed."""

import pickle
import signal
import time

import pytest

from engine.errors import DataError, EngineError, EnvironmentFault
from engine.worker import Limits, Task
from engine.workers import _TASKS, Workers

OWN_PROCESS = Task("a question", "__import__('os').getpid()")


def failure(function, order, limits=None):
    """What is raised for a task of the name `EMEA`."""
    with Workers(function, 1, limits) as workers, pytest.raises(EngineError) as raised:
        list(workers.results([Task("EMEA", order)]))
    return raised.value


def test_every_task_is_answered_once_with_its_own_result():
    tasks = [Task(f"of {n}", "x" * n) for n in range(9)]
    with Workers(len, 2) as workers:
        found = {task.name: result for task, result in workers.results(tasks)}
    assert found == {f"of {n}": n for n in range(9)}


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
    assert time.monotonic() - start < 60


def test_a_task_that_takes_too_much_memory_is_an_error_that_names_it():
    error = failure(bytes, 1 << 33, Limits(memory=1 << 29))
    assert (error.reference, error.exit_status) == ("pack-too-large", 2)
    assert "EMEA" in error.message


def test_a_fault_of_ours_is_told_with_its_task_and_without_a_traceback():
    error = failure(int, "many")
    assert (error.reference, error.exit_status) == ("internal", 1)
    assert "EMEA: ValueError" in str(error)


def test_a_process_gives_way_to_a_new_one_after_many_tasks():
    with Workers(eval, 1) as workers:
        processes = [result for _, result in workers.results([OWN_PROCESS] * (_TASKS + 1))]
    assert len(set(processes)) == 2


def test_leaving_ends_every_process_whatever_it_does():
    """The first is asleep for ten minutes when the second has answered."""
    with Workers(time.sleep, 2) as workers:
        task, _ = next(workers.results([Task("long", 600), Task("short", 0)]))
        start = time.monotonic()
    assert task.name == "short"
    assert time.monotonic() - start < 30


def test_an_error_is_the_same_in_another_process():
    error = DataError("seats", "seats < 0", where="3 rows", note="why", hint="what to do")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (DataError, str(error))
