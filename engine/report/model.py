"""A report as a value: every text finished, nothing drawn yet.

Numbers became text once, on the way in; a cell keeps the number it was made of, so that the
workbook and the tests can go back to it. A block names the template part that sets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import ClassVar

from engine.metrics.model import Number
from engine.report.look import Look


class Tone(StrEnum):
    """What a value means for the business; never told by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a reader sees it, and the number behind it, with its two sums."""

    text: str
    number: Number | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        group: Printed once above neighbours that share it.
        is_text: Words, set left; figures are set right.
        width: In millimetres; 0 takes what the content needs.
        opens: The first of its group, set a little apart.
        is_reported: Holds the reported period, among columns of others.
    """

    title: str
    group: str = ""
    is_text: bool = False
    width: float = 0
    is_reported: bool = False
    opens: bool = False


class RowKind(StrEnum):
    """What a row is to the rows around it."""

    PLAIN = "plain"
    TOTAL = "total"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its name, and a cell for each column after the first."""

    name: str
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading; ``columns`` starts with the column of the rows' names.

    Attributes:
        is_rolling: Each total opens or closes what lies between, and is ruled off.
        is_close: Set with less air, so that a long table stays on its page.
        is_fixed: The columns' widths hold whatever is in them; only for tables of words.
    """

    part: ClassVar[str] = "table"
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    is_rolling: bool = False
    is_close: bool = False
    is_fixed: bool = False
    starts_page: bool = False

    @property
    def spans(self) -> tuple[tuple[str, int], ...]:
        """What stands above neighbouring columns, and over how many of them."""
        neighbours = groupby(self.columns, key=lambda column: column.group)
        return tuple((title, len(tuple(columns))) for title, columns in neighbours)


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
    """Bars beside the names of what they measure."""

    part: ClassVar[str] = "ranking"
    title: str
    unit: str
    names: tuple[str, ...]
    row_height: float
    svg: str


@dataclass(frozen=True, slots=True)
class Change:
    """How far a value moved, against what."""

    text: str
    against: str
    tone: Tone


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


@dataclass(frozen=True, slots=True)
class Tiles:
    """Headline numbers in a grid."""

    part: ClassVar[str] = "tiles"
    tiles: tuple[Tile, ...]


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
    """What moved, the largest first."""

    part: ClassVar[str] = "findings"
    title: str
    unit: str
    findings: tuple[Finding, ...]


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


@dataclass(frozen=True, slots=True)
class Pair:
    """Two blocks side by side, the left one wider."""

    part: ClassVar[str] = "pair"
    left: "Block"
    right: "Block"


Block = Table | Figure | Ranking | Panels | Tiles | Cards | Findings | Equation | Terms | Pair


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter that starts a page: a headline that states the finding, then blocks."""

    anchor: str
    name: str
    headline: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    title: str
    period: str
    dates: str
    facts: tuple[Term, ...]
    art: str
    logo: str
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A whole pack.

    Attributes:
        created: The as-of date as PDF metadata takes it; no clock is read.
        footer: Fingerprints, at the foot of every page.
        left_out: Titles of sections that could not be made, with the reason.
    """

    title: str
    company: str
    period: str
    description: str
    created: str
    confidentiality: str
    footer: str
    generator: str
    look: Look
    cover: Cover
    sections: tuple[Section, ...]
    left_out: Mapping[str, str]
