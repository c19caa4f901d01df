"""What pages are made of besides tables: each block names the template part that sets it."""

from dataclasses import dataclass
from typing import ClassVar

from engine.metrics.standard import Standing
from engine.report.actions import Actions
from engine.report.board import Board
from engine.report.cases import Cases
from engine.report.dictionary import Dictionary
from engine.report.guide import Contents, Legend
from engine.report.halves import Halves
from engine.report.heat import Heat
from engine.report.prose import Prose
from engine.report.strips import Strips
from engine.report.table import Cell, Table
from engine.report.tone import Tone


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart; its numbers are also in the SVG's title, which screen readers say."""

    part: ClassVar[str] = "figure"
    title: str
    unit: str
    svg: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Bars beside the names of what they measure.

    Attributes:
        names_part: Of the width, that the names take; 0 leaves it to the styles.
    """

    part: ClassVar[str] = "ranking"
    title: str
    unit: str
    names: tuple[str, ...]
    row_height: float
    svg: str
    names_part: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """How far a value moved, against what; ``value`` as a part of it, or in shares of one."""

    text: str
    against: str
    tone: Tone
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One group's small chart, with its name, its value and how that changed."""

    name: str
    value: Cell
    change: Change
    svg: str


@dataclass(frozen=True, slots=True)
class Panels:
    """Small charts in a grid of so many across, all on one scale."""

    part: ClassVar[str] = "panels"
    title: str
    unit: str
    panels: tuple[Panel, ...]
    across: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline number; ``note`` says why where there is none."""

    label: str
    value: Cell
    unit: str
    changes: tuple[Change, ...]
    spark: str
    note: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    """Headline numbers in a grid."""

    part: ClassVar[str] = "tiles"
    tiles: tuple[Tile, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A definition beside the figure that it defines."""

    title: str
    value: Cell
    unit: str
    formula: str
    meaning: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """Definition cards, one under the other."""

    part: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that happened: its amount, and what to know about it."""

    figure: str
    tone: Tone
    headline: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What moved or what threatens, the largest first."""

    part: ClassVar[str] = "findings"
    title: str
    unit: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """Lists of findings side by side, two of one width."""

    part: ClassVar[str] = "brief"
    lists: tuple[Findings, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One term of an equation between metrics; ``sign`` stands before it."""

    sign: str
    cell: Cell
    label: str
    change: Change | None


@dataclass(frozen=True, slots=True)
class Equation:
    """A metric as the product of others, each with its change."""

    part: ClassVar[str] = "equation"
    title: str
    unit: str
    lines: tuple[tuple[Factor, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what is said about it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of terms in small type, in one to three columns.

    Attributes:
        is_facts: Short texts, each set on the line of its name.
    """

    part: ClassVar[str] = "terms"
    title: str
    terms: tuple[Term, ...]
    columns: int = 2
    is_facts: bool = False


#: Width of the left block of a pair, as a part of the measure (see ``.pair`` in the styles).
LEFT = 0.59

#: The same of a pair of even blocks.
HALF = 0.477


@dataclass(frozen=True, slots=True)
class Pair:
    """Two blocks side by side, the left one wider unless both are of one kind."""

    part: ClassVar[str] = "pair"
    left: "Block"
    right: "Block"
    is_even: bool = False


Block = (
    Table
    | Board
    | Figure
    | Ranking
    | Panels
    | Tiles
    | Cards
    | Findings
    | Equation
    | Terms
    | Pair
    | Contents
    | Legend
    | Strips
    | Halves
    | Heat
    | Cases
    | Brief
    | Prose
    | Actions
    | Dictionary
)
