"""The charts of the segment page: an average over time, and what each group added to MRR."""

from engine.report.blocks import LEFT, Panel, Panels, Ranking
from engine.report.charts.axis import Axis
from engine.report.charts.bars import Bar, bars, row_height
from engine.report.charts.panel import GAP, MOST, panel, shared, side_by_side
from engine.report.formats import headline
from engine.report.material import TOTAL, Group, Material
from engine.report.phrases import SHORT
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import Scale

#: Part of the ranking's width that the bars take (see ``.ranking`` in the styles).
_BARS = 0.69
_MOST_BARS = 12


def panels(material: Material, name: str) -> Panels:
    """The metric of each group over 24 months, on one scale."""
    months, groups = material.span.months, material.groups[:MOST]
    scale = shared([material.series(name, months, group) for group in (*groups, TOTAL)])
    across = side_by_side(len(groups))
    height = 80.0 if len(groups) <= across else 56.0
    width = round((material.look.paper.measure - GAP * (across - 1)) / across, 1)
    drawn = tuple(_panel(material, name, group, scale, (width, height)) for group in groups)
    unit = (
        f"{material.words.symbol} a month, {len(months)} months, one scale; "
        f"change since {material.span.previous.title}; dotted: all"
    )
    title = f"{SHORT[name]} by {material.dimension}"
    return Panels(title, unit, drawn, across, _rest(material))


def _panel(
    material: Material, name: str, group: Group, scale: Axis, size: tuple[float, float]
) -> Panel:
    words, months = material.words, material.span.months
    svg = panel(
        material.series(name, months, group),
        scale,
        (words.short_month(months[0].start), words.short_month(months[-1].start)),
        material.look,
        title=_told(material, name, group),
        width=size[0],
        height=size[1],
        reference=material.series(name, months),
    )
    value = Cell(_worth(material, name, group), material.number(name, None, group))
    change = material.change(name, material.span.previous, group)
    return Panel(material.name(group), value, change, svg)


def _rest(material: Material) -> tuple[str, ...]:
    count = len(material.groups)
    if count <= MOST:
        return ()
    return (f"The {MOST} largest of {count} by MRR are drawn; the tables that follow hold all.",)


def _worth(material: Material, name: str, group: Group) -> str:
    return headline(material.metric(name), material.value(name, None, group), material.words)


def _told(material: Material, name: str, group: Group) -> str:
    """The panel in words."""
    change = material.change(name, material.span.previous, group)
    what = f"{SHORT[name]} of {material.name(group)}"
    return f"{what}: {_worth(material, name, group)}, {change.text} since {change.against}"


def added(material: Material) -> Ranking:
    """What each group added to MRR or took away since the period before."""
    words, previous = material.words, material.span.previous
    ranked = _changes(material)
    scale = words.scale([value for _, value in ranked], most=5)
    rows = [Bar(value, _signed(material, value, scale), _tone(value)) for _, value in ranked]
    told = "; ".join(f"{name} {row.text}" for (name, _), row in zip(ranked, rows, strict=True))
    svg = bars(
        rows,
        material.look,
        title=f"Change of MRR by {material.dimension} in {scale.unit}: {told}.",
        width=round(material.look.paper.measure * LEFT * _BARS, 1),
    )
    unit = f"{scale.unit}, {previous.title} to {material.period.title}; currency included"
    title = f"Change of MRR by {material.dimension}"
    return Ranking(title, unit, tuple(name for name, _ in ranked), row_height(len(rows)), svg)


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
