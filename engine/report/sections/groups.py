"""The segments: each one's ARPU on one scale, its size and averages, and what it added."""

from dataclasses import replace
from math import ceil

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.blocks import Block, Pair, Term, Terms
from engine.report.chapter import Chapter
from engine.report.insights import share
from engine.report.material import Group, Material
from engine.report.measures import COUNTS, MOVES, STATES
from engine.report.mix import mix_shift
from engine.report.model import Section
from engine.report.phrases import SHORT, moved, spelled
from engine.report.sections.group_charts import added, panels, worth, worth_most
from engine.report.sections.group_movements import roll_forward_by_group
from engine.report.sections.group_table import AVERAGES, by_group
from engine.report.span import Span, labels

#: Width of the names in a dense table, in points; with how many lines of them the definitions
#: stand below the tables.
_NAME, _SOME = 72.0, 10

#: Points that one page has to spare beside three groups with names of a line; what a further
#: group takes of them in tables and charts, and what a further line of a name in both tables.
_ROOM, _GROUP, _LINE = 60.0, 52.0, 20.0


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """Each group's states and movements, its averages by month, and the same of all."""
    compared, months = labels((span.period, *span.compared)), labels(span.months)
    return (
        Request((*STATES, *MOVES, *COUNTS), compared, (dimension,)),
        Request((*STATES, *MOVES, *COUNTS), compared),
        Request(("mrr", "arpu", "arpa"), months, (dimension,)),
        Request(("mrr", "arpu", "arpa"), months),
    )


def section(material: Material) -> Section | str:
    """The page of segments; needs at least two."""
    dimension = material.dimension
    if not material.groups:
        return f"no account has a {dimension}"
    if len(material.groups) == 1:
        return f"all accounts are in one {dimension}, {material.name(material.groups[0])}"
    return Section(
        "segments",
        f"By {dimension}",
        _headline(material),
        worth_most(material, leading(material)),
        tuple(_blocks(material)),
    )


def _blocks(material: Material) -> list[Block]:
    """What fits on one page for few groups; for many, charts first and tables after."""
    lines, name = sum(_lines(material, group) for group in material.groups), leading(material)
    charts = panels(material, name, is_roomy=not is_one_page(len(material.groups), lines))
    table, rolling = by_group(material), roll_forward_by_group(material)
    gains, rises = added(material), worth(material, name)
    rankings = Pair(gains, rises, is_even=True) if rises else gains
    if is_one_page(len(material.groups), lines):
        return [charts, table, rolling, rankings]
    tables: list[Block] = [charts, rankings, replace(table, starts_page=True), rolling]
    return [*tables, _definitions(material)] if lines <= _SOME else tables


def is_one_page(groups: int, lines: int) -> bool:
    """Whether charts and tables of so many groups, their names of so many lines, fit on one."""
    return _GROUP * (groups - 3) + _LINE * (lines - groups) <= _ROOM


def _lines(material: Material, group: Group) -> int:
    return ceil(material.look.typeface.width(material.name(group), 7.25, 500) / _NAME)


def leading(material: Material) -> str:
    """The average that leads: ARPU, or ARPA where most groups have no users of their own."""
    known = [group for group in material.groups if material.value("arpu", None, group) is not None]
    return "arpu" if 2 * len(known) > len(material.groups) else "arpa"


def _headline(material: Material) -> str:
    """That the mix moved, if it did; else who carries the business, and whose average moved."""
    if mixed := mix_shift(material, leading(material)):
        return mixed
    largest = material.groups[0]
    part = share(material, largest)
    told = (
        [f"{material.spoken(largest)} carries {material.words.share(part, 0)} of MRR"]
        if part
        else []
    )
    name, previous = leading(material), material.span.previous
    changed = {
        at: change
        for at, group in enumerate(material.groups)
        if (change := material.relative(name, previous, group))
    }
    if changed:
        most = material.groups[max(changed, key=lambda each: abs(changed[each]))]
        did = moved(material, name, previous, most)
        told.append(f"{SHORT[name]} of {material.spoken(most)} {did}")
    return "; ".join(told) or f"MRR by {material.dimension}"


def _definitions(material: Material) -> Terms:
    names = (*AVERAGES, "arppu", "seats_per_account")
    metrics = [material.metric(name) for name in names if material.value(name) is not None]
    return Terms(
        "What the columns mean",
        tuple(
            Term(f"{SHORT[each.id]} = {spelled(each.formula)}", each.meaning) for each in metrics
        ),
    )


CHAPTER = Chapter("segments", "By {dimension}", asks, section, is_cut=True)
