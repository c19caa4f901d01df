"""Every month since the first that has MRR, a row each."""

from collections.abc import Sequence

from engine.period import Period
from engine.report.material import Material
from engine.report.phrases import SHORT
from engine.report.table import Column, Row, RowKind, Table, without_empty_columns
from engine.report.words import Scale

_MONTHLY = ("mrr", "accounts", "users", "paid_seats", "arpu", "arpa", "arppu", "seats_per_account")

#: Fewer months than this say nothing that the averages' page does not.
ENOUGH = 6


def living(material: Material, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods from the first one that has MRR."""
    values = material.series("mrr", periods)
    return tuple(each for each, value in zip(periods, values, strict=True) if value is not None)


def is_young(material: Material) -> bool:
    """Whether the company has too few months for a page of them."""
    return len(living(material, material.span.months)) < ENOUGH


def months(material: Material, most: int = 24, of: Sequence[Period] | None = None) -> Table:
    """A row for each of the latest months that have MRR, the newest first."""
    every = living(material, material.span.months)
    shown = [each for each in every if of is None or each in of][-most:]
    symbol = material.words.symbol
    scale = material.words.scale([material.value("mrr", month) for month in shown])
    rows = tuple(_row(material, month, scale) for month in reversed(shown))
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    table = Table(
        "The months before"
        if of and of[-1].closing < material.period.opening
        else "Month by month",
        f"MRR in {scale.unit}; averages in {symbol} a month; state on the month’s last day",
        (
            Column("Month", is_text=True),
            *(Column(SHORT.get(each, material.metric(each).title)) for each in _MONTHLY),
        ),
        rows,
        material.reasons(numbers),
        is_close=True,
    )
    return without_empty_columns(table)


def _row(material: Material, month: Period, scale: Scale) -> Row:
    is_reported = month.closing == material.period.closing
    return Row(
        material.words.month(month.start),
        tuple(material.cell(metric, month, scale=scale) for metric in _MONTHLY),
        RowKind.TOTAL if is_reported else RowKind.PLAIN,
    )
