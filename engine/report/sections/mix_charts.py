"""The charts of a mix-shift: the average's bridge, that of MRR, and what each cut explains."""

from engine.metrics.bridge import EFFECTS
from engine.period import Period
from engine.report.blocks import HALF, LEFT, Figure, Ranking
from engine.report.charts.bars import Bar, bars, row_height
from engine.report.charts.waterfall import Step, cut, waterfall
from engine.report.formats import unit
from engine.report.material import Material
from engine.report.phrases import SHORT
from engine.report.rollforward import footed
from engine.report.shifts import (
    NAMES,
    Bridge,
    Printed,
    bridge,
    explained,
    numerator_bridge,
)
from engine.report.tone import Tone
from engine.report.words import Scale

#: Cuts that are compared; those that the exports lack have no bridge and no row.
DIMENSIONS = ("segment", "industry", "region", "channel", "campaign", "vendor", "owner", "cohort")

#: Part of an even ranking's width that the bars take (see ``.pair.even`` in the styles).
_BARS = 0.66

#: The same of one that stands alone (see ``.ranking``).
_ALONE = 0.69


def ratio_bridge(material: Material, found: Bridge, amounts: Printed) -> Figure:
    """Start, the effects that did something, end."""
    words = material.words
    middle = [
        Step(
            NAMES[name],
            value,
            amounts.signed(units, words),
            tone=tone(units),
        )
        for name, value, units in zip(EFFECTS, found.values[1:-1], amounts.effects, strict=True)
        if units or name in ("rate", "mix")
    ]
    steps = [
        Step(found.against.title, found.values[0], _end(material, amounts, 0), is_total=True),
        *middle,
        Step(material.period.title, found.values[-1], _end(material, amounts, 1), is_total=True),
    ]
    told = "; ".join(f"{step.name} {step.text}" for step in steps)
    metric, floor = material.metric(found.metric), cut(steps)
    about = unit(metric, words) if amounts.scale.divisor == 1 else amounts.scale.unit
    parts = [
        about,
        *([f"axis cut at {words.number(floor / amounts.scale.divisor)}"] if floor else []),
    ]
    parts += _silent(material, [step.name for step in middle])
    return Figure(
        f"{SHORT[found.metric]} bridge, {found.against.title} to {material.period.title}",
        "; ".join(parts),
        waterfall(
            steps,
            material.look,
            title=f"{SHORT[found.metric]} bridge by {material.dimension}: {told}.",
            width=round(material.look.paper.measure * LEFT, 1),
            height=196,
        ),
    )


def _silent(material: Material, shown: list[str]) -> list[str]:
    """That no group came or went, where that is why there are no such steps."""
    if {"Entered", "Exited"} & set(shown):
        return []
    return [f"no {material.dimension} came or went"]


def _end(material: Material, amounts: Printed, at: int) -> str:
    return amounts.text(amounts.ends[at], material.words)


def tone(units: float) -> Tone:
    """Good for what raised the average, bad for what lowered it."""
    return Tone.GOOD if units > 0 else Tone.BAD if units < 0 else Tone.PLAIN


def sum_bridge(material: Material, found: Bridge, height: float) -> Figure | None:
    """The same change told of MRR: more users, or more from each."""
    numbers = numerator_bridge(material, found)
    if not numbers:
        return None
    words = material.words
    values = [each.value or 0.0 for each in numbers]
    scale = words.scale(values, most=5)
    step = scale.divisor / 10**scale.digits
    wholes = footed([value / step for value in values])
    below = material.metric(found.metric).denominator.replace("_", " ")
    names = (f"Number of {below}", *NAMES.values())
    middle = [
        Step(name, value, _signed(material, units, scale), tone=tone(units))
        for name, value, units in zip(names, values[1:-1], wholes[1:-1], strict=True)
        if units or name in (names[0], "Rate", "Mix")
    ]
    ends = [
        Step(period.title, value, words.number(units / 10**scale.digits, scale.digits), True)
        for period, value, units in (
            (found.against, values[0], wholes[0]),
            (material.period, values[-1], wholes[-1]),
        )
    ]
    steps = [ends[0], *middle, ends[1]]
    told = "; ".join(f"{each.name} {each.text}" for each in steps)
    floor = cut(steps)
    about = f"; axis cut at {words.number(floor / scale.divisor)}" if floor else ""
    metric = material.metric(found.metric).numerator.upper()
    return Figure(
        f"What that did to {metric}: more {below}, or more from each",
        f"{scale.unit}; rate and mix at the mean number of {below}{about}",
        waterfall(
            steps,
            material.look,
            title=f"{metric} bridge by {material.dimension} in {scale.unit}: {told}.",
            width=material.look.paper.measure,
            height=height,
        ),
    )


def _signed(material: Material, units: int, scale: Scale) -> str:
    return material.words.signed(units / 10**scale.digits, scale.digits)


def cuts(
    material: Material, metric: str, against: Period, *, is_alone: bool = False
) -> Ranking | None:
    """Which part of all movement each cut's composition explains, the most telling first."""
    names = dict.fromkeys((material.context.dimension, *DIMENSIONS))
    known = [
        (number.value, name)
        for name in names
        if (number := explained(material, metric, against, name)) and number.value
    ]
    if len(known) < 2:
        return None
    known.sort(key=lambda each: (-each[0], each[1]))
    rows = [_explained(material, metric, against, name, part) for part, name in known]
    words = material.words
    told = "; ".join(f"{name} {words.share(part, 0)}" for part, name in known)
    svg = bars(
        rows,
        material.look,
        title=f"Share of the movement of {SHORT[metric]} that each cut explains: {told}.",
        width=round(material.look.paper.measure * (_ALONE if is_alone else HALF * _BARS), 1),
    )
    return Ranking(
        f"Which cut explains {SHORT[metric]}",
        "Part of all movement that composition made; its effect beside",
        tuple(name.replace("_", " ").capitalize() for _, name in known),
        row_height(len(rows)),
        svg,
    )


def _explained(material: Material, metric: str, against: Period, name: str, part: float) -> Bar:
    found = bridge(material, metric, against, name)
    change = sum(found.values[2:-1]) if found else 0.0
    text = material.words.share(part, 0)
    note = ("+" if change > 0 else "") + (
        material.words.money(change) if abs(change) < 1e5 else material.words.compact_money(change)
    )
    return Bar(part, text, note=note, is_amount=True)
