"""The deals by kind, by owner and by vendor: what they won, how often, and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.facts.attributes import UNKNOWN
from engine.metrics.model import Number
from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.charts.strips import Mark, Strip, strips
from engine.report.material import NO_GROUP, TOTAL, Group, Material
from engine.report.strips import Strips
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

MOST = 12
_ROW, _CHART = 16.0, 0.79

#: Kinds in the order that an account meets them, with their names.
KINDS = {"new": "New business", "expansion": "Expansions", "renewal": "Renewals"}
RENEWAL = "renewal"

_SHARES = ("win_rate", "win_rate_value")
_AMOUNTS = ("pipeline_created", "won_value", "pipeline_open")
_COUNTS = ("opportunities_created", "opportunities_won")


@dataclass(frozen=True, slots=True)
class Seller:
    """A kind, an owner or a vendor of deals; ``is_unnamed`` holds those that name none."""

    group: Group
    name: str
    won: float
    open: float
    is_unnamed: bool = False


def kinds(material: Material) -> tuple[Seller, ...]:
    """The kinds of deals that there are, in the order of ``KINDS``."""
    order = list(KINDS)
    found = _sellers(material, "kind")
    named = [
        Seller(each.group, KINDS.get(each.group["kind"], each.name), each.won, each.open)
        for each in found
    ]
    return tuple(
        sorted(
            named,
            key=lambda each: (
                order.index(each.group["kind"]) if each.group["kind"] in order else len(order),
                each.name,
            ),
        )
    )


def people(material: Material, dimension: str) -> tuple[Seller, ...]:
    """Owners or vendors with any deal, who won most first, the unnamed last."""
    found = _sellers(material, dimension)
    return tuple(
        sorted(found, key=lambda each: (each.is_unnamed, -each.won, -each.open, each.name))
    )


def _sellers(material: Material, dimension: str) -> list[Seller]:
    groups = material.context.numbers.groups(dimension, period=material.period.label)
    names = (*_COUNTS, *_AMOUNTS, "win_rate")
    return [
        _seller(material, dimension, group)
        for group in groups
        if any(material.number(name, None, group).numerator for name in names)
        or material.number("win_rate", None, group).denominator
    ]


def _seller(material: Material, dimension: str, group: Group) -> Seller:
    label = group[dimension].strip()
    is_unnamed = label == UNKNOWN
    return Seller(
        group,
        f"No {dimension} named" if is_unnamed else label or "(blank)",
        material.value("won_value", None, group) or 0.0,
        material.value("pipeline_open", None, group) or 0.0,
        is_unnamed,
    )


def chart(material: Material, dimension: str, found: Sequence[Seller]) -> Strips:
    """What each won, how often against all, and what each has open."""
    words, shown = material.words, [each for each in found if not each.is_unnamed][:MOST]
    scale = words.scale([value for each in shown for value in (each.won, each.open)], most=4)
    whole = material.value("win_rate")
    columns = (
        Strip(
            "Value won",
            scale.unit,
            tuple((_amount(material, each.won, scale),) for each in shown),
            is_bars=True,
        ),
        Strip(
            "Win rate",
            "of decided deals",
            tuple((_rate_mark(material, each),) for each in shown),
            reference=whole,
            named="" if whole is None else f"all {words.share(whole, 0)}",
        ),
        Strip(
            "Open pipeline",
            scale.unit,
            tuple((_amount(material, each.open, scale),) for each in shown),
            is_bars=True,
        ),
    )
    told = "; ".join(
        f"{each.name}: won {words.scaled(each.won, scale)}, win rate "
        f"{_rate_mark(material, each).text}, open {words.scaled(each.open, scale)}"
        for each in shown
    )
    svg = strips(
        columns,
        material.look,
        title=f"Deals by {dimension} in {scale.unit}: {told}.",
        width=round(material.look.paper.measure * _CHART, 1),
        row=_ROW,
    )
    rest = len([each for each in found if not each.is_unnamed]) - len(shown)
    more = f"; the {len(shown)} who won most of {len(shown) + rest}" if rest else ""
    return Strips(
        f"Who won, how often, and what is open, by {dimension}",
        f"{material.period.title}; pipeline for {material.period.before(-1).title}{more}",
        tuple(each.name for each in shown),
        _ROW,
        svg,
        starts_page=True,
    )


def _amount(material: Material, value: float, scale: Scale) -> Mark:
    return Mark(value, material.words.scaled(value, scale))


def _rate_mark(material: Material, seller: Seller) -> Mark:
    number = material.number("win_rate", None, seller.group)
    if number.value is None:
        return Mark(None, DASH)
    if (number.denominator or 0.0) < FEW:
        return Mark(None, TOO_FEW)
    return Mark(number.value, material.words.share(number.value, 0))


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
    ("pipeline_coverage", "Times", "Coverage", True),
)


def table(material: Material, dimension: str, found: Sequence[Seller]) -> Table:
    """A row each, who won most first, then all others together, and the total."""
    columns = [each for each in _COLUMNS if dimension != "kind" or each[0] != "renewed"]
    names = [name for name, *_ in columns]
    shown = found if len(found) <= MOST + 1 else found[:MOST]
    groups = (TOTAL, *(each.group for each in found))
    amounts = [material.value(name, None, group) for name in _AMOUNTS for group in groups]
    scale = material.words.scale(amounts, most=5)
    rows = [_row(material, each, names, scale) for each in shown]
    if rest := found[len(shown) :]:
        rows.append(_rest(material, rest, names, scale))
    total = Seller(TOTAL, "Total", material.value("won_value") or 0.0, 0.0)
    rows.append(_row(material, total, names, scale, RowKind.TOTAL))
    made = Table(
        f"By {dimension}",
        f"Values in {scale.unit}; open: for {material.period.before(-1).title}; change of the value "
        f"won since {material.span.previous.title}",
        (
            Column(dimension.capitalize(), is_text=True, is_name=True),
            *(Column(title, heading, opens=opens) for _, title, heading, opens in columns),
        ),
        tuple(rows),
        _notes(material, found, dimension),
        is_close=len(rows) > 8,
    )
    return without_empty_columns(made)


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

    texts = {name: words.scaled(total(name), scale) for name in _AMOUNTS}
    texts |= {name: words.number(total(name)) for name in _COUNTS}
    texts["renewed"] = words.scaled(total("won_value", {"kind": RENEWAL}), scale)
    cells = tuple(Cell(texts.get(name, ""), None, Tone.MUTED) for name in names)
    return Row(f"{len(rest)} others", cells, RowKind.PART)


def _notes(material: Material, found: Sequence[Seller], dimension: str) -> tuple[str, ...]:
    said: list[str] = []
    decided = [material.number("win_rate", None, each.group).denominator or 0.0 for each in found]
    if any(0 < each < FEW for each in decided):
        said.append(
            f"{TOO_FEW.capitalize()}: fewer than {FEW} decided deals, too few to read a rate."
        )
    whole = material.number("pipeline_coverage")
    if whole.value is not None and found:
        parts = [material.number("pipeline_coverage", None, each.group) for each in found]
        reasons = list(dict.fromkeys(part.reason for part in parts if part.reason))
        if len(reasons) == 1 and all(part.value is None for part in parts):
            said.append(f"No coverage by {dimension}: {reasons[0]}.")
    return tuple(said)
