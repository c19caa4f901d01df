"""The deals by kind or vendor: what came, what was won, how often, and what is open."""

from collections.abc import Sequence

from engine.metrics.model import Number
from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.material import NO_GROUP, TOTAL, Group, Material
from engine.report.sections.pipeline_people import MOST, few_decided
from engine.report.sections.sellers import AMOUNTS, COUNTS, RENEWAL, Seller
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

_SHARES = ("win_rate", "win_rate_value")

_COLUMNS = (
    ("opportunities_created", "Deals", "Created", True),
    ("pipeline_created", "Value", "Created", False),
    ("opportunities_won", "Deals", "Won", True),
    ("won_value", "Value", "Won", False),
    ("change", "Change", "Won", False),
    ("renewed", "Renewals", "Won", False),
    ("win_rate", "Deals", "Win rate", True),
    ("win_rate_value", "Value", "Win rate", False),
    ("sales_cycle_days", "Days", "Cycle", True),
    ("pipeline_open", "Value", "Open", True),
    ("pipeline_coverage", "Times", "Covered", True),
)


def table(
    material: Material, dimension: str, found: Sequence[Seller], *, is_whole: bool = True
) -> Table:
    """A row each, who won most first, then all others together.

    Args:
        is_whole: With the total, where no table before has it.
    """
    columns = [each for each in _COLUMNS if _is_told(material, each[0], dimension, found)]
    names = [name for name, *_ in columns]
    shown = found if len(found) <= MOST + 1 else found[:MOST]
    groups = (TOTAL, *(each.group for each in found))
    amounts = [material.value(name, None, group) for name in AMOUNTS for group in groups]
    scale = material.words.scale(amounts, most=5)
    rows = [_row(material, each, names, scale) for each in shown]
    if rest := found[len(shown) :]:
        rows.append(_rest(material, rest, names, scale))
    if is_whole:
        total = Seller(TOTAL, "Total", material.value("won_value") or 0.0, 0.0)
        rows.append(_row(material, total, names, scale, RowKind.TOTAL))
    made = Table(
        f"By {dimension}",
        f"Values in {scale.unit}; open: for {material.period.before(-1).title}; change of the "
        f"value won since {material.span.previous.title}",
        (
            Column(dimension.capitalize(), is_text=True, is_name=True),
            *(Column(title, heading, opens=opens) for _, title, heading, opens in columns),
        ),
        tuple(rows),
        few_decided(material, found),
        is_close=True,
    )
    return without_empty_columns(made)


def _is_told(material: Material, name: str, dimension: str, found: Sequence[Seller]) -> bool:
    """Whether the column says something: not of kinds which are renewals, nor what none has."""
    if name == "pipeline_coverage":
        return any(material.value(name, None, each.group) is not None for each in found)
    return name != "renewed" or dimension != "kind"


def _row(
    material: Material,
    seller: Seller,
    names: Sequence[str],
    scale: Scale,
    kind: RowKind = RowKind.PLAIN,
) -> Row:
    return Row(seller.name, tuple(_cell(material, seller, name, scale) for name in names), kind)


def _cell(material: Material, seller: Seller, name: str, scale: Scale) -> Cell:
    words, group = material.words, seller.group
    if name == "change":
        return _change(material, group)
    if name == "renewed":
        number = material.number("won_value", None, {**group, "kind": RENEWAL})
        return Cell(words.scaled(number.value or 0.0, scale), None if number.reason else number)
    number = material.number(name, None, group)
    if name == "pipeline_coverage" and group:
        return (
            Cell(DASH, None, Tone.MUTED)
            if number.value is None
            else material.cell(name, None, group)
        )
    if name in _SHARES and number.value is not None:
        return _share(material, number, material.number("win_rate", None, group))
    if number.reason == NO_GROUP:
        return Cell(DASH, None, Tone.MUTED)
    return material.cell(name, None, group, scale)


def _share(material: Material, number: Number, deals: Number) -> Cell:
    """A win rate; of too few decided deals it says nothing."""
    if (deals.denominator or 0.0) < FEW:
        return Cell(TOO_FEW, None, Tone.MUTED)
    return Cell(material.words.share(number.value or 0.0, 0), number)


def _change(material: Material, group: Group) -> Cell:
    """The change of the value won; a group that won nothing before has none."""
    previous = material.span.previous
    before = material.value("won_value", previous, group)
    now = material.value("won_value", None, group)
    if not before or before < 0 or now is None:
        return Cell(DASH, None, Tone.MUTED)
    part = now / before - 1
    tone = Tone.PLAIN if abs(part) < 0.0005 else Tone.GOOD if part > 0 else Tone.BAD
    return Cell(material.words.change(part), None, tone)


def _rest(material: Material, rest: Sequence[Seller], names: Sequence[str], scale: Scale) -> Row:
    """The sums of all others, and the win rate over all of their deals."""
    words = material.words

    def total(name: str, group: Group | None = None) -> float:
        more = group or {}
        return sum(material.value(name, None, {**each.group, **more}) or 0.0 for each in rest)

    texts = {name: words.scaled(total(name), scale) for name in AMOUNTS}
    texts |= {name: words.number(total(name)) for name in COUNTS}
    texts["renewed"] = words.scaled(total("won_value", {"kind": RENEWAL}), scale)
    cells = tuple(Cell(texts.get(name, ""), None, Tone.MUTED) for name in names)
    return Row(f"{len(rest)} others", cells, RowKind.PART)
