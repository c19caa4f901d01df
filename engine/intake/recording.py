"""What expression a Pandera check comes down to.

Its function is handed a stand-in for the frame that records the one Boolean expression that it
selects, which is the form that Pandera documents for checks on Polars.
"""
# pyright: reportPrivateUsage=false
# Pandera has no public way to a check's function and arguments.

from collections.abc import Callable
from functools import partial
from typing import cast

import polars as pl
from pandera.api.checks import Check
from pandera.api.polars.types import PolarsData


def recorded(check: Check, key: str) -> pl.Expr | None:
    """True where a row is right, null where it cannot be told; None if it does not compile.

    Args:
        check: Of a column or of rows.
        key: The column; ``*`` for rows.
    """
    recorder = _Recorder()
    if check.element_wise:
        return None
    try:
        outcome = _function(check)(PolarsData(cast("pl.LazyFrame", recorder), key))
    except (_NotRecordedError, TypeError, ValueError):
        return None
    return recorder.selected if outcome is recorder else None


def built_in(check: Check) -> str | None:
    """Which of Pandera's own checks it is, whatever it is called; None if it is none of them."""
    name: object = getattr(cast("object", check._check_fn), "__name__", None)  # noqa: SLF001
    return name if isinstance(name, str) and check.is_builtin_check(name) else None


def _function(check: Check) -> Callable[[PolarsData], object]:
    """The check's function with its arguments bound, as Pandera's own back end gets it.

    Pandera fetches its built-in checks anew by the function's name at each call, because they
    learn Polars only once its back end is registered; ``get_backend`` registers it.
    """
    check.get_backend(pl.LazyFrame())
    own = built_in(check)
    function = cast(
        "Callable[..., object]",
        check._check_fn if own is None else check.get_builtin_check_fn(own),  # noqa: SLF001
    )
    return partial(function, **check._check_kwargs)  # noqa: SLF001


class _NotRecordedError(Exception):
    """A check does more with the frame than select one expression."""


class _Recorder:
    """Stands in for a LazyFrame and keeps the one expression that is selected from it."""

    def __init__(self) -> None:
        self.selected: pl.Expr | None = None

    def select(self, *expressions: object, **named: object) -> "_Recorder":
        given = [*expressions, *named.values()]
        if self.selected is not None or len(given) != 1 or not isinstance(given[0], pl.Expr):
            raise _NotRecordedError
        if given[0].meta.has_multiple_outputs():
            raise _NotRecordedError
        self.selected = given[0]
        return self

    def __getattr__(self, name: str) -> object:
        raise _NotRecordedError(name)
