"""The groups' sizes and averages, each with its place among them and how its MRR has run."""

from collections.abc import Sequence

from engine.period import Period
from engine.report.charts.sparkline import sparkline
from engine.report.insights import share
from engine.report.material import TOTAL, Group, Material
from engine.report.phrases import SHORT
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

AVERAGES = ("arpu", "arpa")
_SIZES = ("accounts", "users", "seats_per_account")
_WIDTH, _HEIGHT = 40.0, 13.0


def by_group(material: Material) -> Table:
    """A row each group, the largest first, and the total."""
    rows = (*material.groups, TOTAL)
    scale = material.words.scale([material.value("mrr", None, group) for group in rows])
    places = ranks(material)
    made = [
        _row(material, group, scale, places[at] if at < len(places) else Cell(""))
        for at, group in enumerate(rows)
    ]
    numbers = [cell.number for row in made for cell in row.cells if cell.number]
    table = Table(
        f"Size and averages by {material.dimension}",
        f"MRR in {scale.unit}, as a line over 24 months; averages in {material.words.symbol} "
        f"a month; changes, of the rank too, since {material.span.previous.title}",
        (
            Column(material.dimension.capitalize(), is_text=True, is_name=True),
            *_columns(),
        ),
        tuple(made),
        material.reasons(numbers),
        is_close=len(made) > 12,
    )
    return without_empty_columns(table)


def _columns() -> tuple[Column, ...]:
    sizes = ("MRR", "Trend", "Change", "Share", "Accounts", "Users", "Seats/acct.")
    columns = [Column("Rank", "Size", is_text=True), *(Column(title, "Size") for title in sizes)]
    for name in AVERAGES:
        columns += [Column("Value", SHORT[name], opens=True), Column("Change", SHORT[name])]
    return tuple(columns)


def ranks(material: Material) -> tuple[Cell, ...]:
    """Each group's place by MRR, in the order of the groups, with the places won or lost."""
    now = _places(material, None)
    before = _places(material, material.span.previous)
    return tuple(_rank(now.get(at), before.get(at)) for at in range(len(material.groups)))


def _places(material: Material, when: Period | None) -> dict[int, int]:
    """Place of each group that has MRR, by its index; groups of one size share a place."""
    sizes = {
        at: value
        for at, group in enumerate(material.groups)
        if (value := material.value("mrr", when, group))
    }
    return {at: 1 + sum(other > size for other in sizes.values()) for at, size in sizes.items()}


def _rank(now: int | None, before: int | None) -> Cell:
    if now is None:
        return Cell(DASH, None, Tone.MUTED)
    if before is None:
        return Cell(f"{now}\u00a0new")
    moved = before - now
    if not moved:
        return Cell(str(now))
    return Cell(f"{now}\u00a0{'▲' if moved > 0 else '▼'}{abs(moved)}")


def _row(material: Material, group: Group, scale: Scale, place: Cell) -> Row:
    previous = material.span.previous
    cells = [place, material.cell("mrr", None, group, scale), _trend(material, group)]
    cells += [material.change_cell("mrr", previous, group), _share(material, group)]
    cells += [material.cell(name, None, group) for name in _SIZES]
    for name in AVERAGES:
        cells += [material.cell(name, None, group), material.change_cell(name, previous, group)]
    is_total = group == TOTAL
    name = "Total" if is_total else material.name(group)
    return Row(name, tuple(cells), RowKind.TOTAL if is_total else RowKind.PLAIN)


def _trend(material: Material, group: Group) -> Cell:
    values = material.series("mrr", material.span.months, group)
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return Cell(DASH, None, Tone.MUTED)
    return Cell("", drawing=_line(material, values, known))


def _line(material: Material, values: Sequence[float | None], known: Sequence[float]) -> str:
    money = material.words.compact_money
    title = f"MRR by month, from {money(known[0])} to {money(known[-1])}"
    return sparkline(values, material.look, title=title, width=_WIDTH, height=_HEIGHT)


def _share(material: Material, group: Group) -> Cell:
    part = share(material, group)
    if part is None:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.share(part), value=part)
