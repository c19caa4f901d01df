"""What each owner won, how often and how fast, and what each has open, as a chart of rows."""

from collections.abc import Sequence

from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.charts.strips import Mark, Strip, strips
from engine.report.material import Material
from engine.report.sections.sellers import RENEWAL, Seller
from engine.report.strips import SHARE, Strips, beside
from engine.report.words import DASH, Scale

MOST = 12
_ROW = 19.0


def chart(material: Material, dimension: str, found: Sequence[Seller]) -> Strips:
    """A row each, who won most first; all others in one row."""
    named = [each for each in found if not each.is_unnamed]
    shown = named if len(named) <= MOST + 1 else named[:MOST]
    rest, unnamed = named[len(shown) :], [each for each in found if each.is_unnamed]
    parts = [[each] for each in shown] + ([rest] if rest else []) + [[each] for each in unnamed]
    names = [each.name for each in shown] + ([f"{len(rest)} others"] if rest else [])
    names += [each.name for each in unnamed]
    columns = _columns(material, parts)
    told = "; ".join(_told(names[at], columns, at) for at in range(len(names)))
    svg = strips(
        columns,
        material.look,
        title=f"Deals by {dimension}: {told}.",
        width=round(material.look.paper.measure * SHARE, 1),
        row=_ROW,
    )
    return Strips(
        f"Who won, how often and how fast, and what is open, by {dimension}",
        f"{material.period.title}, who won most first; each measure on a scale of its own; "
        "dotted: all deals together",
        beside(material.look, names),
        _ROW,
        svg,
        few_decided(material, found),
    )


def _told(name: str, columns: Sequence[Strip], at: int) -> str:
    values = (
        f"{column.title.lower()} {' and '.join(mark.text for mark in column.rows[at])}"
        for column in columns
    )
    return f"{name}: {', '.join(values)}"


def _columns(material: Material, parts: Sequence[Sequence[Seller]]) -> tuple[Strip, ...]:
    words = material.words
    won = [sum(each.won for each in part) for part in parts]
    opened = [sum(each.open for each in part) for part in parts]
    scale = words.scale([*won, *opened], most=4)
    whole, days = material.value("win_rate"), material.value("sales_cycle_days")
    return (
        _value_won(material, parts, scale),
        Strip(
            "Win rate",
            "of the deals decided",
            tuple((_rate(material, part),) for part in parts),
            reference=whole,
            named="" if whole is None else words.share(whole, 0),
        ),
        Strip(
            "Sales cycle",
            "days, median",
            tuple((_days(material, part),) for part in parts),
            reference=days,
            named="" if days is None else words.number(days),
        ),
        Strip(
            f"Open, {scale.unit}",
            f"for {material.period.before(-1).title}",
            tuple((_mark(material, value, scale),) for value in opened),
            is_bars=True,
        ),
    )


def _value_won(material: Material, parts: Sequence[Sequence[Seller]], scale: Scale) -> Strip:
    rows = tuple(_won(material, part, scale) for part in parts)
    is_split = any(len(marks) > 1 for marks in rows)
    swatches = ("new and expansion", "renewals") if is_split else ()
    return Strip(f"Value won, {scale.unit}", "", rows, is_bars=True, swatches=swatches, weight=1.5)


def _mark(material: Material, value: float, scale: Scale) -> Mark:
    return Mark(value, material.words.scaled(value, scale))


def _won(material: Material, part: Sequence[Seller], scale: Scale) -> tuple[Mark, ...]:
    """New business and expansions over renewals; one bar where kinds are not told apart."""
    won = sum(each.won for each in part)
    renewals = [material.value("won_value", None, {**each.group, "kind": RENEWAL}) for each in part]
    if all(each is None for each in renewals):
        return (_mark(material, won, scale),)
    renewed = sum(each or 0.0 for each in renewals)
    return (_mark(material, won - renewed, scale), _mark(material, renewed, scale))


def _rate(material: Material, part: Sequence[Seller]) -> Mark:
    """Won over decided, of several the sums; of too few decided deals it says nothing."""
    numbers = [material.number("win_rate", None, each.group) for each in part]
    won = sum(each.numerator or 0.0 for each in numbers)
    decided = sum(each.denominator or 0.0 for each in numbers)
    if not decided:
        return Mark(None, DASH)
    if decided < FEW:
        return Mark(None, TOO_FEW)
    return Mark(won / decided, material.words.share(won / decided, 0))


def _days(material: Material, part: Sequence[Seller]) -> Mark:
    """The median; several have none together, as medians do not add up."""
    value = material.value("sales_cycle_days", None, part[0].group) if len(part) == 1 else None
    if value is None:
        return Mark(None, DASH)
    digits = 0 if value == round(value) else 1
    return Mark(value, material.words.number(value, digits))


def few_decided(material: Material, found: Sequence[Seller]) -> tuple[str, ...]:
    """What the mark for too few means, where one of them bears it."""
    decided = [material.number("win_rate", None, each.group).denominator or 0.0 for each in found]
    if not any(0 < each < FEW for each in decided):
        return ()
    return (f"{TOO_FEW.capitalize()}: fewer than {FEW} deals decided to read a rate from.",)
