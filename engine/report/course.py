"""The course of several metrics: a table with a column a period, and small charts of a few."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.metrics.model import Number, Unit
from engine.period import Period
from engine.report.blocks import Change, Panel, Panels
from engine.report.charts.history import Bar, history
from engine.report.charts.panel import GAP
from engine.report.formats import change, headline, is_share, tone
from engine.report.material import Group, Material
from engine.report.phrases import priced
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

_PANEL_HEIGHT = 78.0

#: Columns of periods that leave room for the names of the rows.
_COLUMNS = 9


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a metric, or with ``is_top`` the sum that stands above its line."""

    metric: str
    name: str
    group: Group = field(default_factory=dict[str, str])
    is_top: bool = False
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A metric of a small chart, and what it is held to.

    Attributes:
        is_small: A share of a few per cent, told with a decimal; its unit says that it is one.
    """

    metric: str
    name: str
    unit: str = ""
    reference: float | None = None
    group: Group = field(default_factory=dict[str, str])
    is_small: bool = False


def lived(material: Material, names: Sequence[str]) -> tuple[Period, ...]:
    """The trend's periods from the first in which one of the metrics has anything."""
    trend = material.span.trend
    has = [any(material.value(name, period) for name in names) for period in trend]
    start = has.index(True) if True in has else len(trend) - 1
    return trend[start:]


def course(
    material: Material,
    title: str,
    unit: str,
    lines: Sequence[Line],
    periods: Sequence[Period],
    *,
    starts_page: bool = False,
    said: Sequence[str] = (),
) -> Table:
    """A row a metric and a column a period; rows without any value are left out, with reasons.

    Args:
        said: Reasons that the page has told already.
    """
    shown = periods[-_COLUMNS:]
    made = [_row(material, line, shown) for line in lines]
    kept = tuple(row for row in made if any(each.text != DASH for each in row.cells))
    gone = [row.cells[-1].number for row in made if row not in kept]
    reasons = material.reasons(each for each in gone if each and each.reason not in said)
    columns = [Column(material.short(each), is_reported=each == material.period) for each in shown]
    first = Column("", is_text=True)
    return Table(
        title, unit, (first, *columns), kept, reasons, is_close=True, starts_page=starts_page
    )


def _row(material: Material, line: Line, periods: Sequence[Period]) -> Row:
    numbers = [material.number(line.metric, period, line.group) for period in periods]
    if line.is_top or material.metric(line.metric).unit is Unit.MONEY:
        scale = material.words.scale([_worth(line, number) for number in numbers], most=5)
        cells = [_amount(material, line, number, scale) for number in numbers]
        return Row(f"{line.name}, {scale.unit}", tuple(cells))
    return Row(line.name, tuple(_cell(material, line, number) for number in numbers))


def _worth(line: Line, number: Number) -> float | None:
    return number.numerator if line.is_top else number.value


def _amount(material: Material, line: Line, number: Number, scale: Scale) -> Cell:
    value = _worth(line, number)
    if value is None:
        return Cell(DASH, number, Tone.MUTED)
    return Cell(material.words.scaled(value, scale), number)


def _cell(material: Material, line: Line, number: Number) -> Cell:
    """A share with as many digits as the line says; everything else as tables show it."""
    if number.value is not None and line.digits != 1:
        return Cell(material.words.share(number.value, line.digits), number)
    return material.cell(line.metric, _period(material, number), line.group)


def _period(material: Material, number: Number) -> Period:
    return next(each for each in material.span.history if each.label == number.period)


def panels(
    material: Material,
    title: str,
    unit: str,
    held: Sequence[Held],
    periods: Sequence[Period],
    notes: tuple[str, ...] = (),
) -> Panels:
    """Columns of each metric on a scale of its own, as no two have one unit."""
    across = max(len(held), 2)
    width = round((material.look.paper.measure - GAP * (across - 1)) / across, 1)
    drawn = tuple(_panel(material, each, periods, width) for each in held)
    return Panels(title, unit, drawn, across, notes)


def _panel(material: Material, held: Held, periods: Sequence[Period], width: float) -> Panel:
    metric, number = material.metric(held.metric), material.number(held.metric, None, held.group)
    values = [material.value(held.metric, each, held.group) for each in periods]
    scale = _scale(material, values) if metric.unit.is_money else None
    bars = [
        Bar(material.short(each), value, _over(material, held, value, scale))
        for each, value in zip(periods, values, strict=True)
    ]
    listed = ", ".join(f"{bar.name} {bar.text or DASH}" for bar in bars)
    unit = scale.unit if scale else held.unit
    name = f"{held.name}, {unit}" if unit else held.name
    svg = history(
        bars,
        material.look,
        title=f"{name}: {listed}.",
        width=width,
        height=_PANEL_HEIGHT,
        reference=held.reference,
    )
    return Panel(name, Cell(_worth_of(material, number), number), _since(material, held), svg)


def _scale(material: Material, values: Sequence[float | None]) -> Scale:
    """One at which all labels are short, with three figures where the largest has one before."""
    scale = material.words.scale(values, most=3)
    largest = max((abs(each) for each in values if each is not None), default=0.0)
    is_short = scale.divisor > 1 and largest < 10 * scale.divisor
    return replace(scale, digits=2 if is_short else 1)


def _over(material: Material, held: Held, value: float | None, scale: Scale | None) -> str:
    """The value as short as a label over a column has to be."""
    if value is None:
        return ""
    metric, words = material.metric(held.metric), material.words
    if scale:
        is_long = abs(value) >= 100 * scale.divisor
        return words.number(value / scale.divisor, 0 if is_long else scale.digits)
    if held.is_small:
        return words.number(value * 100, 1)
    if is_share(metric):
        return words.share(value, 0)
    return words.number(value, 0 if metric.unit in {Unit.DAYS, Unit.COUNT} else 1)


def _worth_of(material: Material, number: Number) -> str:
    metric, words, value = material.metric(number.metric), material.words, number.value
    if value is not None and metric.unit is Unit.MONEY:
        return priced(words, value)
    if value is not None and metric.unit is Unit.RATIO and not is_share(metric):
        return words.number(value, 1)
    return headline(metric, value, words)


def _since(material: Material, held: Held) -> Change:
    """The change since the period before; told for kinds of deals too, which have no MRR."""
    metric, previous = material.metric(held.metric), material.span.previous
    value = material.value(held.metric, None, held.group)
    before = material.value(held.metric, previous, held.group)
    text = change(metric, value, before, material.words)
    return Change(text, previous.title, tone(metric, value, before))
