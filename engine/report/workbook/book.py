"""The workbook's bytes: chapters, series, definitions and the whole table of numbers."""

import io
from collections.abc import Sequence
from datetime import datetime

import polars as pl
from xlsxwriter.workbook import Workbook

from engine.report.context import PackContext
from engine.report.model import Report
from engine.report.phrases import spelled
from engine.report.span import Span, labels
from engine.report.workbook.lines import FORMULAS, Kind
from engine.report.workbook.names import Names
from engine.report.workbook.series import CHARTS, TITLE, Series
from engine.report.workbook.sheet import Sheet, text
from engine.report.workbook.styles import Styles

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDEST = 28

#: A worksheet has so many rows; what is beyond lies in ``metrics.parquet``.
_ROWS = 1_048_000


def workbook(report: Report, context: PackContext) -> bytes:
    """The same bytes for the same report: dates are the snapshot's, and no clock is read."""
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.combine(context.as_of, datetime.min.time())
    book.set_properties({"title": report.title, "author": report.company, "created": made})
    styles, names = Styles(book, report.look.palette), Names()
    sheets = _chapters(report, book, styles, names)
    series = Series(book, context.numbers, styles)
    span = Span(context.period)
    titles = {name: each.title for name, each in context.definitions.items()}
    series.write(labels(span.history), labels(span.months), titles)
    for anchor, sheet in sheets.items():
        chart = series.chart(CHARTS[anchor], report.look) if anchor in CHARTS else None
        if chart is not None:
            sheet.worksheet.insert_chart(sheet.row + 1, 0, chart)
    _definitions(book, styles, context)
    _numbers(book, styles, context.numbers.frame)
    book.close()
    return content.getvalue()


def _chapters(report: Report, book: Workbook, styles: Styles, names: Names) -> dict[str, Sheet]:
    """A sheet for each chapter that has something to count; the contents are the tabs."""
    taken = [TITLE, FORMULAS, "Numbers"]
    sheets: dict[str, Sheet] = {}
    for section in report.sections:
        if section.anchor == "contents":
            continue
        title = _title(section.name, taken)
        taken.append(title)
        sheets[section.anchor] = Sheet(book, title, styles, names)
        sheets[section.anchor].write(section)
    return sheets


def _title(name: str, taken: Sequence[str]) -> str:
    """A sheet's title: short, without what none may hold, and no other's."""
    plain = " ".join(text(name).translate(_FORBIDDEN).split()).strip("'")[:_WIDEST] or "Chapter"
    lower = {each.lower() for each in (*taken, "history")}
    found, at = plain, 2
    while found.lower() in lower:
        found, at = f"{plain} {at}", at + 1
    return found


def _definitions(book: Workbook, styles: Styles, context: PackContext) -> None:
    """Every metric with its formula and words."""
    sheet = book.add_worksheet(FORMULAS)
    heads = ("Id", "Metric", "Formula", "Unit", "Meaning", "Watch out", "Source")
    rows = [
        (
            name,
            each.title,
            spelled(each.formula),
            each.unit.value,
            each.meaning,
            " ".join(each.watch_outs),
            each.source,
        )
        for name, each in context.definitions.items()
    ]
    for at, row in enumerate((heads, *rows)):
        for column, words in enumerate(row):
            kind = Kind.ROW if at else Kind.HEAD
            sheet.write_string(at, column, text(words), styles.of(kind))
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 6, 48)
    sheet.freeze_panes(1, 1)


def _numbers(book: Workbook, styles: Styles, frame: pl.DataFrame) -> None:
    """The tidy long table, with a filter on every column."""
    sheet = book.add_worksheet("Numbers")
    shown = frame.head(_ROWS)
    for column, name in enumerate(shown.columns):
        sheet.write_string(0, column, name, styles.of(Kind.HEAD))
        for at, value in enumerate(shown[name], start=1):
            if isinstance(value, str):
                sheet.write_string(at, column, text(value))
            elif value is not None:
                sheet.write_number(at, column, value)
    sheet.autofilter(0, 0, shown.height, shown.width - 1)
    sheet.set_column(0, 3, 22)
    sheet.set_column(4, shown.width - 1, 14)
    sheet.freeze_panes(1, 0)
