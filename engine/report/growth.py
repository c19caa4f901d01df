"""MRR period by period, with its plan."""

from engine.period import Period
from engine.report.blocks import Figure
from engine.report.charts.columns import Bar, columns
from engine.report.formats import relative, tone
from engine.report.judged import is_running
from engine.report.material import Material
from engine.report.planned import against_plan, plan_value
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: Columns that there are at least, so that none grows too wide.
FEWEST = 5


def growth(material: Material, height: float) -> Figure:
    """MRR at the end of each period of the trend, and the next one's plan."""
    periods = _told_of(material)
    values = material.series("mrr", periods)
    coming = material.period.before(-1)
    plans = [plan_value(material, "mrr", each) for each in (*periods, coming)]
    scale = material.words.scale((*values, *plans), most=5)
    bars = [
        _bar(material, period, values[at], values[at - 1] if at else None, scale)
        for at, period in enumerate(periods)
    ]
    bars += [_coming(material, coming, scale)] if plans[-1] is not None else []
    svg = columns(
        bars,
        material.look,
        title=_told(bars, scale),
        width=material.look.paper.measure,
        height=height,
    )
    return Figure("Monthly recurring revenue", _unit(material, bars, scale), svg)


def _told_of(material: Material) -> tuple[Period, ...]:
    """The trend's periods without those before the first MRR, but never less than a few."""
    periods = material.span.trend
    values = material.series("mrr", periods)
    first = next((at for at, value in enumerate(values) if value is not None), len(values))
    return periods[min(first, len(periods) - FEWEST) :]


def _unit(material: Material, bars: list[Bar], scale: Scale) -> str:
    text = f"{scale.unit} at the end of each period; growth on the period before"
    if any(bar.plan is not None for bar in bars):
        text += "; plan outlined, distance to it below"
    if is_running(material):
        text += f"; {material.period.title} is still running (hatched)"
    return text


def _told(bars: list[Bar], scale: Scale) -> str:
    said = [f"{bar.name} {bar.text} {bar.note}".strip() for bar in bars if bar.text != DASH]
    return f"MRR at the end of each period in {scale.unit}: {', '.join(said)}."


def _bar(
    material: Material, period: Period, value: float | None, base: float | None, scale: Scale
) -> Bar:
    part, plan = relative(value, base), plan_value(material, "mrr", period)
    far = against_plan(material, "mrr", period) if plan is not None and value is not None else None
    return Bar(
        material.short(period),
        value,
        DASH if value is None else material.words.scaled(value, scale),
        "" if part is None else material.words.change(part),
        Tone.PLAIN if part is None else tone(material.metric("mrr"), value, base),
        is_reported=period == material.period,
        is_running=period == material.period and is_running(material),
        plan=plan,
        note=f"{far.text} to plan" if far and far.text != DASH else "",
        note_tone=far.tone if far else Tone.PLAIN,
    )


def _coming(material: Material, period: Period, scale: Scale) -> Bar:
    plan = plan_value(material, "mrr", period)
    text = material.words.scaled(plan or 0.0, scale)
    return Bar(material.short(period), None, text, plan=plan, note="plan")
