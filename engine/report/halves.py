"""Two blocks of equal width, side by side."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from engine.report.blocks import Block


#: Width of each, as a part of the measure (see ``.halves`` in the styles).
WIDTH = 0.476


@dataclass(frozen=True, slots=True)
class Halves:
    """Two blocks side by side, neither wider."""

    part: ClassVar[str] = "halves"
    left: "Block"
    right: "Block"
