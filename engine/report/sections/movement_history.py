"""The bridges of the last periods on one scale, and how far gains cover losses in each."""

from engine.period import Period
from engine.report.blocks import Figure
from engine.report.charts.bridges import Bridge, bridges, is_cut
from engine.report.charts.columns import Bar, columns
from engine.report.charts.waterfall import Step
from engine.report.formats import relative
from engine.report.material import Material
from engine.report.rollforward import (
    MOVEMENTS,
    RollForward,
    movement_tone,
    printed,
    roll_forward,
)
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: What a step is called where there is little room.
_SHORT = {
    "mrr_new": "New",
    "mrr_reactivation": "React.",
    "mrr_expansion": "Exp.",
    "mrr_contraction": "Contr.",
    "mrr_churn": "Churn",
    "mrr_fx": "FX",
}

_FEWEST, _COUNTED = 3, {3: "three", 4: "four"}

#: A quick ratio above this, over hardly any loss, would flatten all others.
_MOST = 20.0


def recent_bridges(material: Material, periods: tuple[Period, ...]) -> tuple[Figure, ...]:
    """A bridge each period, where there are enough of them and something moved."""
    rolls = {
        period: roll
        for period in periods
        if (roll := roll_forward(material, period, names=tuple(MOVEMENTS))).values is not None
    }
    moves = [each for roll in rolls.values() for each in roll.movements if each.value]
    if len(rolls) < _FEWEST or not moves:
        return ()
    scale = material.words.scale(
        [value for roll in rolls.values() for value in roll.values or ()], most=5
    )
    drawn = [_bridge(material, period, roll, scale) for period, roll in rolls.items()]
    told = ". ".join(
        f"{each.name}: " + "; ".join(f"{step.name} {step.text}" for step in each.steps if step.text)
        for each in drawn
    )
    svg = bridges(
        drawn,
        material.look,
        title=f"MRR bridges in {scale.unit}. {told}.",
        width=material.look.paper.measure,
        row_height=176,
    )
    axis = ", each cut below its lowest level" if is_cut(drawn) else ""
    unit = f"{scale.unit}, one scale{axis}; React.: reactivation, Exp.: expansion, "
    unit += "Contr.: contraction, FX: exchange rates"
    return (Figure(f"The last {_COUNTED[len(drawn)]} bridges side by side", unit, svg),)


def _bridge(material: Material, period: Period, roll: RollForward, scale: Scale) -> Bridge:
    cells = printed(roll, material.words, scale)
    steps = [Step("Start", roll.opening.value or 0.0, cells[0].text, is_total=True)]
    for cell, number in zip(cells[1:-1], roll.movements, strict=True):
        value = number.value or 0.0
        text = f"{'+' if value > 0 else ''}{cell.text}" if value else ""
        steps.append(Step(_SHORT[number.metric], value, text, tone=movement_tone(number)))
    steps.append(Step("End", roll.closing.value or 0.0, cells[-1].text, is_total=True))
    growth = relative(roll.closing.value, roll.opening.value)
    told = material.words.change(growth) if growth is not None else ""
    return Bridge(period.title, told, tuple(steps), period == material.period)


def quick_ratios(material: Material) -> tuple[Figure, ...]:
    """How many times the MRR won covers the MRR lost, a column a period."""
    periods = material.span.trend
    values = material.series("quick_ratio", periods)
    known = [each for each in zip(periods, values, strict=True) if each[1] is not None]
    if len(known) < 2:
        return ()
    bars = [_ratio(material, period, value) for period, value in known]
    told = ", ".join(f"{bar.name} {bar.text}" for bar in bars)
    svg = columns(
        bars,
        material.look,
        title=f"Quick ratio: {told}.",
        width=material.look.paper.measure,
        height=110,
    )
    unit = "New, reactivated and expanded MRR ÷ contracted and churned MRR; below 1 MRR shrinks"
    if any(bar.value is None for bar in bars):
        unit += f"; no column above {material.words.number(_MOST)}"
    return (Figure("Quick ratio: MRR won for each unit of MRR lost", unit, svg),)


def _ratio(material: Material, period: Period, value: float | None) -> Bar:
    """A column; one beyond the scale is drawn without it and says its value."""
    text = DASH if value is None else material.words.number(value, 1)
    drawn = value if value is not None and value <= _MOST else None
    is_reported = period == material.period
    return Bar(material.short(period), drawn, text, tone=Tone.PLAIN, is_reported=is_reported)
