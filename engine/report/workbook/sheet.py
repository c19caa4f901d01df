"""One chapter on one sheet, from the top down."""

from collections.abc import Iterator, Sequence
from math import ceil

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.metrics.model import Number
from engine.report.markup import printable
from engine.report.model import Section
from engine.report.table import Cell
from engine.report.workbook.lines import Field, Kind, Line, lines
from engine.report.workbook.names import Names
from engine.report.workbook.styles import CHANGE, Styles, number_format

#: Width of the column of names, and of all others, in characters.
_FIRST, _OTHERS = 34, 15
_FROZEN = 3

#: A text by itself is set over so many columns, so many characters a line, lines so high.
_OVER, _ACROSS, _LINE = 7, 125, 15.0

#: The most that a cell of a workbook holds.
LONGEST = 32_767


class Sheet:
    """Writes a chapter, and gives every figure in it that has none a name."""

    def __init__(self, book: Workbook, title: str, styles: Styles, names: Names) -> None:
        """Adds the sheet to the workbook."""
        self._book, self._styles, self._names = book, styles, names
        self.worksheet: Worksheet = book.add_worksheet(title)
        self._title = title.replace("'", "''")
        self.row = 0
        self.worksheet.hide_gridlines(2)
        self.worksheet.set_column(0, 0, _FIRST)
        self.worksheet.set_column(1, 40, _OTHERS)
        self.worksheet.set_landscape()
        self.worksheet.fit_to_pages(1, 0)

    def write(self, section: Section) -> None:
        """The headline, the lead and every block."""
        self.worksheet.write_string(0, 0, text(section.headline), self._styles.headline())
        self.row = 1
        if section.lead:
            self._passage(Kind.ABOUT, section.lead)
        self.worksheet.freeze_panes(_FROZEN, 1)
        self.row = _FROZEN
        for line in _spaced(section):
            self._line(line)
            self.row += 1

    def _line(self, line: Line) -> None:
        match line.fields:
            case (str() as words,) if len(words) > _FIRST:
                self._passage(line.kind, words)
            case fields:
                for column, field in enumerate(fields):
                    self._write(line.kind, column, field)

    def _passage(self, kind: Kind, words: str) -> None:
        """Text by itself, wrapped over as many lines as it takes instead of running off."""
        form = self._styles.of(kind, is_wrapped=True)
        self.worksheet.merge_range(self.row, 0, self.row, _OVER, "", form)
        self.worksheet.write_string(self.row, 0, text(words), form)
        needed = sum(max(1, ceil(len(each) / _ACROSS)) for each in words.split("\n"))
        if needed > 1:
            self.worksheet.set_row(self.row, _LINE * min(needed, 27))

    def _write(self, kind: Kind, column: int, field: Field) -> None:
        """A number where there is one behind the text; text is never taken for a formula."""
        if isinstance(field, Cell) and (value := field.shown) is not None:
            form = _form(field)
            self.worksheet.write_number(self.row, column, value, self._styles.of(kind, form))
            if field.number and field.value is None:
                self._name(field.number, column)
        else:
            words = field.text if isinstance(field, Cell) else field
            form = self._styles.of(kind, is_wrapped=column == 0)
            self.worksheet.write_string(self.row, column, text(words), form)

    def _name(self, number: Number, column: int) -> None:
        if name := self._names.fresh(number):
            place = xl_rowcol_to_cell(self.row, column, row_abs=True, col_abs=True)
            self._book.define_name(name, f"='{self._title}'!{place}")


def text(words: str) -> str:
    """The words without what a workbook cannot hold, as long as a cell may be."""
    return printable(words)[:LONGEST]


def _form(cell: Cell) -> str:
    return number_format(cell.number.metric, cell.number.unit) if cell.number else CHANGE


def _spaced(section: Section) -> Iterator[Line]:
    """The lines of all blocks with an empty one between blocks."""
    for block in section.blocks:
        found: Sequence[Line] = tuple(lines(block))
        if found:
            yield from found
            yield Line(Kind.ROW, ())
