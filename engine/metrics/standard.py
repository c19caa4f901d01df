"""Whether a value is good: by the customary bounds of its metric, or by how it moved."""

from collections.abc import Sequence
from enum import StrEnum

from engine.metrics.model import Bounds, Metric, Unit

#: A relative change smaller than this is called no change.
STILL = 0.0005


class Standing(StrEnum):
    """What a reader should make of a value."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


def standing(metric: Metric, value: float | None, bases: Sequence[float | None]) -> Standing | None:
    """The verdict on a value; None where there is nothing to judge it by.

    Args:
        bases: What it was before: the period before and the year before, as far as there were.
    """
    if value is None or metric.is_neutral:
        return None
    if metric.bounds:
        return _within(metric.bounds, value, is_high=metric.higher_is_better)
    moves = [_move(metric, value, base) for base in bases if base is not None]
    if not moves:
        return None
    if all(move > 0 for move in moves):
        return Standing.GOOD
    return Standing.BAD if all(move < 0 for move in moves) else Standing.WATCH


def rule(metric: Metric) -> str:
    """The rule in words."""
    if metric.is_neutral:
        return "not judged: neither more nor less is better"
    if not metric.bounds:
        better, worse = ("higher", "lower") if metric.higher_is_better else ("lower", "higher")
        return (
            f"good if {better} than in the period before and than a year before, "
            f"bad if {worse} than both, else to be watched"
        )
    good, bad = (in_words(metric, each) for each in (metric.bounds.good, metric.bounds.bad))
    if metric.higher_is_better:
        return f"good from {good} up, bad below {bad}, between them to be watched"
    return f"good up to {good}, bad above {bad}, between them to be watched"


def in_words(metric: Metric, bound: float) -> str:
    """A bound as words have it: ``90%``, ``3``, ``12``."""
    is_share = metric.unit is Unit.RATIO_PER_MONTH or (
        metric.unit is Unit.RATIO and metric.bounds is not None and metric.bounds.good <= 1
    )
    return f"{round(bound * 100, 1):g}%" if is_share else f"{bound:g}"


def _within(bounds: Bounds, value: float, *, is_high: bool) -> Standing:
    sign = 1 if is_high else -1
    if sign * value >= sign * bounds.good:
        return Standing.GOOD
    return Standing.BAD if sign * value < sign * bounds.bad else Standing.WATCH


def _move(metric: Metric, value: float, base: float) -> int:
    """1 for better, -1 for worse, 0 for no change."""
    if abs(value - base) <= abs(base) * STILL:
        return 0
    return 1 if (value > base) == metric.higher_is_better else -1
