"""Pages as they are laid out: nothing overflows, no page is nearly empty, at the extremes too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from weasyprint.formatting_structure import boxes

from engine.report.assets import BASE, roots
from engine.report.context import PackContext
from engine.report.fetcher import AssetFetcher
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.xhtml import document

Invent = Callable[..., PackContext]
TOTAL = Row("Total", (Cell("9"),), RowKind.TOTAL)
CASES = ("usual", "forty groups", "huge", "negative", "long and foreign names", "five months")


def case(name: str, invent: Invent, company: object) -> PackContext:
    first = company.segments[0]  # type: ignore[attr-defined]
    if name == "forty groups":
        many = [replace(first, name=f"Segment {n:02}", accounts=5 + n) for n in range(40)]
        return invent(segments=many)
    if name == "long and foreign names":
        names = ("شركة الاتصالات السعودية للتقنية", "株式会社日本テクノロジー東京本社" * 2)
        names += ("A name of sixty characters, no more and certainly no less ok",)
        names += ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter",)
        return invent(segments=[replace(first, name=each) for each in names])
    changes: dict[str, dict[str, object]] = {
        "huge": {"factor": 1e7},
        "negative": {"factor": -1.0},
        "five months": {"history": 5},
    }
    return invent(**changes.get(name, {}))


@dataclass(frozen=True)
class Page:
    number: int
    fill: float
    outside: list[str]
    overflowing: list[str]
    chapter: str = ""


Box = boxes.Box


def walk(box: Box, above: tuple[Box, ...] = ()) -> Iterator[tuple[Box, tuple[Box, ...]]]:
    yield box, above
    for child in getattr(box, "children", ()) or ():
        yield from walk(child, (*above, box))


def sheets(markup: str) -> list[Box]:
    """The pages as they are laid out."""
    return [page._page_box for page in rendered(markup)]


def rendered(markup: str) -> list:
    made = document(markup, f"{BASE}templates/", AssetFetcher(roots(None)))
    return made.render(pdf_variant="pdf/ua-1").pages


def laid_out(context: PackContext) -> list[Page]:
    pages = rendered(html(report(context)))
    return [
        replace(look_at(number, page._page_box), chapter=first_chapter(page.bookmarks))
        for number, page in enumerate(pages, 1)
    ]


def first_chapter(bookmarks: list[tuple]) -> str:
    """Name of the chapter that starts on the page; empty where none does."""
    return next((label for level, label, *_ in bookmarks if level == 1), "")


def look_at(number: int, sheet: Box) -> Page:
    left, top = sheet.margin_left, sheet.margin_top
    right, bottom = left + sheet.width, top + sheet.height
    lowest, outside, overflowing = top, [], []
    for box, above in walk(sheet):
        if not isinstance(box, boxes.TextBox) or not box.text.strip():
            continue
        if any(isinstance(each, boxes.MarginBox) for each in above):
            continue
        lowest = max(lowest, box.position_y + box.height)
        if any(each.style["overflow"] == "hidden" for each in above):
            continue
        end = box.position_x + box.width
        if box.position_x < left - 1 or end > right + 1 or box.position_y + box.height > bottom + 1:
            outside.append(box.text)
        cell = next(
            (each for each in reversed(above) if isinstance(each, boxes.TableCellBox)), None
        )
        if cell and not within(box, cell):
            overflowing.append(box.text)
    return Page(number, (lowest - top) / sheet.height, outside, overflowing)


def within(box: Box, cell: Box) -> bool:
    start, end = cell.position_x - 0.7, cell.position_x + cell.margin_width() + 0.7
    return start <= box.position_x and box.position_x + box.width <= end


@pytest.mark.parametrize("name", CASES)
def test_pages_are_whole(name: str, invent: Invent, company: object) -> None:
    """No text leaves its page or its cell; a page is at least a fifth full."""
    for page in laid_out(case(name, invent, company))[1:]:
        assert not page.outside, page.number
        assert not page.overflowing, page.number
        assert page.fill > 0.2, page.number


@pytest.mark.parametrize("count", range(43, 46))
def test_a_row_and_its_total_take_another_with_them_to_the_next_page(
    count: int, context: PackContext
) -> None:
    rows = (*(Row(f"Group {at}", (Cell("1"),)) for at in range(count)), TOTAL)
    table = Table("All of them", "", (Column("Group", is_text=True), Column("MRR")), rows)
    section = Section("all", "All", "All of them", "", (replace(table, is_close=True),))
    whole = report(context)
    pages = sheets(html(replace(whole, sections=(whole.sections[0], section))))
    last = [box.text for box, _ in walk(pages[-1]) if isinstance(box, boxes.TextBox)]
    rows_there = [text for text in last if text.startswith("Group ")]
    assert "Total" in last
    assert len(rows_there) != 1
