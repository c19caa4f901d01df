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
    from distributed import Client, Future

    _Futures = set[Future[object]]
_Result = TypeVar("_Result")

_INSTALL = "pip install 'quarterdeck[cluster]'"
_ROOM = "a part that has no room in a worker's memory kills every worker that tries it"


class Workers:
    """The workers of one scheduler.

    A worker that goes away takes with it what it had counted, which the others then count again.
    """

    def __init__(self, client: "Client", scheduler: str, wait_seconds: int) -> None:
        """Takes a connection to the scheduler, and how long that may be without any worker."""
        self._client = client
        self._scheduler = scheduler
        self._wait_seconds = wait_seconds

    @property
    def threads(self) -> int:
        """Threads of all workers that are there now."""
        found = cast("dict[str, int]", self._client.nthreads())
        return sum(found.values())

    def submit(self, task: Callable[..., _Result], *args: object) -> _Result:
        """What the task will return."""
        with _told(self._scheduler):
            future = self._client.submit(task, *args, pure=False)
        return cast("_Result", future)

    def gathered(self, results: Sequence[_Result]) -> list[_Result]:
        """What the tasks returned; whatever is not done when this ends is given up."""
        with _told(self._scheduler):
            try:
                self._wait_for(results)
                return cast("list[_Result]", self._client.gather(list(results)))
            except BaseException:
                self._client.cancel(list(results), force=True)
                raise

    def _wait_for(self, results: Sequence[object]) -> None:
        """Until all are done or one failed: Dask itself would wait for ever for a worker."""
        from distributed import wait  # pyright: ignore[reportUnknownVariableType]

        left = cast("_Futures", set(results))
        while left:
            try:
                with self._client.as_current():
                    done, left = cast(
                        "tuple[_Futures, _Futures]",
                        wait(left, self._wait_seconds, "FIRST_COMPLETED"),
                    )
            except TimeoutError:
                self._require_worker()
                continue
            if any(each.status == "error" for each in done):
                return

    def _require_worker(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=self._wait_seconds)
        except TimeoutError as error:
            raise EnvironmentFault(
                "cluster-empty",
                "all workers went away while parts were counted, and none came back",
                note=_ROOM,
                hint="look into their logs; give them more memory, or say more `buckets` in "
                "[cluster]; then start them again",
            ) from error


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
    return Workers(client, scheduler, wait_seconds)


@contextmanager
def _told(scheduler: str) -> Generator[None]:
    """What goes wrong on the way becomes an EnvironmentFault; errors of ours stay what they are."""
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise EnvironmentFault(
            "cluster-killed",
            "workers died over the same part again and again",
            note=_ROOM,
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
            where=scheduler,
            hint="look whether it is up, and run it again",
        ) from error


def _away(scheduler: str, error: Exception) -> EnvironmentFault:
    return EnvironmentFault(
        "cluster-away",
        f"the scheduler at {scheduler} does not answer",
        where=" ".join(str(error).split())[:200],
        hint="start one: `dask scheduler`; or take `scheduler` out of [cluster] to count here",
    )
