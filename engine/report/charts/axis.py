"""A value axis: round ticks around the values, and where each value lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values to positions; ``start`` is where ``low`` lies, ``end`` where ``high`` does."""

    low: float
    high: float
    step: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Position of the value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values from ``low`` to ``high``."""
        count = round((self.high - self.low) / self.step)
        return tuple(round(self.low / self.step + n) * self.step for n in range(count + 1))


def axis(
    values: Iterable[float | None],
    start: float,
    end: float,
    *,
    from_zero: bool,
    most: int = 4,
) -> Axis:
    """The axis with about ``most`` round steps that holds all values; all equal still has one."""
    known = [value for value in values if value is not None] + ([0.0] if from_zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low <= abs(high) * 1e-9:
        low, high = (min(low, 0.0), high) if high > 0 else (low, max(high, 0.0))
        high = low + 1.0 if high == low else high
    step = round_step((high - low) / most)
    return Axis(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step, start, end)


def round_step(size: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``size``."""
    power = 10.0 ** floor(log10(size))
    return next(power * part for part in (1, 2, 5, 10) if power * part >= size * (1 - 1e-9))
