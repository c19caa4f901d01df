"""Appendix: the numbers themselves, by every dimension, by month and by account."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Block
from engine.report.breadths import fixed
from engine.report.chapter import Chapter
from engine.report.formats import relative
from engine.report.halves import WIDTH, Halves
from engine.report.holders import BY, Holder, holders, share_cell
from engine.report.material import TOTAL, Group, Material
from engine.report.measures import COUNTS, MONTHLY, MOVES, STATES
from engine.report.model import Section
from engine.report.phrases import listed, plural
from engine.report.shortening import told_apart
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

ACCOUNTS = 40

#: How far down an account may have stood a period ago for its change to be known.
_BEFORE = 100

#: Rows of groups that all dimensions share, and the least that each of them has.
_ROWS, _FEWEST = 90, 12

#: So few rows need no pages of their own.
_ENOUGH = 16

#: The width of a group's name, of which it gets three lines, in points.
_GROUP = 80.0

#: The width of an account's name in points, and how few of them are set in one table.
_NAME, _FEW = 112.0, 5

_COLUMNS = {
    "mrr": "MRR",
    "accounts": "Accounts",
    "paid_seats": "Seats",
    "users": "Users",
    "arpa": "ARPA",
    "arpu": "ARPU",
    "arppu": "ARPPU",
    "mrr_new": "New",
    "mrr_reactivation": "React.",
    "mrr_expansion": "Expans.",
    "mrr_contraction": "Contr.",
    "mrr_churn": "Churn",
}
_MONTHS = {**_COLUMNS, "mrr_fx": "Currency"}

_WHERE = (
    "The whole of it, each number with its numerator, its denominator and the reason where there "
    "is none, lies in workbook.xlsx and metrics.parquet, both inside this PDF."
)


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """Every group of the dimension, every month, and the largest accounts."""
    now, before = (span.period.label,), (span.previous.label,)
    return (
        Request((*STATES, *MOVES, *COUNTS), (*now, *before), (dimension,)),
        Request((*STATES, *MOVES, *COUNTS), (*now, *before)),
        Request((*MONTHLY, *MOVES), labels(span.months)),
        Request(("mrr",), now, BY, ACCOUNTS),
        Request(("mrr",), before, BY, _BEFORE),
    )


def section(material: Material) -> Section | str:
    """The tables, close and over as many pages as they take."""
    blocks = tuple(_blocks(material))
    if sum(_height(block) for block in blocks) < _ENOUGH:
        return "so few figures stand in the other chapters"
    return Section("appendix", "Appendix", _headline(material, blocks), _WHERE, blocks)


def _height(block: Block) -> int:
    """Rows, one under the other."""
    if isinstance(block, Halves):
        return _height(block.left)
    return len(block.rows) if isinstance(block, Table) else 0


def _blocks(material: Material) -> Iterator[Block]:
    dimensions = material.context.dimensions
    most = max(_FEWEST, _ROWS // len(dimensions))
    for dimension in dimensions:
        cut = replace(material, context=replace(material.context, dimension=dimension))
        if cut.groups:
            yield _fixed(material, _by_group(cut, most))
    living = [month for month in material.span.months if material.value("mrr", month)]
    if living:
        yield _fixed(material, _by_month(material, living))
    largest = [each for each in holders(material, "mrr") if each.value > 0][:ACCOUNTS]
    if largest:
        yield _by_account(material, largest)


def _fixed(material: Material, table: Table) -> Table:
    return fixed(without_empty_columns(table), material.look)


def _headline(material: Material, blocks: Sequence[Block]) -> str:
    """What is listed."""
    by = [each.replace("_", " ") for each in material.context.dimensions]
    accounts = ", and the largest accounts" if isinstance(blocks[-1], Halves) else ""
    return f"The figures by {listed([*by, 'month'])}{accounts}"


def _by_group(material: Material, most: int) -> Table:
    shown, dimension = material.groups[:most], material.dimension
    face = material.look.typeface
    names = [" ".join(face.lines(material.name(each), _GROUP, 7.25, 500, most=3)) for each in shown]
    rows = [(name, group, material.period) for name, group in zip(names, shown, strict=True)]
    table = _table(material, dimension.capitalize(), [*rows, ("Total", TOTAL, material.period)])
    left = len(material.groups) - len(shown)
    smaller = f"{left} smaller {plural(left, 'group is', 'groups are')}"
    more = (f"{smaller} left out here and counted in the total.",) if left else ()
    moved = f"movements of {material.period.title}, without transfers and currency"
    return replace(
        table,
        title=f"By {dimension}",
        unit=f"{table.unit}; {moved}",
        notes=(*table.notes, *more),
    )


def _by_month(material: Material, living: Sequence[Period]) -> Table:
    rows = [(material.words.month(month.start), TOTAL, month) for month in reversed(living)]
    table = _table(material, "Month", rows, _MONTHS)
    return replace(table, title="By month", unit=f"{table.unit}; movements of the month")


def _table(
    material: Material,
    of: str,
    rows: Sequence[tuple[str, Group, Period]],
    columns: dict[str, str] = _COLUMNS,
) -> Table:
    """A row for each name, group and period; what no row has is left out, and said once."""
    money = [name for name in columns if name.startswith("mrr")]
    scale = material.words.scale(
        [material.value(name, period, group) for _, group, period in rows for name in money]
    )
    made = [
        Row(
            name,
            tuple(_cell(material, each, period, group, scale) for each in columns),
            RowKind.TOTAL if name == "Total" and group == TOTAL else RowKind.PLAIN,
        )
        for name, group, period in rows
    ]
    numbers = [cell.number for row in made for cell in row.cells if cell.number]
    return Table(
        "",
        f"MRR in {scale.unit}; averages in {material.words.symbol} a month",
        (
            Column(of, is_text=True, is_name=True),
            *(Column(title, opens=name == "mrr_new") for name, title in columns.items()),
        ),
        tuple(made),
        material.reasons(numbers),
        is_close=True,
    )


def _cell(material: Material, name: str, period: Period, group: Group, scale: Scale) -> Cell:
    """The number; a movement that there was none of is blank, so that the others stand out."""
    cell = material.cell(name, period, group, scale)
    return replace(cell, text="") if name.startswith("mrr_") and cell.shown == 0 else cell


def _by_account(material: Material, largest: Sequence[Holder]) -> Block:
    """The accounts in two halves, the larger ones left; a few are one table."""
    scale = material.words.scale([each.value for each in largest], most=6)
    about = f"MRR in {scale.unit}, and the change since {material.span.previous.title}"
    count = len(largest)
    half = ceil(count / 2)
    if half < _FEW:
        title = f"The {count} largest accounts" if count > 1 else "The only account"
        return _accounts(material, largest, scale, (title, about))
    tables = (
        _accounts(material, largest[:half], scale, (f"The {half} largest accounts", about)),
        _accounts(material, largest[half:], scale, (f"The next {count - half}", about)),
    )
    return Halves(*(fixed(table, material.look, WIDTH) for table in tables))


def _accounts(
    material: Material, accounts: Sequence[Holder], scale: Scale, said: tuple[str, str]
) -> Table:
    words, mrr, look = material.words, material.value("mrr"), material.look
    before = {each.account: each for each in holders(material, "mrr", material.span.previous)}
    names = told_apart(look.typeface, [each.name for each in accounts], _NAME, 8, 500)
    rows = (
        Row(
            name,
            (
                Cell(words.scaled(each.value, scale), each.number),
                _change(material, each, before.get(each.account)),
                share_cell(material, each.value, mrr),
            ),
        )
        for name, each in zip(names, accounts, strict=True)
    )
    figures = (Column(each) for each in ("MRR", "Change", "Share"))
    columns = (Column("Account", is_text=True, is_name=True), *figures)
    return Table(*said, columns, tuple(rows), is_close=True)


def _change(material: Material, now: Holder, before: Holder | None) -> Cell:
    part = relative(now.value, before.value if before else None)
    if part is None:
        return Cell(DASH, None, Tone.MUTED)
    tone = Tone.PLAIN if abs(part) < 0.0005 else Tone.GOOD if part > 0 else Tone.BAD
    return Cell(material.words.change(part), None, tone, part)


CHAPTER = Chapter("appendix", "Appendix", asks, section, takes_cuts=True)
