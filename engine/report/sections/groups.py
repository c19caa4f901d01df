"""The segments: each one's ARPU on one scale, its size and averages, and what it added."""

from dataclasses import replace

from engine.report.charts.bars import Bar, bars
from engine.report.charts.multiples import MOST, Panel, multiples
from engine.report.formats import headline
from engine.report.insights import share
from engine.report.material import TOTAL, Group, Material
from engine.report.model import (
    LEFT,
    Block,
    Cell,
    Column,
    Figure,
    Pair,
    Row,
    RowKind,
    Section,
    Table,
    Term,
    Terms,
    Tone,
)
from engine.report.phrases import SHORT, moved, spelled
from engine.report.sections.group_movements import roll_forward_by_group
from engine.report.words import DASH, Scale

_AVERAGES = ("arpu", "arpa", "arppu")
_SIZES = ("accounts", "users", "seats_per_account")
_MOST_BARS = 12


def section(material: Material) -> Section | str:
    """The page of segments."""
    if not material.groups:
        return f"no account has a {material.context.dimension}"
    definitions = _definitions(material)
    blocks: list[Block] = [_panels(material), _table(material)]
    if len(material.groups) > 1:
        added = Pair(_added(material), replace(definitions, columns=1))
        blocks += [roll_forward_by_group(material), added]
    else:
        blocks.append(definitions)
    title = material.context.dimension.capitalize()
    return Section(
        "groups",
        f"By {material.context.dimension}",
        _headline(material),
        _lead(material, title),
        tuple(blocks),
    )


def _leading(material: Material) -> str:
    return "arpu" if material.value("arpu") is not None else "arpa"


def _headline(material: Material) -> str:
    """Who carries the business, and whose average moved most."""
    largest = material.groups[0]
    part = share(material, largest)
    carries = (
        f"{material.name(largest)} carries {material.words.share(part, 0)} of MRR" if part else ""
    )
    name, previous = _leading(material), material.span.previous
    changed = {
        at: change
        for at, group in enumerate(material.groups)
        if (change := material.relative(name, previous, group))
    }
    if not changed or len(material.groups) == 1:
        return carries or f"MRR by {material.context.dimension}"
    at = max(changed, key=lambda each: abs(changed[each]))
    most = material.groups[at]
    did = moved(material, name, previous, most)
    told = f"{SHORT[name]} of {material.name(most)} {did}, the largest change"
    return f"{carries}; {told}" if carries else told


def _lead(material: Material, title: str) -> str:
    count = len(material.groups)
    if count <= MOST:
        return ""
    return f"{title}: the {MOST} largest of {count} are drawn; the table holds all."


def _panels(material: Material) -> Figure:
    words, name = material.words, _leading(material)
    months, shown = material.span.months, material.groups[:MOST]
    panels = [_panel(material, name, group) for group in shown]
    total = material.series(name, months)
    ends = (words.short_month(months[0].start), words.short_month(months[-1].start))
    told = "; ".join(f"{one.name} {one.text} ({one.change})" for one in panels)
    previous = material.span.previous.title
    svg = multiples(
        panels,
        ends,
        material.look,
        title=f"{SHORT[name]} by {material.context.dimension}, change since {previous}: {told}.",
        width=material.look.paper.measure,
        plot_height=64 if len(panels) <= 4 else 44,
        reference=total if len(panels) > 1 else (),
    )
    dotted = "; dotted: all together" if len(panels) > 1 else ""
    unit = f"{words.symbol} a month, 24 months, one scale; change since {previous}{dotted}"
    return Figure(f"{SHORT[name]} by {material.context.dimension}", unit, svg)


def _panel(material: Material, name: str, group: Group) -> Panel:
    values = material.series(name, material.span.months, group)
    change = material.change(name, material.span.previous, group)
    now = material.value(name, None, group)
    text = headline(material.metric(name), now, material.words)
    return Panel(material.name(group), values, text, change.text, change.tone)


def _table(material: Material) -> Table:
    rows = (*material.groups, TOTAL)
    scale = material.words.scale([material.value("mrr", None, group) for group in rows])
    made = [_row(material, group, scale) for group in rows]
    numbers = [cell.number for row in made for cell in row.cells if cell.number]
    columns = (
        Column(material.context.dimension.capitalize(), is_text=True),
        Column("MRR", "Size"),
        Column("Change", "Size"),
        Column("Share", "Size"),
        Column("Accounts", "Size"),
        Column("Users", "Size"),
        Column("Seats per acct.", "Size"),
        *(
            column
            for name in _AVERAGES
            for column in (Column("Value", SHORT[name], opens=True), Column("Change", SHORT[name]))
        ),
    )
    return Table(
        f"Size and averages by {material.context.dimension}",
        f"MRR in {scale.unit}; averages in {material.words.symbol} a month; "
        f"change since {material.span.previous.title}",
        columns,
        tuple(made),
        material.reasons(numbers),
        is_close=len(made) > 12,
    )


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


def _added(material: Material) -> Figure:
    """What each group added to MRR or took away since the period before."""
    words, previous = material.words, material.span.previous
    changes = {
        material.name(group): (material.value("mrr", None, group) or 0.0)
        - (material.value("mrr", previous, group) or 0.0)
        for group in material.groups
    }
    ranked = sorted(changes.items(), key=lambda each: (-abs(each[1]), each[0]))
    shown, rest = ranked[:_MOST_BARS], ranked[_MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} others", sum(value for _, value in rest)))
    scale = words.scale([value for _, value in shown], most=5)
    rows = [
        Bar(name, value, _signed(material, value, scale), _tone(value))
        for name, value in sorted(shown, key=lambda each: -each[1])
    ]
    told = "; ".join(f"{row.name} {row.text}" for row in rows)
    svg = bars(
        rows,
        material.look,
        title=f"Change of MRR by {material.context.dimension} in {scale.unit}: {told}.",
        width=round(material.look.paper.measure * LEFT, 1),
    )
    unit = f"{scale.unit}, {previous.title} to {material.period.title}; currency included"
    return Figure(f"Change of MRR by {material.context.dimension}", unit, svg)


def _signed(material: Material, value: float, scale: Scale) -> str:
    return material.words.signed(value / scale.divisor, scale.digits)


def _tone(value: float) -> Tone:
    return Tone.GOOD if value > 0 else Tone.BAD if value < 0 else Tone.PLAIN


def _definitions(material: Material) -> Terms:
    names = ("arpu", "arpa", "arppu", "seats_per_account")
    terms = (material.metric(name) for name in names)
    return Terms(
        "What the columns mean",
        tuple(Term(f"{SHORT[each.id]} = {spelled(each.formula)}", each.meaning) for each in terms),
    )
