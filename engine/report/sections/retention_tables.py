"""Retention and churn as tables: over the last periods, and by group."""

from dataclasses import replace

from engine.metrics.model import Number
from engine.metrics.standard import Standing, in_words, standing
from engine.period import Period
from engine.report.formats import figure
from engine.report.material import TOTAL, Group, Material
from engine.report.phrases import unbroken
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: Fewer accounts at the opening than this make a group's churn a matter of chance.
FEW = 20

_RATES = {
    "nrr": "Net revenue retention",
    "grr": "Gross revenue retention",
    "logo_churn": "Accounts lost a month",
    "annual_logo_churn": "… the same over a year",
    "revenue_churn": "MRR lost a month",
    "": "… the same over a year",
    "net_revenue_churn": "MRR lost net of expansion",
}
_MONTHLY = {"logo_churn", "revenue_churn", "net_revenue_churn"}
_COLUMNS = 5


def over_time(material: Material) -> Table:
    """The rates, a column a period, with what the definitions call good."""
    values = material.series("mrr", material.span.trend)
    living = [
        period
        for period, value in zip(material.span.trend, values, strict=True)
        if value is not None
    ]
    periods = living[-_COLUMNS:]
    rows = [_row(material, name, title, periods) for name, title in _RATES.items()]
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    said = [row for row in rows if any(each.text != DASH for each in row.cells[1:])]
    return Table(
        "Retention and churn, period by period",
        "A month’s rates are means of the months looked back on; over a year they compound: "
        "1 − (1 − rate)¹²",
        (
            Column("", is_text=True),
            Column("Bounds", is_text=True),
            *(
                Column(unbroken(material.short(each)), is_reported=each == material.period)
                for each in periods
            ),
        ),
        tuple(said),
        material.reasons(each for each in numbers if each.period == material.period.label),
    )


def _row(material: Material, name: str, title: str, periods: list[Period]) -> Row:
    kind = RowKind.PART if title.startswith("…") else RowKind.PLAIN
    cells = [_cell(material, name, period) for period in periods]
    if name and cells and periods[-1] == material.period:
        cells[-1] = _judged(material, cells[-1], name)
    return Row(title, (Cell(_rule(material, name), None, Tone.MUTED), *cells), kind)


def _judged(material: Material, cell: Cell, name: str) -> Cell:
    """The reported period's rate, good or bad by the bounds of its definition."""
    tones = {Standing.GOOD: Tone.GOOD, Standing.BAD: Tone.BAD}
    found = standing(material.metric(name), material.value(name), ())
    return replace(cell, tone=tones[found]) if found and found in tones else cell


def _rule(material: Material, name: str) -> str:
    """The bounds in words; what the definition calls good where it has none."""
    if not name:
        return ""
    metric = material.metric(name)
    if not metric.bounds:
        return metric.good
    good, bad = (in_words(metric, each) for each in (metric.bounds.good, metric.bounds.bad))
    if metric.higher_is_better:
        return f"good from {good}, bad below {bad}"
    return f"good up to {good}, bad above {bad}"


def _cell(material: Material, name: str, period: Period) -> Cell:
    if not name:
        return _yearly(material, material.number("revenue_churn", period))
    return rate(material, material.number(name, period))


def _yearly(material: Material, number: Number) -> Cell:
    """What a monthly rate comes to over a year."""
    if number.value is None:
        return Cell(DASH, None, Tone.MUTED)
    return Cell(material.words.share(1 - (1 - number.value) ** 12))


def rate(material: Material, number: Number) -> Cell:
    """A rate; those of a month with a digit more, as they are small."""
    if number.value is None:
        return Cell(DASH, number, Tone.MUTED)
    if number.metric in _MONTHLY:
        return Cell(material.words.share(number.value, 2), number)
    return Cell(figure(material.metric(number.metric), number.value, material.words), number)


def by_group(material: Material) -> tuple[Table, ...]:
    """The rates of each group beside what they are measured on; none for a single group."""
    if len(material.groups) < 2:
        return ()
    groups = (*material.groups, TOTAL)
    scale = material.words.scale([_base(material, group) for group in groups])
    rows = tuple(_group(material, group, scale) for group in groups)
    heads = [Column(material.dimension.capitalize(), is_text=True, is_name=True)]
    heads.append(Column("MRR a year ago"))
    for name in ("NRR", "GRR"):
        heads += [Column("Value", name, opens=True), Column("Change", name)]
    heads.append(Column("Accounts", "Churn", opens=True))
    heads += [Column("of accounts", "Churn"), Column("of MRR", "Churn")]
    table = Table(
        f"Retention and churn by {material.dimension}",
        f"MRR of a year ago in {scale.unit}; change since {material.span.previous.title}; "
        "churn a month",
        tuple(heads),
        rows,
        _small(material),
        is_close=len(rows) > 12,
    )
    return (without_empty_columns(table),)


def _group(material: Material, group: Group, scale: Scale) -> Row:
    base = _base(material, group)
    churn = material.number("logo_churn", None, group)
    cells = (
        Cell(DASH if base is None else material.words.scaled(base, scale)),
        *_changing(material, "nrr", group),
        *_changing(material, "grr", group),
        Cell(material.words.number(opened(material, group)) if churn.denominator else DASH),
        rate(material, churn),
        rate(material, material.number("revenue_churn", None, group)),
    )
    name = material.name(group) if group else "Total"
    return Row(name, cells, RowKind.PLAIN if group else RowKind.TOTAL)


def _base(material: Material, group: Group) -> float | None:
    """MRR of a year ago that is looked after."""
    nrr = material.number("nrr", None, group)
    return nrr.denominator if nrr.value is not None else None


def _changing(material: Material, name: str, group: Group) -> tuple[Cell, Cell]:
    cell = rate(material, material.number(name, None, group))
    if opened(material, group) < FEW and group:
        change = material.change_cell(name, material.span.previous, group)
        return cell, Cell(change.text, None, Tone.MUTED)
    return cell, material.change_cell(name, material.span.previous, group)


def opened(material: Material, group: Group) -> float:
    """Paying accounts at a month’s opening, in the mean of the months looked back on."""
    below = material.number("logo_churn", None, group).denominator or 0.0
    return below / material.context.policy.churn_months


def _small(material: Material) -> tuple[str, ...]:
    note = (
        "Accounts: at a month’s opening, in the mean of the months looked back on. "
        "NRR and GRR by the group that an account was in a year ago."
    )
    is_any_small = any(opened(material, group) < FEW for group in material.groups)
    chance = f" Under {FEW} accounts a change is a matter of chance and has no colour."
    return (note + chance if is_any_small else note,)
