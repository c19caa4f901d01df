"""ARPU, ARPA and ARPPU: their trend, how they hang together, and what that means."""

from collections.abc import Sequence
from math import ceil, floor, log10
from operator import itemgetter

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.blocks import (
    LEFT,
    Block,
    Card,
    Cards,
    Change,
    Equation,
    Factor,
    Figure,
    Pair,
)
from engine.report.chapter import Chapter
from engine.report.charts.lines import Band, Series, lines, value_axis
from engine.report.divergence import cases
from engine.report.formats import headline, unit
from engine.report.look import A4
from engine.report.material import Material
from engine.report.measures import MONTHLY, STATES
from engine.report.model import Section
from engine.report.phrases import SHORT, moved, spelled
from engine.report.reading import reasoning
from engine.report.sections.months import is_young, months
from engine.report.sections.trend import is_short
from engine.report.span import Span, labels
from engine.report.table import Cell
from engine.report.words import Words


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """The averages of each month, and of each period in total and by group."""
    compared = labels((span.period, *span.compared))
    return (
        Request(STATES, labels(span.history)),
        Request(MONTHLY, labels(span.months)),
        Request(STATES, compared, (dimension,)),
    )


def section(material: Material) -> Section | str:
    """The curves with their definitions, and how to read them."""
    names = [name for name in ("arpu", "arpa", "arppu") if material.value(name) is not None]
    if not names:
        return material.why(("arpu", "arpa"))
    per_user = [name for name in ("arpu", "arppu") if name in names]
    per_account = [name for name in ("arpa",) if name in names]
    headline, lead = _headline(material, names), reasoning(material)
    over = _over(material, headline, lead) / 2
    blocks = [_pair(material, group, over) for group in (per_user, per_account) if group]
    return Section(
        "averages",
        "ARPU, ARPA, ARPPU",
        headline,
        lead,
        (*blocks, *_rest(material)),
    )


def _over(material: Material, headline: str, lead: str) -> float:
    """How much lower the charts have to be than usual, so that the page holds all."""
    face, look = material.look.typeface, material.look
    lines = ceil(face.width(lead, 10.5) / 425) - 3
    heads = ceil(face.width(headline, 18, 600) / (look.paper.measure * 0.97)) - 1
    shorter = A4.live_height - look.paper.live_height
    return shorter + 16.0 * max(lines, 0) + 22.5 * max(heads, 0)


def _rest(material: Material) -> tuple[Block, ...]:
    """How the averages hang together; the months, where they have no page of their own."""
    if material.value("arpu") is None:
        return (months(material),)
    if is_short(material):
        return (_equation(material), months(material))
    return (_equation(material), cases(material))


def _headline(material: Material, names: Sequence[str]) -> str:
    clauses = [
        f"{SHORT[name]} {moved(material, name, material.span.previous)}" for name in names[:2]
    ]
    return "; ".join(clauses)


def _pair(material: Material, names: Sequence[str], over: float) -> Pair:
    """Curves of one unit on one scale, each definition beside them."""
    words, months = material.words, material.span.months
    series = [_series(material, name, is_leading=name == names[0]) for name in names]
    scale = value_axis(series)
    digits = max(0, -floor(log10(scale.step)))
    svg = lines(
        series,
        [words.short_month(month.start) for month in months],
        material.look,
        title="; ".join(_told(material, one) for one in series) + ".",
        tick=lambda value: _tick(words, value, digits),
        width=round(material.look.paper.measure * LEFT, 1),
        height=_height(material, len(names)) - over,
        band=Band(material.period.title, material.period.length),
    )
    cut = f"; axis from {_tick(words, scale.low, digits)}" if scale.low > 0 else ""
    title = " and ".join(SHORT[name] for name in names)
    about = f"{_measure(material, names)}; {len(months)} months{cut}"
    return Pair(Figure(title, about, svg), Cards((_card(material, names[0]),)))


def _height(material: Material, curves: int) -> float:
    """Of a chart; lower where a table of months shares its page."""
    height = 130.0 if curves > 1 else 110.0
    return height * 0.7 if is_young(material) else height


def _series(material: Material, name: str, *, is_leading: bool) -> Series:
    values = material.series(name, material.span.months)
    text = headline(material.metric(name), values[-1], material.words)
    return Series(SHORT[name], values, text, is_leading)


def _measure(material: Material, names: Sequence[str]) -> str:
    if len(names) > 1:
        return f"{material.words.symbol} a month"
    return unit(material.metric(names[0]), material.words)


def _tick(words: Words, value: float, digits: int) -> str:
    return words.compact(value) if abs(value) >= 1e6 else words.number(value, digits)


def _told(material: Material, one: Series) -> str:
    """The curve's first and last value and its extremes, for who cannot see it."""
    words, months = material.words, material.span.months
    known = [
        (value, month) for value, month in zip(one.values, months, strict=True) if value is not None
    ]
    if not known:
        return f"{one.name}: no values"
    lowest, highest = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
    marks = {"first": known[0], "lowest": lowest, "highest": highest, "last": known[-1]}
    parts = [
        f"{name} {words.money(value)} in {words.month(month.start)}"
        for name, (value, month) in marks.items()
    ]
    return f"{one.name} by month: {', '.join(parts)}"


def _card(material: Material, name: str) -> Card:
    metric, number = material.metric(name), material.number(name)
    return Card(
        title=f"{SHORT[name]}: {metric.title[0].lower()}{metric.title[1:]}",
        value=Cell(headline(metric, number.value, material.words), number),
        unit=unit(metric, material.words),
        formula=f"{SHORT[name]} = {spelled(metric.formula)}",
        meaning=metric.meaning,
        changes=material.changes(name),
    )


def _equation(material: Material) -> Equation:
    """ARPA and ARPU as revenue per paid seat times what links them."""
    rows = [_product(material, "arpa", "seats_per_account")]
    if material.metric("arpu").denominator == "users":
        rows.append(_product(material, "arpu", "paid_share"))
    kept = tuple(row for row in rows if all(factor.cell.text != "–" for factor in row))
    return Equation(
        "How they hang together",
        f"Values on {material.words.day(material.period.last_day)}, "
        f"changes since {material.span.previous.title}; "
        f"{SHORT['arppu']} = {spelled(material.metric('arppu').formula)}",
        kept,
    )


def _product(material: Material, whole: str, link: str) -> tuple[Factor, ...]:
    return tuple(
        Factor(sign, _worth(material, name), _label(material, name), _move(material, name))
        for sign, name in (("", whole), ("=", "arppu"), ("×", link))
    )


def _worth(material: Material, name: str) -> Cell:
    number = material.number(name)
    return Cell(headline(material.metric(name), number.value, material.words), number)


def _label(material: Material, name: str) -> str:
    return SHORT.get(name, material.metric(name).title)


def _move(material: Material, name: str) -> Change | None:
    change = material.change(name, material.span.previous)
    return change if any(each.isdigit() for each in change.text) else None


CHAPTER = Chapter("averages", "ARPU, ARPA, ARPPU", asks, section)
