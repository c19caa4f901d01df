"""Labels kept apart: side by side in a row, or one above the other at the end of lines."""

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Positions near the wanted ones, in their order, at least ``gap`` apart and in the range.

    Where the range is too short for all, they share it evenly.
    """
    if len(wanted) * gap > high - low + gap:
        gap = (high - low) / max(len(wanted) - 1, 1)
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    placed = [0.0] * len(wanted)
    floor = low
    for each in order:
        placed[each] = max(wanted[each], floor)
        floor = placed[each] + gap
    ceiling = high
    for each in reversed(order):
        placed[each] = min(placed[each], ceiling)
        ceiling = placed[each] - gap
    return tuple(placed)


def every(count: int, widest: float, spacing: float, gap: float = 8.0) -> int:
    """Every how many-th of ``count`` labels may be shown so that neighbours keep a gap."""
    steps = (1, 2, 3, 4, 6, 12)
    fitting = (step for step in steps if step * spacing >= widest + gap)
    return next(fitting, max(count, 1))


def shown(count: int, step: int) -> tuple[int, ...]:
    """Which labels are shown: every ``step``-th, counted back from the last."""
    return tuple(at for at in range(count) if (count - 1 - at) % step == 0)
