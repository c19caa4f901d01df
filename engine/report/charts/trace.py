"""A series of values as points, open where a value is missing."""

from collections.abc import Callable, Sequence

from engine.report.charts.canvas import Point

Placing = Callable[[int, float], Point]


def runs(values: Sequence[float | None], place: Placing) -> list[list[Point]]:
    """Points of neighbouring values; a new run starts after each gap."""
    found: list[list[Point]] = [[]]
    for at, value in enumerate(values):
        if value is not None:
            found[-1].append(place(at, value))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def last(values: Sequence[float | None]) -> int | None:
    """Index of the last value; None if there is none."""
    return max((at for at, value in enumerate(values) if value is not None), default=None)
