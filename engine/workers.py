"""Processes that do one task after another, each within limits of time and memory.

They are forked from a server process of their own (multiprocessing's ``forkserver``) that has
imported what draws pages and has no threads: this process may not be forked itself, as a lock
that a thread of Polars holds would stay locked for ever in the copy.
"""

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from time import monotonic
from typing import Generic, Self, TypeVar

from engine.errors import EngineError, EnvironmentFault
from engine.worker import Limits, Task, work

Order = TypeVar("Order")
Result = TypeVar("Result")
_Answer = TypeVar("_Answer")

#: Imported once, before any worker is forked; none of these starts a thread.
_WARM = ["weasyprint", "fontTools.subset", "jinja2", "babel", "xlsxwriter"]

#: Tasks after which a worker gives way to a new one, should a library not give memory back.
_TASKS = 32

#: Seconds that a worker has to clear away what it was writing.
_GRACE = 5


@dataclass(eq=False, slots=True)
class _Worker(Generic[Order]):
    """A process, this end of its pipe, and the task it is at, to be done by a moment."""

    process: ForkServerProcess
    pipe: Connection
    left: int = _TASKS
    task: Task[Order] | None = None
    until: float | None = None


class Workers(Generic[Order, Result]):
    """Up to so many processes that all answer with one function; leaving them ends them all."""

    def __init__(
        self, function: Callable[[Order], Result], count: int, limits: Limits | None = None
    ) -> None:
        """Starts none yet; ``function`` must be one of a module, its orders and results pickle."""
        self._function = function
        self._count = count
        self._limits = limits or Limits()
        self._workers: list[_Worker[Order]] = []
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(_WARM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._workers:
            each.process.terminate()
        until = monotonic() + _GRACE
        for each in self._workers:
            each.process.join(max(0.0, until - monotonic()))
            self._end(each)
        self._workers.clear()

    def results(self, tasks: Iterable[Task[Order]]) -> Generator[tuple[Task[Order], Result]]:
        """Every task with what it came to, as they are done; the first that fails ends it.

        Raises:
            EngineError: What a task raised.
            EnvironmentFault: A task went beyond a limit, or its process was ended from outside.
        """
        for task, outcome in self.outcomes(tasks):
            if isinstance(outcome, EngineError):
                raise outcome
            yield task, outcome

    def outcomes(
        self, tasks: Iterable[Task[Order]]
    ) -> Generator[tuple[Task[Order], Result | EngineError]]:
        """Every task with what it came to or what stopped it, as they are done.

        A task is taken from ``tasks`` once a worker is about to be free: there are never more of
        them, nor more results, than one a worker and one ahead.
        """
        todo = iter(tasks)
        ahead = next(todo, None)
        while ahead or self._busy:
            if ahead and (worker := self._idle()):
                if fault := self._give(worker, ahead):
                    yield ahead, fault
                ahead = next(todo, None)
            else:
                yield from self._answers()

    @property
    def _busy(self) -> list[_Worker[Order]]:
        return [each for each in self._workers if each.task]

    def _idle(self) -> _Worker[Order] | None:
        """A worker without a task, a new one if need be; None where all that may be are busy."""
        for each in self._workers:
            if not each.task:
                return each
        if len(self._workers) == self._count:
            return None
        here, there = self._context.Pipe()
        process = self._context.Process(
            target=work, args=(there, self._function, self._limits.memory), daemon=True
        )
        process.start()
        there.close()
        self._workers.append(_Worker(process, here))
        return self._workers[-1]

    def _give(self, worker: _Worker[Order], task: Task[Order]) -> EngineError | None:
        """Why the worker cannot be given the task, if so."""
        seconds = self._limits.seconds
        worker.task, worker.left = task, worker.left - 1
        worker.until = None if seconds is None else monotonic() + seconds
        try:
            worker.pipe.send(task)
        except OSError:
            return self._dismissed(worker, _lost(worker, task))
        return None

    def _answers(self) -> Iterator[tuple[Task[Order], Result | EngineError]]:
        """What is there next, once something is."""
        busy = self._busy
        until = min((each.until for each in busy if each.until is not None), default=None)
        left = None if until is None else max(0.0, until - monotonic())
        ready = wait([each.pipe for each in busy], left)
        for each in busy:
            if each.task and each.pipe in ready:
                yield each.task, self._answer(each, each.task)
            elif each.task and each.until is not None and each.until <= monotonic():
                yield each.task, self._dismissed(each, _late(each.task, self._limits))

    def _answer(self, worker: _Worker[Order], task: Task[Order]) -> Result | EngineError:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            return self._dismissed(worker, _lost(worker, task))
        worker.task = None
        return answer if worker.left else self._dismissed(worker, answer)

    def _dismissed(self, worker: _Worker[Order], answer: _Answer) -> _Answer:
        """The worker's last answer; another takes its place when one is needed."""
        self._workers.remove(worker)
        worker.process.terminate()
        worker.process.join(_GRACE)
        self._end(worker)
        return answer

    @staticmethod
    def _end(worker: _Worker[Order]) -> None:
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()


def _late(task: Task[Order], limits: Limits) -> EnvironmentFault:
    return EnvironmentFault(
        "pack-too-slow",
        f"{task.name} was not done within {limits.seconds:,.0f} seconds and was given up",
        note="nothing half-written is left; what was finished before stays",
        hint="run again when the machine is less busy; finished packs are not made twice",
    )


def _lost(worker: _Worker[Order], task: Task[Order]) -> EnvironmentFault:
    worker.process.join(_GRACE)
    status = worker.process.exitcode or 0
    how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return EnvironmentFault(
        "worker-lost",
        f"the process that worked on {task.name} was ended from outside",
        where=how,
        note="most often the machine had no memory left; what was made stays",
        hint="run the same again with a smaller --jobs; finished packs are not made twice",
    )
