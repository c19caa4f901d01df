"""How cells of the workbook look: number formats by unit, and a style for each kind of line."""

from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from engine.metrics.model import Unit
from engine.report.formats import TIMES
from engine.report.palette import Palette
from engine.report.workbook.lines import Kind

_BY_UNIT: Mapping[Unit, str] = {
    Unit.MONEY: "#,##0.00",
    Unit.MONEY_PER_MONTH: "#,##0.00",
    Unit.MONEY_PER_YEAR: "#,##0.00",
    Unit.COUNT: "#,##0",
    Unit.RATIO: "0.0%",
    Unit.RATIO_PER_MONTH: "0.00%",
    Unit.MONTHS: "0.0",
    Unit.DAYS: "0.0",
}

#: Of changes: with their sign, as shares.
CHANGE = "+0.0%;-0.0%;0.0%"


def number_format(metric: str, unit: Unit) -> str:
    """The format of a metric's value."""
    return "#,##0.00" if metric in TIMES else _BY_UNIT[unit]


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook, palette: Palette) -> None:
        """Takes the workbook that they are for."""
        self._book, self._palette = book, palette
        self._made: dict[tuple[Kind, str, bool], Format] = {}

    def of(self, kind: Kind, number: str = "", *, is_wrapped: bool = False) -> Format:
        """The format of a cell in such a line, with a number in that format or with text."""
        key = (kind, number, is_wrapped)
        if key not in self._made:
            wrap = {"text_wrap": True} if is_wrapped and kind is not Kind.TITLE else {}
            top = {"valign": "top"} if kind is not Kind.HEAD else {}
            self._made[key] = self._book.add_format(self._properties(kind, number) | wrap | top)
        return self._made[key]

    def headline(self) -> Format:
        """The format of a sheet's first line."""
        return self._book.add_format(
            {"bold": True, "font_size": 15, "font_color": self._palette.heading}
        )

    def _properties(self, kind: Kind, number: str) -> dict[str, object]:
        found: dict[str, object] = {"num_format": number} if number else {}
        muted = {"font_color": self._palette.muted}
        match kind:
            case Kind.TITLE:
                return found | {"bold": True, "font_size": 12, "font_color": self._palette.heading}
            case Kind.HEAD:
                return found | muted | {"bold": True, "bottom": 1, "text_wrap": True}
            case Kind.TOTAL:
                return found | {"bold": True, "top": 1}
            case Kind.ABOUT | Kind.NOTE:
                return found | muted | {"italic": kind is Kind.NOTE}
            case Kind.ROW:
                return found
