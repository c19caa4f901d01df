"""The charts of the segment page: an average over time, what each group added, and is worth."""

from dataclasses import dataclass

from engine.report.blocks import HALF, Panel, Panels, Ranking
from engine.report.charts.axis import Axis
from engine.report.charts.bars import Bar, bars, row_height
from engine.report.charts.panel import (
    GAP,
    HIGHEST,
    MOST,
    indexed,
    leaves,
    panel,
    shared,
    side_by_side,
)
from engine.report.formats import headline, relative
from engine.report.material import TOTAL, Group, Material
from engine.report.phrases import SHORT
from engine.report.shortening import told_apart
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.typeface import widest
from engine.report.words import DASH, Scale

#: Parts of a ranking's width that the names take, at least and at most; and the size, weight and
#: padding that they are set in.
_NARROW, _BROAD = 0.34, 0.46
_NAME = (8.0, 500)
_PADDING = 7.0
_MOST_BARS = 12

#: The rise that a group's worth is told for.
RISE = 0.05


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all panels share."""

    scale: Axis
    width: float
    height: float
    reference: tuple[float | None, ...]


def panels(material: Material, name: str, *, is_roomy: bool = False) -> Panels:
    """The metric of each group over 24 months, indexed on one scale."""
    groups = material.groups[:MOST]
    series = {at: _index(material, name, group) for at, group in enumerate(groups)}
    total = _index(material, name, TOTAL)
    across = side_by_side(len(groups))
    height = 92.0 if len(groups) <= across or (is_roomy and len(groups) <= 2 * across) else 66.0
    width = round((material.look.paper.measure - GAP * (across - 1)) / across, 1)
    frame = _Frame(shared([*series.values(), total]), width, height, total)
    drawn = tuple(
        _panel(material, name, group, series[at], frame) for at, group in enumerate(groups)
    )
    unit = (
        f"{material.words.symbol} a month, and its change since {material.span.previous.title}; "
        f"lines: first month shown = 100, one scale for all; dotted: the whole company"
    )
    title = f"{SHORT[name]} by {material.dimension}"
    notes = _rest(material) + _cut([*series.values(), total])
    return Panels(title, unit, drawn, across, notes)


def _index(material: Material, name: str, group: Group) -> tuple[float | None, ...]:
    return indexed(material.series(name, material.span.months, group))


def _panel(
    material: Material, name: str, group: Group, values: tuple[float | None, ...], frame: _Frame
) -> Panel:
    words, months = material.words, material.span.months
    svg = panel(
        values,
        frame.scale,
        (words.short_month(months[0].start), words.short_month(months[-1].start)),
        material.look,
        title=_told(material, name, group),
        width=frame.width,
        height=frame.height,
        reference=frame.reference,
    )
    value = Cell(_worth(material, name, group), material.number(name, None, group))
    change = material.change(name, material.span.previous, group)
    return Panel(material.name(group), value, change, svg)


def _rest(material: Material) -> tuple[str, ...]:
    count = len(material.groups)
    if count <= MOST:
        return ()
    return (f"The {MOST} largest of {count} by MRR are drawn; the tables that follow hold all.",)


def _cut(series: list[tuple[float | None, ...]]) -> tuple[str, ...]:
    if not leaves(series):
        return ()
    return (f"Lines that leave the scale run along its edge; it ends at {HIGHEST:.0f}.",)


def _worth(material: Material, name: str, group: Group) -> str:
    return headline(material.metric(name), material.value(name, None, group), material.words)


def _told(material: Material, name: str, group: Group) -> str:
    """The panel in words."""
    change = material.change(name, material.span.previous, group)
    what = f"{SHORT[name]} of {material.name(group)}"
    text = f"{what}: {_worth(material, name, group)}, {change.text} since {change.against}"
    months, values = material.span.months, material.series(name, material.span.months, group)
    known = [(value, month) for value, month in zip(values, months, strict=True) if value]
    part = relative(known[-1][0], known[0][0]) if len(known) > 1 else None
    if part is None:
        return text
    return f"{text}, {material.words.change(part)} since {material.words.month(known[0][1].start)}"


def added(material: Material) -> Ranking:
    """What each group added to MRR or took away since the period before."""
    words, previous = material.words, material.span.previous
    ranked = _changes(material)
    scale = words.scale([value for _, value in ranked], most=5)
    rows = [Bar(value, _signed(material, value, scale), _tone(value)) for _, value in ranked]
    unit = f"{scale.unit}, {previous.title} to {material.period.title}; currency included"
    return _ranking(
        material, f"Change of MRR by {material.dimension}", unit, [name for name, _ in ranked], rows
    )


def _ranking(
    material: Material, title: str, unit: str, names: list[str], rows: list[Bar]
) -> Ranking:
    """Bars in half the measure, told in words beside."""
    told = "; ".join(f"{name} {row.text}" for name, row in zip(names, rows, strict=True))
    face, width = material.look.typeface, material.look.paper.measure * HALF
    needed = (widest(face, names, *_NAME) + _PADDING) / width
    part = min(max(needed, _NARROW), _BROAD)
    svg = bars(
        rows,
        material.look,
        title=f"{title}, {unit}: {told}.",
        width=round(width * (1 - part), 1),
    )
    shown = told_apart(face, names, width * part - _PADDING, *_NAME)
    return Ranking(title, unit, shown, row_height(len(rows)), svg, part)


def _changes(material: Material) -> list[tuple[str, float]]:
    """The largest changes, from the best to the worst, and all others together at the end."""
    previous = material.span.previous
    changes = [
        (
            material.name(group),
            (material.value("mrr", None, group) or 0.0)
            - (material.value("mrr", previous, group) or 0.0),
        )
        for group in material.groups
    ]
    changes.sort(key=lambda each: (-abs(each[1]), each[0]))
    shown, rest = changes[:_MOST_BARS], changes[_MOST_BARS:]
    shown.sort(key=lambda each: -each[1])
    others = [(f"{len(rest)} others", sum(value for _, value in rest))] if rest else []
    return shown + others


def _signed(material: Material, value: float, scale: Scale) -> str:
    return material.words.signed(value / scale.divisor, scale.digits)


def _tone(value: float) -> Tone:
    return Tone.GOOD if value > 0 else Tone.BAD if value < 0 else Tone.PLAIN


def worth(material: Material, name: str) -> Ranking | None:
    """What five per cent more of the average would bring a year, by group; None for nothing."""
    ranked = _rises(material, name)
    if not ranked:
        return None
    words, shown, rest = material.words, ranked[:_MOST_BARS], ranked[_MOST_BARS:]
    scale = words.scale([value for _, value in ranked], most=5)
    names = [material.name(group) for group, _ in shown]
    rows = [
        Bar(value, words.scaled(value, scale), note=_rise(material, name, group), is_amount=True)
        for group, value in shown
    ]
    if rest:
        others = sum(value for _, value in rest)
        names.append(f"{len(rest)} others")
        rows.append(Bar(others, words.scaled(others, scale), is_amount=True))
    below = material.metric(name).denominator.replace("_", " ")
    unit = f"{scale.unit} of ARR a year: 5% × {SHORT[name]} × {below} × 12; rise of {SHORT[name]}"
    return _ranking(material, f"What 5% more {SHORT[name]} is worth", unit, names, rows)


def _rises(material: Material, name: str) -> list[tuple[Group, float]]:
    """Each group's five per cent of a year's revenue, the largest first."""
    rises = [
        (group, arr * RISE)
        for group in material.groups
        if material.value(name, None, group) is not None
        and (arr := material.value("arr", None, group))
        and arr > 0
    ]
    return sorted(rises, key=lambda each: -each[1])


def _rise(material: Material, name: str, group: Group) -> str:
    value = material.value(name, None, group)
    if value is None:
        return DASH
    return f"+{headline(material.metric(name), value * RISE, material.words)}"


def worth_most(material: Material, name: str) -> str:
    """Where the rise is worth most, in a sentence; empty where there is nothing to raise."""
    ranked = _rises(material, name)
    if not ranked:
        return ""
    group, value = ranked[0]
    amount = material.words.compact_money(value)
    return f"5% more {SHORT[name]} in {material.spoken(group)} is worth {amount} of ARR a year."
