"""One comparison of two numbers that should agree."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from engine.metrics.model import Unit
from engine.money import MICRO


class Outcome(StrEnum):
    """What came of a comparison."""

    OK = "ok"
    ODD = "looks odd"
    TOLD = "for information"
    MISSING = "not available"


@dataclass(frozen=True, slots=True)
class Check:
    """What is compared, in words.

    Attributes:
        name: Stable and kebab-case; a dimension stands after a colon.
        title: A headline.
        left: What the left value is.
        right: What the right value is.
        tolerance: Largest difference that is no matter, as a share of the left value; 0: the two
            must be equal; None: they need not agree, and the difference is told.
        meaning: What a difference says.
        explained_by: What makes one without anything being wrong.
    """

    name: str
    title: str
    left: str
    right: str
    unit: Unit
    tolerance: float | None
    meaning: str
    explained_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """A check and what it found.

    Attributes:
        left: Money in major units; None exactly where the check is not available.
        right: The same.
        difference: Left less right, taken before either was rounded.
        reason: Why it is not available; else empty.
    """

    check: Check
    outcome: Outcome
    left: float | None = None
    right: float | None = None
    difference: float | None = None
    reason: str = ""


def compared(check: Check, left: int, right: int) -> Line:
    """The two sums, money in micro-units, set against the tolerance in whole numbers."""
    scale = MICRO if check.unit.is_money else 1
    return Line(
        check, _outcome(check, left, right), left / scale, right / scale, (left - right) / scale
    )


def total(values: pl.Series) -> int:
    """The sum of whole numbers, or how many are true; 0 of none."""
    return int(values.sum())


def row(**sums: int) -> pl.DataFrame:
    """The sums as one row, to be added to those of other accounts."""
    return pl.DataFrame(sums, schema=dict.fromkeys(sums, pl.Int64()))


def missing(check: Check, reason: str) -> Line:
    """The check without values."""
    return Line(check, Outcome.MISSING, reason=reason)


def _outcome(check: Check, left: int, right: int) -> Outcome:
    if check.tolerance is None:
        return Outcome.TOLD
    # A millionth of a share is a whole number, so that no rounding decides.
    allowed = abs(left) * round(check.tolerance * MICRO)
    return Outcome.OK if abs(left - right) * MICRO <= allowed else Outcome.ODD
