"""The levers as tables that add up as printed: over time, by group and by product."""

from collections.abc import Sequence

from engine.period import Period
from engine.report.footing import footed_rows
from engine.report.formats import relative
from engine.report.material import NO_GROUP, TOTAL, Group, Material
from engine.report.rollforward import footed
from engine.report.shortening import told_apart
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

LEVERS = ("lever_seats", "lever_price", "lever_product")
MOVES = ("mrr_expansion", "mrr_contraction")
NAMES = {"lever_seats": "Seats", "lever_price": "Price", "lever_product": "Products"}
_MOVES = {"mrr_expansion": "Expansion", "mrr_contraction": "Contraction"}
_MEANINGS = {
    "lever_seats": "Paid seats added or given back, at the mean MRR a seat",
    "lever_price": "The rest: price, plan, term and discount",
    "lever_product": "Products that an account took up or gave up",
    "mrr_expansion": "Accounts that pay more than at the month’s start",
    "mrr_contraction": "Accounts that pay less, and still pay",
}

#: Width of a name, in points; a longer one is cut here, where the rows are half the measure.
_NAME = 64.0


def together(material: Material, period: Period) -> float:
    """What accounts that stayed added in all: the three levers."""
    return sum(material.value(name, period) or 0.0 for name in LEVERS)


def living(material: Material) -> tuple[Period, ...]:
    """The recent periods in which there were accounts to expand."""
    recent = material.span.recent
    known = [
        at
        for at, period in enumerate(recent)
        if material.value("mrr", period) and material.value(LEVERS[0], period) is not None
    ]
    return recent[known[0] :] if known else recent[-1:]


def history(material: Material) -> Table:
    """Levers and movements of the recent periods, a column each."""
    periods = living(material)
    values = [
        (_values(material, LEVERS, period), _values(material, MOVES, period)) for period in periods
    ]
    scale = _scale(material, [each for levers, moves in values for each in (*levers, *moves)])
    columns = [printed(levers, moves, scale) for levers, moves in values]
    names = (*LEVERS, "", *MOVES)
    titles = (*NAMES.values(), "All three", *_MOVES.values())
    rows = [
        Row(
            titles[at],
            (
                Cell(_MEANINGS.get(name, ""), None, Tone.MUTED),
                *(
                    _cell(material, column[at], scale, name, period)
                    for column, period in zip(columns, periods, strict=True)
                ),
            ),
            RowKind.PLAIN if name else RowKind.TOTAL,
        )
        for at, name in enumerate(names)
    ]
    rows.append(_growth(material, periods))
    return Table(
        "Levers and movements",
        f"{scale.unit}; the three levers add up to expansion plus contraction",
        (
            Column("", is_text=True, width=24),
            Column("What counts", is_text=True),
            *(Column(period.title, is_reported=period == material.period) for period in periods),
        ),
        tuple(rows),
        is_close=True,
        is_rolling=True,
    )


def _values(material: Material, names: Sequence[str], period: Period) -> list[float]:
    return [material.value(name, period) or 0.0 for name in names]


def _scale(material: Material, values: Sequence[float]) -> Scale:
    return material.words.scale(values, most=5)


def printed(levers: Sequence[float], moves: Sequence[float], scale: Scale) -> tuple[int, ...]:
    """Levers, their sum, and the movements that make the same sum, in printed units."""
    unit = scale.divisor / 10**scale.digits
    whole = sum(levers) / unit
    parts = footed([0.0, *(each / unit for each in levers), whole])
    others = footed([0.0, *(each / unit for each in moves), float(parts[-1])])
    return (*parts[1:], *others[1:-1])


def _cell(
    material: Material,
    units: int,
    scale: Scale,
    name: str,
    period: Period | None,
    group: Group = TOTAL,
) -> Cell:
    number = material.number(name, period, group) if name else None
    value = None if number else units / 10**scale.digits * scale.divisor
    return Cell(signed(material, units, scale), number, value=value)


def signed(material: Material, units: int, scale: Scale) -> str:
    """The amount with its sign; nothing is a plain zero."""
    return material.words.signed(units / 10**scale.digits, scale.digits) if units else "0"


def _growth(material: Material, periods: Sequence[Period]) -> Row:
    cells = [
        _part(material, together(material, period), material.value("mrr", period.before()))
        for period in periods
    ]
    told = Cell("All three, as a part of the opening MRR", None, Tone.MUTED)
    return Row("Net growth of the base", (told, *cells))


def _part(material: Material, value: float, opening: float | None) -> Cell:
    part = relative((opening or 0.0) + value, opening)
    if part is None:
        return Cell(DASH, None, Tone.MUTED)
    tone = Tone.GOOD if part > 0 else Tone.BAD if part < 0 else Tone.PLAIN
    return Cell(material.words.change(part), None, tone, part)


def by_group(material: Material, dimension: str, most: int) -> Table | None:
    """The period's levers of each group; None where they cannot be had by it, or for one group."""
    groups = _groups(material, dimension)
    if len(groups) < 2:
        return None
    values = [[material.value(name, None, group) or 0.0 for name in LEVERS] for group in groups]
    sums = [sum(row) for row in values]
    scale = material.words.scale([*sums, together(material, material.period)], most=4)
    totals = printed([material.value(name) or 0.0 for name in LEVERS], (), scale)[:-1]
    unit = scale.divisor / 10**scale.digits
    units = footed_rows([[each / unit for each in row] for row in values], totals)
    called = [group[dimension].strip() or "(blank)" for group in groups[:most]]
    names = told_apart(material.look.typeface, called, _NAME, 7.25, 500)
    rows = [
        _group_row(material, name, group, row, scale)
        for name, group, row in zip(names, groups[:most], units[:most], strict=True)
    ]
    rows += _others(material, groups[most:], units[most:], scale)
    rows.append(_total(material, totals, scale))
    return Table(
        f"By {dimension.replace('_', ' ')}",
        f"{scale.unit}, {material.period.title}; growth: of opening MRR",
        (
            Column(dimension.replace("_", " ").capitalize(), is_text=True, is_name=True),
            *(Column(name) for name in NAMES.values()),
            Column("All"),
            Column("Growth"),
        ),
        tuple(rows),
        is_close=len(rows) > 5,
    )


def _groups(material: Material, dimension: str) -> list[Group]:
    """Groups with a lever in the period or MRR at its start, the most moved first."""
    label = material.period.label
    found = [
        group
        for group in material.context.numbers.groups(dimension, period=label)
        if any(material.number(name, None, group).value is not None for name in LEVERS)
        and (_moved(material, group) or material.value("mrr", material.span.previous, group))
    ]
    return sorted(found, key=lambda group: (-_moved(material, group), group[dimension]))


def _moved(material: Material, group: Group) -> float:
    return sum(abs(material.value(name, None, group) or 0.0) for name in LEVERS)


def _group_row(
    material: Material, name: str, group: Group, units: Sequence[int], scale: Scale
) -> Row:
    opening = material.value("mrr", material.span.previous, group)
    whole = sum(material.value(name, None, group) or 0.0 for name in LEVERS)
    cells = [
        _cell(material, each, scale, lever, None, group)
        for lever, each in zip(LEVERS, units, strict=True)
    ]
    cells = [_quiet(cell) for cell in cells]
    return Row(name, (*cells, _sum(material, sum(units), scale), _part(material, whole, opening)))


def _quiet(cell: Cell) -> Cell:
    """A dash where there is nothing at all."""
    number = cell.number
    if number is None or number.value or number.reason == NO_GROUP:
        return cell
    return Cell(DASH, number, Tone.MUTED)


def _sum(material: Material, units: int, scale: Scale) -> Cell:
    tone = Tone.GOOD if units > 0 else Tone.BAD if units < 0 else Tone.MUTED
    value = units / 10**scale.digits * scale.divisor
    return Cell(signed(material, units, scale), None, tone, value)


def _others(
    material: Material, groups: Sequence[Group], units: Sequence[Sequence[int]], scale: Scale
) -> list[Row]:
    if not groups:
        return []
    sums = [sum(column) for column in zip(*units, strict=True)]
    openings = [material.value("mrr", material.span.previous, group) or 0.0 for group in groups]
    whole = sum(material.value(name, None, group) or 0.0 for group in groups for name in LEVERS)
    cells = [_cell(material, each, scale, "", None) for each in sums]
    part = _part(material, whole, sum(openings))
    return [Row(f"{len(groups)} others", (*cells, _sum(material, sum(sums), scale), part))]


def _total(material: Material, totals: Sequence[int], scale: Scale) -> Row:
    cells = [
        _cell(material, each, scale, name, None) for name, each in zip(LEVERS, totals, strict=True)
    ]
    whole = together(material, material.period)
    part = _part(material, whole, material.value("mrr", material.span.previous))
    return Row("Total", (*cells, _sum(material, sum(totals), scale), part), RowKind.TOTAL)
