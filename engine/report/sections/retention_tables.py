"""Retention and churn as tables: over the last periods, and by group."""

from engine.metrics.model import Number
from engine.period import Period
from engine.report.formats import figure
from engine.report.material import TOTAL, Group, Material
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.words import DASH

#: Fewer accounts at the opening than this make a group's churn a matter of chance.
FEW = 20

_RATES = {
    "nrr": "Net revenue retention",
    "grr": "Gross revenue retention",
    "logo_churn": "Accounts lost a month",
    "annual_logo_churn": "… the same over a year",
    "revenue_churn": "MRR lost a month",
    "": "… the same over a year",
    "net_revenue_churn": "MRR lost a month, net of expansion",
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
    return Table(
        "Retention and churn, period by period",
        "A month’s rates are means of the months looked back on; over a year they compound: "
        "1 − (1 − rate)¹²",
        (
            Column("", is_text=True),
            Column("What is good", is_text=True),
            *(
                Column(material.short(each), is_reported=each == material.period)
                for each in periods
            ),
        ),
        tuple(rows),
        material.reasons(each for each in numbers if each.period == material.period.label),
    )


def _row(material: Material, name: str, title: str, periods: list[Period]) -> Row:
    good = material.metric(name).good if name else ""
    kind = RowKind.PART if title.startswith("…") else RowKind.PLAIN
    cells = tuple(_cell(material, name, period) for period in periods)
    return Row(title, (Cell(good, None, Tone.MUTED), *cells), kind)


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
    bases = [material.number("nrr", None, group).denominator for group in material.groups]
    scale = material.words.scale([*bases, material.number("nrr").denominator])
    rows: list[Row] = []
    for group in (*material.groups, TOTAL):
        nrr, churn = material.number("nrr", None, group), material.number("logo_churn", None, group)
        base = nrr.denominator if nrr.value is not None else None
        rows.append(
            Row(
                material.name(group) if group else "Total",
                (
                    Cell(DASH if base is None else material.words.scaled(base, scale)),
                    *_changing(material, "nrr", group),
                    *_changing(material, "grr", group),
                    Cell(opening_accounts(material, churn)),
                    rate(material, churn),
                    rate(material, material.number("revenue_churn", None, group)),
                ),
                RowKind.PLAIN if group else RowKind.TOTAL,
            )
        )
    return (
        Table(
            f"Retention and churn by {material.dimension}",
            f"MRR of a year ago in {scale.unit}; change since {material.span.previous.title}; "
            "churn a month",
            (
                Column(material.dimension.capitalize(), is_text=True, is_name=True),
                Column("MRR a year ago"),
                Column("Value", "NRR", opens=True),
                Column("Change", "NRR"),
                Column("Value", "GRR", opens=True),
                Column("Change", "GRR"),
                Column("Accounts", "Churn", opens=True),
                Column("of accounts", "Churn"),
                Column("of MRR", "Churn"),
            ),
            tuple(rows),
            _small(material),
            is_close=len(rows) > 12,
        ),
    )


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


def opening_accounts(material: Material, churn: Number) -> str:
    """The same as a table shows it."""
    if not churn.denominator:
        return DASH
    months = material.context.policy.churn_months
    return material.words.number(churn.denominator / months)


def _small(material: Material) -> tuple[str, ...]:
    note = (
        "Accounts: at a month’s opening, in the mean of the months looked back on. "
        "NRR and GRR by the group that an account was in a year ago."
    )
    is_any_small = any(opened(material, group) < FEW for group in material.groups)
    chance = f" Under {FEW} accounts a change is a matter of chance and has no colour."
    return (note + chance if is_any_small else note,)
