"""The segments: each one's ARPU on one scale, its size and averages, and what it added."""

from dataclasses import replace
from math import ceil

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.blocks import Block, Pair, Term, Terms
from engine.report.chapter import Chapter
from engine.report.insights import share
from engine.report.material import TOTAL, Group, Material
from engine.report.measures import COUNTS, MOVES, STATES
from engine.report.mix import mix_shift
from engine.report.model import Section
from engine.report.phrases import SHORT, moved, spelled
from engine.report.sections.group_charts import added, panels
from engine.report.sections.group_movements import roll_forward_by_group
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

_AVERAGES = ("arpu", "arpa", "arppu")
_SIZES = ("accounts", "users", "seats_per_account")

#: Width of the names in a dense table, in points, and how many lines of them a page bears
#: below the charts, with the ranking beside the definitions or without it.
_NAME, _FEW, _SOME = 90.0, 3, 5


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
    return Section("segments", f"By {dimension}", _headline(material), "", tuple(_blocks(material)))


def _blocks(material: Material) -> list[Block]:
    """What fits on one page for few groups; for many, charts first and tables after."""
    charts, terms = panels(material, leading(material)), _definitions(material)
    table, rolling = _table(material), roll_forward_by_group(material)
    ranking = Pair(added(material), replace(terms, columns=1))
    lines = sum(_lines(material, group) for group in material.groups)
    if lines <= _FEW:
        return [charts, table, rolling, ranking]
    if lines <= _SOME:
        return [charts, table, rolling, replace(terms, terms=terms.terms[:3], columns=3)]
    return [charts, ranking, replace(table, starts_page=True), rolling]


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


def _table(material: Material) -> Table:
    rows = (*material.groups, TOTAL)
    scale = material.words.scale([material.value("mrr", None, group) for group in rows])
    made = [_row(material, group, scale) for group in rows]
    numbers = [cell.number for row in made for cell in row.cells if cell.number]
    sizes = ("MRR", "Change", "Share", "Accounts", "Users", "Seats/acct.")
    columns = [Column(title, "Size") for title in sizes]
    for name in _AVERAGES:
        columns += [Column("Value", SHORT[name], opens=True), Column("Change", SHORT[name])]
    table = Table(
        f"Size and averages by {material.dimension}",
        f"MRR in {scale.unit}; averages in {material.words.symbol} a month; "
        f"change since {material.span.previous.title}",
        (Column(material.dimension.capitalize(), is_text=True, is_name=True), *columns),
        tuple(made),
        material.reasons(numbers),
        is_close=len(made) > 12,
    )
    return without_empty_columns(table)


def _row(material: Material, group: Group, scale: Scale) -> Row:
    previous = material.span.previous
    cells = [material.cell("mrr", None, group, scale), material.change_cell("mrr", previous, group)]
    cells += [_share(material, group)]
    cells += [material.cell(name, None, group) for name in _SIZES]
    for name in _AVERAGES:
        cells += [material.cell(name, None, group), material.change_cell(name, previous, group)]
    is_total = group == TOTAL
    name = "Total" if is_total else material.name(group)
    return Row(name, tuple(cells), RowKind.TOTAL if is_total else RowKind.PLAIN)


def _share(material: Material, group: Group) -> Cell:
    part = share(material, group)
    if part is None:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.share(part))


def _definitions(material: Material) -> Terms:
    names = (*_AVERAGES, "seats_per_account")
    metrics = [material.metric(name) for name in names if material.value(name) is not None]
    return Terms(
        "What the columns mean",
        tuple(
            Term(f"{SHORT[each.id]} = {spelled(each.formula)}", each.meaning) for each in metrics
        ),
    )


CHAPTER = Chapter("segments", "By {dimension}", asks, section, is_cut=True)
