"""A heat table: a real table whose cells are coloured by what they hold."""

from dataclasses import dataclass
from typing import ClassVar

from engine.report.colour import colour_of, contrast, oklch
from engine.report.palette import Palette
from engine.report.table import Cell

#: Steps on each side of the middle; more are not told apart by eye.
STEPS = 6

#: Lightness of the palest ground; the strongest is as dark as the text on it allows.
_PALEST, _DARKEST, _TEXT = 0.975, 0.74, 4.5


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A coloured cell; without a ``cell`` it is left empty, for there is nothing to say yet."""

    cell: Cell | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row: its name, plain figures about its size, and the coloured cells."""

    name: str
    sizes: tuple[Cell, ...]
    cells: tuple[HeatCell, ...]
    is_average: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """Coloured figures by row and column.

    Attributes:
        corner: What the rows are.
        sizes: Heads of the plain columns.
        over: Stands above the heads of the coloured columns.
        heads: Their heads.
    """

    part: ClassVar[str] = "heat"
    title: str
    unit: str
    corner: str
    sizes: tuple[str, ...]
    over: str
    heads: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    notes: tuple[str, ...] = ()
    starts_page: bool = False


def brand_ground(part: float, palette: Palette) -> str:
    """The brand's hue, from palest (``part`` 0) to strongest (1)."""
    return _ground(part, palette.line, palette)


def signed_ground(part: float, palette: Palette) -> str:
    """The colour of good above zero and of bad below it, strongest at 1 and −1."""
    return _ground(abs(part), palette.good if part >= 0 else palette.bad, palette)


def grounds(palette: Palette) -> tuple[str, ...]:
    """Every ground that a cell may stand on, each once."""
    colours = (palette.line, palette.good, palette.bad)
    steps = [step / STEPS for step in range(STEPS + 1)]
    return tuple(dict.fromkeys(_ground(part, each, palette) for each in colours for part in steps))


def _ground(part: float, colour: str, palette: Palette) -> str:
    """One of ``STEPS`` tints of the colour that the text can stand on."""
    step = round(min(max(part, 0.0), 1.0) * STEPS) / STEPS
    _, chroma, hue = oklch(colour)
    lightness = _PALEST - (_PALEST - _DARKEST) * step
    tint = colour_of(lightness, min(chroma, 0.004 + 0.11 * step), hue)
    while contrast(tint, palette.ink) < _TEXT:
        lightness += 0.01
        tint = colour_of(lightness, min(chroma, 0.1), hue)
    return tint
