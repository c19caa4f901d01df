"""Everything that may stop a command, as one tree with fixed parts.

EngineError
├── UsageError          wrong arguments or configuration            exit status 2
├── EnvironmentFault    disk, permissions, missing system library   exit status 2
├── DataError           the data does not hold                      exit status 3
└── DeliveryError       some delivery failed or is unknown          exit status 4

Each has a stable kebab-case ``reference``, a ``message`` (what), and if known
``where`` (file, table, row counts), a ``note`` (why it matters) and a ``hint`` (what to do).
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar

_Result = TypeVar("_Result")

#: Names that a hint lists at most.
_LISTED = 80


class EngineError(Exception):
    """Stops a command; printed in a few lines, never as a traceback."""

    exit_status = 1

    def __init__(
        self, reference: str, message: str, *, where: str = "", note: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.reference = reference
        self.message = message
        self.where = where
        self.note = note
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args), self.__dict__

    def __str__(self) -> str:
        """The parts, a line each, empty ones left out."""
        lines = [f"error: {self.reference}", f"  × {self.message}"]
        lines += [f"  ╰─> {self.where}"] if self.where else []
        lines += [f"note: {self.note}"] if self.note else []
        lines += [f"hint: {self.hint}"] if self.hint else []
        return "\n".join(lines)


class UsageError(EngineError):
    """The arguments or the configuration cannot be followed."""

    exit_status = 2


class EnvironmentFault(EngineError):
    """This machine lacks something: a file, a permission, space, a system library."""

    exit_status = 2


class DataError(EngineError):
    """The export contradicts its contract, so no number may be made of it."""

    exit_status = 3


class DeliveryError(EngineError):
    """A pack did not reach somebody, or nobody knows whether it did."""

    exit_status = 4


def _again(kind: type[EngineError], parts: tuple[object, ...]) -> EngineError:
    """The error in another process; its other parts are put back by pickle."""
    return kind.__new__(kind, *parts)


def tried(function: Callable[..., _Result], *args: object) -> _Result | EngineError:
    """What the function returns, or the EngineError that it raises."""
    try:
        return function(*args)
    except EngineError as error:
        return error


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that names what exists, the closest names first; empty if nothing does."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"`{each}`" for each in close) + "?"
    listed = ", ".join(f"`{each}`" for each in names[:_LISTED])
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"known: {listed}{more}" if names else ""
