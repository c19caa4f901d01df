"""The long view: metrics by period over two years, then every month behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.metrics.asks import Ask
from engine.metrics.model import Unit
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Block
from engine.report.board import Board, Drawing, Entry, Family, Line
from engine.report.chapter import Chapter
from engine.report.charts.sparkline import sparkline
from engine.report.formats import TIMES, figure, headline, name_with_unit
from engine.report.material import Material
from engine.report.measures import COUNTS, JUDGED, MONTHLY, MOVES, STATES
from engine.report.model import Section
from engine.report.phrases import SHORT, listed, verb
from engine.report.room import notes_height
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

_MONTHLY = ("mrr", "accounts", "users", "paid_seats", "arpu", "arpa", "arppu", "seats_per_account")
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Revenue": ("mrr", "arr", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churn"),
    "Customers": ("accounts", "new_accounts", "churned_accounts", "paid_seats", "free_users"),
    "Averages": ("arpu", "arpa", "arpa_median", "arppu", "seats_per_account", "paid_share"),
    "Retention": ("nrr", "grr", "logo_churn", "revenue_churn", "quick_ratio"),
    "Economics": ("ltv", "cac", "ltv_cac", "cac_payback_months"),
}

#: Amounts of one account, too far from the company's for its scale.
_COMPACT = ("ltv", "cac")

#: Periods side by side; a month table holds the longer view of a monthly pack.
ACROSS = 9

#: Fewer months than this say nothing that the averages' page does not.
ENOUGH = 6

#: Heights in points: a month, and what stands around the tables; fewer months are no table.
_MONTH, _AROUND, _FEWEST = 14.9, 153.0, 3
_SPARK_WIDTH, _SPARK_HEIGHT = 46.0, 12.6


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Every month of two years, and every period."""
    return (
        Request((*STATES, *MOVES, *COUNTS, *JUDGED), labels(span.history)),
        Request(MONTHLY, labels(span.months)),
    )


def section(material: Material) -> Section | None:
    """The page of figures; None for a company too young to fill one."""
    if is_short(material):
        return None
    living = _living(material, material.span.trend)[-ACROSS:]
    blocks: list[Block] = []
    room = material.look.paper.live_height
    if len(living) > 1:
        board = _board(material, living)
        blocks.append(board)
        room -= _AROUND + board.height
        room -= notes_height(material.look, board.notes)
    earlier = _before(material, living)
    table = months(material, len(earlier), earlier)
    fitting = int((room - notes_height(material.look, table.notes)) / _MONTH)
    if min(fitting, len(table.rows)) >= _FEWEST:
        blocks.append(replace(table, rows=table.rows[:fitting]))
    return Section("trend", "Trend", _headline(material), "", tuple(blocks))


def _before(material: Material, shown: Sequence[Period]) -> Sequence[Period]:
    """Months that the table above does not show, where it is one of months itself."""
    every = material.span.months
    is_monthly = material.period.length == 1 and len(shown) > 1
    return [each for each in every if each.start < shown[0].start] if is_monthly else every


def is_short(material: Material) -> bool:
    """Whether there are so few periods and months that they need no page."""
    periods = _living(material, material.span.trend)
    return len(periods) < 2 and len(_living(material, material.span.months)) < 2 * ENOUGH


def is_young(material: Material) -> bool:
    """Whether the company has too few months for a page of them."""
    return len(_living(material, material.span.months)) < ENOUGH


def months(material: Material, most: int = 24, of: Sequence[Period] | None = None) -> Table:
    """A row for each of the latest months that have MRR, the newest first."""
    every = _living(material, material.span.months)
    living = [each for each in every if of is None or each in of][-most:]
    symbol = material.words.symbol
    scale = material.words.scale([material.value("mrr", month) for month in living])
    rows = tuple(_row(material, month, scale) for month in reversed(living))
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


def _board(material: Material, periods: Sequence[Period]) -> Board:
    names = {1: "Month", 3: "Quarter", 12: "Year"}
    amounts = [
        material.value(name, period)
        for names_ in FAMILIES.values()
        for name in names_
        if material.metric(name).unit is Unit.MONEY and name not in _COMPACT
        for period in periods
    ]
    scale = material.words.scale(amounts, most=5)
    families = {
        family: tuple(name for name in metrics if _has_any(material, name, periods))
        for family, metrics in FAMILIES.items()
    }
    name = names[material.period.length]
    return Board(
        f"{name} by {name.lower()}",
        f"Revenue in {scale.unit}; averages in {material.words.symbol} a month; "
        "each line on its own scale",
        (
            Column("Metric", is_text=True, width=29),
            Column("", width=18),
            *(
                Column(material.short(each), is_reported=each == material.period)
                for each in periods
            ),
        ),
        tuple(
            Family(family, tuple(_line(material, each, periods, scale) for each in metrics))
            for family, metrics in families.items()
            if metrics
        ),
        _notes(material, periods),
    )


def _has_any(material: Material, name: str, periods: Sequence[Period]) -> bool:
    return any(material.value(name, period) is not None for period in periods)


def _notes(material: Material, periods: Sequence[Period]) -> tuple[str, ...]:
    """Why whole rows are missing."""
    empty = [
        material.number(name)
        for metrics in FAMILIES.values()
        for name in metrics
        if not _has_any(material, name, periods)
    ]
    return material.reasons(empty)


def _line(material: Material, name: str, periods: Sequence[Period], scale: Scale) -> Line:
    metric = material.metric(name)
    entries: tuple[Entry, ...] = (
        Drawing(_spark(material, name, periods)),
        *(_cell(material, name, period, scale) for period in periods),
    )
    return Line(name_with_unit(metric, SHORT.get(name, metric.title)), entries)


def _cell(material: Material, name: str, period: Period, scale: Scale) -> Cell:
    """The number as its row writes it: a blank where the company was too young for it."""
    number, metric = material.number(name, period), material.metric(name)
    if number.value is None:
        known = [each for each in material.span.trend if material.value(name, each) is not None]
        is_before = bool(known) and known[0].start < period.start
        return Cell(DASH if is_before else "", number, Tone.MUTED)
    if name in _COMPACT:
        text = material.words.compact_money(number.value)
    elif metric.unit is Unit.MONEY_PER_MONTH and _is_long(material, name):
        text = material.words.compact(round(number.value))
    elif metric.unit is Unit.MONEY and _is_long(material, name, scale.divisor):
        text = material.words.number(number.value / scale.divisor)
    else:
        text = figure(metric, number.value, material.words, scale)
    return Cell(text + ("×" if name in TIMES - {"seats_per_account"} else ""), number)


def _is_long(material: Material, name: str, divisor: float = 1.0) -> bool:
    """Whether decimals would not fit nine times across."""
    values = [material.value(name, period) or 0.0 for period in material.span.trend]
    return max(map(abs, values)) / divisor >= 1e4


def _spark(material: Material, name: str, periods: Sequence[Period]) -> str:
    values = [material.value(name, period) for period in periods]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    metric = material.metric(name)
    ends = [headline(metric, value, material.words) for value in (known[0], known[-1])]
    title = f"{metric.title}, {material.short(periods[0])} to {material.short(periods[-1])}: "
    return sparkline(
        values,
        material.look,
        title=title + " to ".join(ends),
        width=_SPARK_WIDTH,
        height=_SPARK_HEIGHT,
    )


def _living(material: Material, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods from the first one that has MRR."""
    values = material.series("mrr", periods)
    return tuple(each for each, value in zip(periods, values, strict=True) if value is not None)


def _headline(material: Material) -> str:
    """How long MRR and ARPU have been moving the way that they move now."""
    unit = {1: "month", 3: "quarter", 12: "year"}[material.period.length]
    runs = {name: run for name in ("mrr", "arpu") if (run := _run(material, name))}
    if not runs:
        return "The figures, month by month"
    if all(abs(run) == 1 for run in runs.values()):
        steps = [f"{SHORT[name]} {verb(run)}" for name, run in runs.items()]
        return f"{listed(steps)} on the {unit} before"
    clauses = [_clause(name, run, unit) for name, run in runs.items()]
    if all(abs(run) > 1 for run in runs.values()):
        clauses[1:] = [each.partition(f" {unit}s")[0] for each in clauses[1:]]
    return "; ".join(clauses)


def _clause(name: str, run: int, unit: str) -> str:
    """``MRR is up for 8 quarters in a row``; a single step is no run."""
    way = "up" if run > 0 else "down"
    if abs(run) == 1:
        return f"{SHORT[name]} is\u00a0{way} on\u00a0the {unit}\u00a0before"
    return f"{SHORT[name]} is\u00a0{way}\u00a0for\u00a0{abs(run)} {unit}s in a row"


def _run(material: Material, name: str) -> int:
    """For how many periods it has moved the way that it moves now; negative for falls."""
    values = [each for each in material.series(name, material.span.trend) if each is not None]
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    if not steps:
        return 0
    run = next((n for n, step in enumerate(reversed(steps)) if step != steps[-1]), len(steps))
    return run * steps[-1]


CHAPTER = Chapter("trend", "Trend", asks, section)
