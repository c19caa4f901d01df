"""The workbook beside the PDF: real numbers with names, native charts, and nothing executed."""

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.report.actions import ActionRow, Actions, State
from engine.report.blocks import Findings, Term, Terms
from engine.report.context import PackContext
from engine.report.model import Report, Section
from engine.report.pack import report
from engine.report.prose import Prose
from engine.report.table import Cell, Column, Row, Table
from engine.report.workbook.book import workbook
from tests.report.conftest import Company, Segment

HOSTILE = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", '=HYPERLINK("http://x","y")', "\t=1", "'=1")
ODD = {"\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}", "a\x00b\x1fc", "]['/\\?*:", "x" * 400}


def near(value: float | None) -> object:
    """The value as a workbook holds it, in sixteen digits."""
    return pytest.approx(value, rel=1e-14)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def made(context: PackContext) -> Workbook:
    return opened(workbook(report(context), context))


def with_blocks(finished: Report, *blocks: object, name: str = "One") -> Report:
    return replace(finished, sections=(Section("one", name, "Headline", "", blocks),))


@pytest.fixture(scope="module")
def finished(context) -> Report:
    return report(context)


@pytest.fixture(scope="module")
def content(finished, context) -> bytes:
    return workbook(finished, context)


@pytest.fixture(scope="module")
def book(content) -> Workbook:
    return opened(content)


def cells(value: object) -> Iterator[Cell]:
    """Every cell within a value of the report."""
    if isinstance(value, Cell):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from cells(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from cells(getattr(value, field.name))


def named(book: Workbook, name: str) -> object:
    """What stands in the cell that the name means."""
    ((title, place),) = book.defined_names[name].destinations
    return book[title][place.replace("$", "")].value


def values(sheet: Worksheet) -> list[object]:
    return [
        value for row in sheet.iter_rows(values_only=True) for value in row if value is not None
    ]


def test_the_same_report_gives_the_same_bytes(finished, context, content) -> None:
    assert workbook(finished, context) == content


def test_every_figure_of_the_pages_is_found_by_a_name_with_its_value(finished, book) -> None:
    shown = {
        (number.metric, number.period, number.group): number.value
        for section in finished.sections
        for cell in cells(section.blocks)
        if (number := cell.number) and cell.value is None and number.value is not None
    }
    found = {name: named(book, name) for name in book.defined_names}
    assert len(shown) > 200
    for (metric, period, group), value in shown.items():
        start = f"{metric}_{period.replace('-', '_')}".replace("..", "_")
        labels = "".join(f"_{re.sub('[^A-Za-z0-9]+', '_', label)}" for _, label in group)
        numbers = [each for name, each in found.items() if name.startswith(f"{start}{labels}")]
        assert any(each == near(value) for each in numbers), (metric, group)


def test_a_name_is_easy_to_guess(book, context) -> None:
    assert named(book, "mrr_2026Q3") == near(context.numbers.one("mrr", "2026Q3").value)
    enterprise = context.numbers.one("arpu", "2026Q3", {"segment": "Enterprise"})
    assert named(book, "arpu_2026Q3_Enterprise") == near(enterprise.value)


def test_numbers_are_numbers_in_the_format_of_their_unit(book) -> None:
    formats = {}
    for name in ("mrr_2026Q3", "accounts_2026Q3", "paid_share_2026Q3", "seats_per_account_2026Q3"):
        ((title, place),) = book.defined_names[name].destinations
        cell = book[title][place.replace("$", "")]
        assert cell.data_type == "n"
        formats[name] = cell.number_format
    assert list(formats.values()) == ["#,##0.00", "#,##0", "0.0%", "#,##0.00"]


def test_a_change_is_a_share_with_its_sign(book) -> None:
    heads = {cell.value: cell.column for cell in book["Summary"][4]}
    change = book["Summary"].cell(5, heads["vs Q2 2026"])
    assert change.data_type == "n"
    assert change.number_format.startswith("+0.0%")


def test_every_sheet_keeps_its_heads_and_names_in_sight(book) -> None:
    assert all(sheet.freeze_panes for sheet in book.worksheets)
    assert {sheet.freeze_panes for sheet in book.worksheets[:3]} == {"B4"}
    assert book["Numbers"].auto_filter.ref.startswith("A1:")


def test_columns_are_wide_enough_for_what_is_in_them(book) -> None:
    for sheet in book.worksheets:
        assert sheet.column_dimensions["A"].width >= 20
        assert sheet.column_dimensions["B"].width >= 13 or sheet.title == "Numbers"


def test_charts_are_native_and_drawn_from_the_series(book) -> None:
    charts = [chart for sheet in book.worksheets for chart in sheet._charts]
    assert len(charts) >= 3
    for chart in charts:
        assert all(one.val.numRef.f.startswith("Series!") for one in chart.series)


def test_the_sheet_of_numbers_is_the_whole_tidy_table(book, context) -> None:
    rows = list(book["Numbers"].iter_rows(values_only=True))
    assert rows[0] == tuple(context.numbers.frame.columns)
    assert len(rows) == context.numbers.frame.height + 1


def test_what_looks_like_a_formula_stays_text(finished, context) -> None:
    rows = tuple(Row(name, (Cell(name),)) for name in HOSTILE)
    table = Table("=T", "=U", (Column("=A"), Column("=B")), rows, ("=note",))
    terms = Terms("+x", tuple(Term(name, name) for name in HOSTILE))
    sheet = opened(workbook(with_blocks(finished, table, terms), context))["One"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    found = values(sheet)
    assert all(found.count(each) == 4 for each in HOSTILE)


def test_a_customers_names_cannot_become_formulas_anywhere() -> None:
    context = Company().with_(segments=[Segment(name) for name in HOSTILE[:4]]).context()
    for sheet in made(context).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_names_of_any_length_and_script_are_borne() -> None:
    context = Company().with_(segments=[Segment(name) for name in sorted(ODD)]).context()
    book = made(context)
    assert all(len(name) <= 255 for name in book.defined_names)
    assert len({name.lower() for name in book.defined_names}) == len(book.defined_names)


def test_titles_of_sheets_are_legal_and_no_two_alike(finished, context) -> None:
    names = ["History", "numbers", "Series", "a/b:c", "A B C", "'x'", "", "y" * 80, "y" * 81, "[]"]
    sections = tuple(
        Section(f"s{at}", name, "H", "", (Terms("T", ()),)) for at, name in enumerate(names)
    )
    titles = opened(workbook(replace(finished, sections=sections), context)).sheetnames
    assert len({title.lower() for title in titles}) == len(names) + 3
    for title in titles:
        assert 0 < len(title) <= 31
        assert not set(title) & set("[]:*?/\\")
        assert not title.startswith("'")
        assert title.lower() != "history"


def test_long_text_by_itself_is_wrapped_over_the_sheet(finished, context) -> None:
    prose = Prose("Ana", "notes/2026Q3.md", "<p/>", ("word " * 100, "Short."))
    sheet = opened(workbook(with_blocks(finished, prose), context))["One"]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("word"))
    assert any(str(each) == f"A{row}:H{row}" for each in sheet.merged_cells.ranges)
    assert sheet.row_dimensions[row].height >= 60
    assert sheet.cell(row, 1).alignment.wrap_text


def test_actions_and_findings_have_a_row_each(finished, context) -> None:
    action = ActionRow("Raise the price", "Ana", "15 Nov 2026", State.OVERDUE, "=later")
    found = values(
        opened(workbook(with_blocks(finished, Actions("Actions", "", (action,))), context))["One"]
    )
    assert found[-5:] == ["Raise the price", "Ana", "15 Nov 2026", "Overdue", "=later"]
    none = opened(workbook(with_blocks(finished, Findings("What moved", "", ())), context))["One"]
    assert values(none) == ["Headline", "What moved"]


def test_forty_groups_have_forty_rows() -> None:
    segments = [Segment(f"Segment {at:02}", 20 + at) for at in range(40)]
    book = made(Company().with_(segments=segments).context())
    sheet = next(sheet for sheet in book.worksheets if sheet.title == "By segment")
    names = [cell.value for cell in sheet["A"]]
    assert all(names.count(segment.name) >= 1 for segment in segments)


def test_a_company_of_one_month_and_no_seats_has_a_workbook() -> None:
    missing = dict.fromkeys(("paid_seats", "free_users", "users", "arpu", "arppu"), "no seats")
    context = Company().with_(history=1, missing=missing, segments=[Segment("One")]).context()
    book = made(context)
    assert named(book, "mrr_2026Q3") == near(context.numbers.one("mrr", "2026Q3").value)
    assert not [name for name in book.defined_names if name.startswith("arpu_2026Q3")]


def test_a_report_without_any_number_still_opens(finished, context) -> None:
    empty = replace(context, numbers=type(context.numbers)(context.numbers.frame.clear()))
    book = opened(workbook(with_blocks(finished, Terms("T", ())), empty))
    assert book.sheetnames == ["One", "Series", "Formulas", "Numbers"]
    assert not book["Series"]._charts
