"""The metrics month by month and period by period, and native charts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from xlsxwriter.chart import Chart as Native
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.metrics.numbers import Numbers
from engine.report.look import Look
from engine.report.workbook.lines import Kind
from engine.report.workbook.styles import Styles, number_format

TITLE = "Series"


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of some metrics.

    Attributes:
        kind: As XlsxWriter names it, with its subtype.
        is_monthly: Over months, not periods.
    """

    title: str
    kind: Mapping[str, str]
    metrics: tuple[str, ...]
    is_monthly: bool = False


#: Charts by the chapter that they stand in.
CHARTS: Mapping[str, Chart] = {
    "summary": Chart("Monthly recurring revenue", {"type": "column"}, ("mrr",)),
    "averages": Chart("ARPU and ARPPU", {"type": "line"}, ("arpu", "arppu"), is_monthly=True),
    "movements": Chart(
        "MRR movements",
        {"type": "column", "subtype": "stacked"},
        ("mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_contraction", "mrr_churn"),
    ),
    "retention": Chart("NRR and GRR", {"type": "line"}, ("nrr", "grr")),
    "economics": Chart("LTV / CAC", {"type": "line"}, ("ltv_cac",)),
    "revenue": Chart(
        "Recognised revenue",
        {"type": "column", "subtype": "stacked"},
        ("recurring_revenue", "usage_revenue", "one_time_revenue"),
    ),
}


class Series:
    """A sheet with a row a metric and a column a month, and the same by period."""

    def __init__(self, book: Workbook, numbers: Numbers, styles: Styles) -> None:
        """Takes the numbers; the sheet is added by ``write``."""
        self._book, self._numbers, self._styles = book, numbers, styles
        self._rows: dict[tuple[str, bool], int] = {}
        self._counts: dict[bool, int] = {}
        self._heads: dict[bool, int] = {}

    def write(
        self, periods: Sequence[str], months: Sequence[str], titles: Mapping[str, str]
    ) -> None:
        """Both tables, without metrics that have no value in any column."""
        sheet = self._book.add_worksheet(TITLE)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 40, 13)
        row = 0
        for is_monthly, labels in ((False, periods), (True, months)):
            row = self._table(sheet, row, labels, titles, is_monthly=is_monthly) + 1
        sheet.freeze_panes(1, 1)

    def chart(self, chart: Chart, look: Look) -> Native | None:
        """The chart, ready to be inserted; None where none of its metrics has values."""
        found = [name for name in chart.metrics if (name, chart.is_monthly) in self._rows]
        if not found:
            return None
        palette = look.palette
        colours = (palette.actual, palette.line, palette.previous, palette.bad, palette.accent)
        drawn = cast("Native", self._book.add_chart(dict(chart.kind)))
        head, last = self._heads[chart.is_monthly], self._counts[chart.is_monthly]
        for name, colour in zip(found, colours, strict=False):
            row = self._rows[name, chart.is_monthly]
            style = "line" if chart.kind["type"] == "line" else "fill"
            drawn.add_series(
                {
                    "name": [TITLE, row, 0],
                    "categories": [TITLE, head, 1, head, last],
                    "values": [TITLE, row, 1, row, last],
                    style: {"color": colour},
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
        drawn.set_size({"width": 640, "height": 300})
        drawn.set_legend({"none": True} if len(found) == 1 else {"position": "bottom"})
        return drawn

    def _table(
        self,
        sheet: Worksheet,
        row: int,
        labels: Sequence[str],
        titles: Mapping[str, str],
        *,
        is_monthly: bool,
    ) -> int:
        self._heads[is_monthly], self._counts[is_monthly] = row, len(labels)
        for column, words in enumerate(("By month" if is_monthly else "By period", *labels)):
            sheet.write_string(row, column, words, self._styles.of(Kind.HEAD))
        for metric, title in titles.items():
            numbers = [self._numbers.find(metric, label) for label in labels]
            if all(number is None or number.value is None for number in numbers):
                continue
            row += 1
            self._rows[metric, is_monthly] = row
            sheet.write_string(row, 0, title)
            for column, number in enumerate(numbers, start=1):
                if number is not None and number.value is not None:
                    form = self._styles.of(Kind.ROW, number_format(metric, number.unit))
                    sheet.write_number(row, column, number.value, form)
        return row + 1
