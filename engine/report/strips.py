"""Columns of dots or bars beside the names of what they measure, as a block of a page."""

from dataclasses import dataclass
from typing import ClassVar

from engine.report.charts.strips import HEAD

#: Part of the measure that the chart takes beside the names (see ``.strips`` in the styles).
SHARE = 0.79


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
