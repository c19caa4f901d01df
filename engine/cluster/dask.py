"""Parts counted by the workers of a Dask scheduler."""

import asyncio
import logging
from collections.abc import Callable, Generator, Sequence
from concurrent import futures
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from engine.errors import EnvironmentFault

if TYPE_CHECKING:
    from distributed import Client

_Result = TypeVar("_Result")

_INSTALL = "pip install 'quarterdeck[cluster]'"


class Workers:
    """The workers of one scheduler.

    A worker that goes away takes with it what it had counted, which the others then count again.
    """

    def __init__(self, client: "Client") -> None:
        """Takes a connection to the scheduler."""
        self._client = client

    @property
    def threads(self) -> int:
        """Threads of all workers that are there now."""
        found = cast("dict[str, int]", self._client.nthreads())
        return sum(found.values())

    def submit(self, task: Callable[..., _Result], *args: object) -> _Result:
        """What the task will return."""
        with _told():
            future = self._client.submit(task, *args, pure=False)
        return cast("_Result", future)

    def gathered(self, results: Sequence[_Result]) -> list[_Result]:
        """What the tasks returned; whatever is not done when this ends is given up."""
        with _told():
            try:
                return cast("list[_Result]", self._client.gather(list(results)))
            except BaseException:
                self._client.cancel(list(results), force=True)
                raise


@cache
def workers(scheduler: str, wait_seconds: int) -> Workers:
    """The workers of the scheduler at that address, connected to once in a process.

    Raises:
        EnvironmentFault: Dask is not installed, the scheduler does not answer, or has no worker.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise EnvironmentFault(
            "cluster-missing",
            "counting on a cluster needs Dask, which is not installed",
            hint=f"{_INSTALL}; or take `scheduler` out of [cluster]",
        ) from error
    # What it has to say is told as an error, or is of no concern to a reader.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=wait_seconds, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _away(scheduler, error) from error
    try:
        client.wait_for_workers(1, timeout=wait_seconds)
    except TimeoutError as error:
        client.close()
        raise EnvironmentFault(
            "cluster-empty",
            f"no worker has joined the scheduler at {scheduler}",
            hint=f"start some: `dask worker {scheduler} --nthreads 1`",
        ) from error
    return Workers(client)


@contextmanager
def _told() -> Generator[None]:
    """What goes wrong on the way becomes an EnvironmentFault; errors of ours stay what they are."""
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise EnvironmentFault(
            "cluster-killed",
            "workers died over the same part again and again",
            note="a part that has no room in a worker's memory kills every worker that tries it",
            hint="give workers more memory, or say more `buckets` in [cluster]",
        ) from error
    except ImportError as error:
        raise EnvironmentFault(
            "cluster-versions",
            "the cluster lacks what is installed here",
            where=str(error),
            hint=f"{_INSTALL}, in the same version, for the scheduler and all workers",
        ) from error
    except (CommClosedError, asyncio.CancelledError, futures.CancelledError) as error:
        raise EnvironmentFault(
            "cluster-away",
            "the scheduler went away while parts were counted",
            where=" ".join(str(error).split())[:200],
            hint="look whether it is up, and run it again",
        ) from error


def _away(scheduler: str, error: Exception) -> EnvironmentFault:
    return EnvironmentFault(
        "cluster-away",
        f"the scheduler at {scheduler} does not answer",
        where=" ".join(str(error).split())[:200],
        hint="start one: `dask scheduler`; or take `scheduler` out of [cluster] to count here",
    )
