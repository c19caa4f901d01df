"""The change between readings, a part a step, adding up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from engine.metrics.restatement.reading import Reading

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a change of the sums is to the metric of the whole.

    Attributes:
        ratio: Mean ratio of both ends; ``below``: their mean denominator. None for a sum.
    """

    ratio: Fraction | None = None
    below: Fraction | None = None

    def parts(self, readings: Sequence[Reading]) -> tuple[Fraction, ...]:
        """What each step of the readings did to the whole, by Bennet."""
        tops = [each.top or ZERO for each in readings]
        steps = [later - earlier for earlier, later in pairwise(tops)]
        if self.ratio is None or self.below is None:
            return tuple(steps)
        belows = [each.below or ZERO for each in readings]
        below_steps = (later - earlier for earlier, later in pairwise(belows))
        return tuple(
            (top - self.ratio * below) / self.below
            for top, below in zip(steps, below_steps, strict=True)
        )


def scale(whole: Sequence[Reading]) -> Scale | None:
    """The scale of a sum or of a ratio of two; None of anything else, or without a value."""
    first, last = whole[0], whole[-1]
    if first.value is None or last.value is None:
        return None
    shapes = {each.shape for each in whole}
    if shapes == {"sum"} and all(each.top is not None for each in whole):
        return Scale()
    if shapes != {"ratio"} or any(each.top is None or each.below is None for each in whole):
        return None
    below = ((first.below or ZERO) + (last.below or ZERO)) / 2
    return Scale((first.value + last.value) / 2, below) if below else None


def split(readings: Sequence[Reading]) -> tuple[Fraction, ...] | None:
    """What each step did to the readings' own value; None where an end has none.

    What is neither a sum nor a ratio of two changes step by step, in their order; a step that
    leaves it without a value is told together with the next.
    """
    if readings[0].value is None or readings[-1].value is None:
        return None
    if (own := scale(readings)) is not None:
        return own.parts(readings)
    parts: list[Fraction] = []
    known = readings[0].value
    for each in readings[1:]:
        value = known if each.value is None else each.value
        parts.append(value - known)
        known = value
    return tuple(parts)
