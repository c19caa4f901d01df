"""Columns of dots or bars beside the names of what they measure, as a block of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.report.charts.strips import HEAD
from engine.report.look import Look
from engine.report.shortening import told_apart

#: Part of the measure that the chart takes beside the names (see ``.strips`` in the styles).
SHARE = 0.79

#: The padding after a name, its size and its weight, as the styles set them.
_PADDING, _NAME = 7.0, (8.0, 500)


def beside(look: Look, names: Sequence[str]) -> tuple[str, ...]:
    """The names as there is room for them beside the chart."""
    width = look.paper.measure * (1 - SHARE) - _PADDING
    return told_apart(look.typeface, names, width, *_NAME)


@dataclass(frozen=True, slots=True)
class Strips:
    """A chart whose rows are named by the page, which sets names in every script."""

    part: ClassVar[str] = "strips"
    title: str
    unit: str
    names: tuple[str, ...]
    row_height: float
    svg: str
    notes: tuple[str, ...] = ()
    starts_page: bool = False

    @property
    def head(self) -> float:
        """Height of what stands above the first row."""
        return HEAD
