"""One process of several, from inside: it answers task after task until its parent is gone."""

import resource
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread, main_thread
from typing import Generic, TypeVar

from engine.errors import EngineError, EnvironmentFault

Order = TypeVar("Order")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take; None sets no limit.

    Attributes:
        memory: Bytes of address space beyond what a process has before its first task.
    """

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Task(Generic[Order]):
    """What a worker is given; ``name`` is what an error says that it was."""

    name: str
    order: Order


def work(pipe: Connection, function: Callable[[Order], Result], memory: int | None) -> None:
    """Sends back the function's result for every task that comes in, or what stopped it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends this
    signal.signal(signal.SIGTERM, _leave)
    Thread(target=_watch_parent, daemon=True).start()
    _limit(memory)
    while True:
        try:
            task: Task[Order] = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(function, task))


def _answer(function: Callable[[Order], Result], task: Task[Order]) -> Result | EngineError:
    try:
        return function(task.order)
    except EngineError as error:
        return error
    except MemoryError:
        return EnvironmentFault(
            "pack-too-large",
            f"{task.name} needs more memory than one pack may take",
            hint="let its pack name fewer sections",
        )
    except Exception as error:  # noqa: BLE001  its traceback cannot be sent
        return _fault(task.name, error)


def _fault(name: str, error: Exception) -> EngineError:
    last = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split())[:300]
    return EngineError(
        "internal",
        f"{name}: {type(error).__name__}: {text}",
        where=f"{Path(last.filename).name}:{last.lineno}",
        note="this is a fault of Quarterdeck, not of your data",
        hint="report it with this message",
    )


def _limit(memory: int | None) -> None:
    """Lets an allocation fail before the machine has no memory left for others."""
    sizes = Path("/proc/self/statm")
    if memory is None or not sizes.exists():
        return
    now = int(sizes.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + memory, most))


def _watch_parent() -> None:
    """Ends this process when the one that started it is gone, however it went."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        signal.pthread_kill(main_thread().ident or 0, signal.SIGTERM)


def _leave(*_: object) -> None:
    """Leaves so that what is being written is cleared away."""
    sys.exit(128 + signal.SIGTERM)
