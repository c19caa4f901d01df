"""Where parts are counted."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

_Result = TypeVar("_Result")


class Executor(Protocol):
    """Calls functions, each at some time and in some place, with what others returned."""

    @property
    def threads(self) -> int:
        """How many calls it makes at once."""
        ...

    def submit(self, task: Callable[..., _Result], *args: object) -> _Result:
        """What the task will return; it may be an argument of others, and nothing else."""
        ...

    def gathered(self, results: Sequence[_Result]) -> list[_Result]:
        """What the tasks returned.

        Raises:
            EngineError: One of them raised it, or could not be done at all.
        """
        ...


class Here:
    """One call after the other, in this process."""

    threads = 1

    def submit(self, task: Callable[..., _Result], *args: object) -> _Result:
        """What the task returns."""
        return task(*args)

    def gathered(self, results: Sequence[_Result]) -> list[_Result]:
        """The same."""
        return list(results)
