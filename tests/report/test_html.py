"""The markup: escaped, well-formed, and without a customer's text in any style."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

from engine.brand import Brand
from engine.report.assets import TEMPLATES
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.markup import escaped, printable
from engine.report.pack import report

Invent = Callable[..., PackContext]
SVG = "{http://www.w3.org/2000/svg}"


def tree(markup: str) -> ET.Element:
    return ET.fromstring(markup)


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_movements_add_up_as_printed(markup: str) -> None:
    """Opening + movements = closing in every column, for money and for accounts."""
    section = _section(markup, "movements")
    table = section.find(".//table")
    assert table is not None
    rows = {}
    for row in table.iter("tr"):
        texts = [words(cell) for cell in row]
        rows.setdefault(texts[0], texts[2:])
    columns = list(zip(*[_numbers(rows[name]) for name in _MONEY], strict=True))
    assert len(columns) == 4
    for opening, *moves, closing in columns:
        assert opening + sum(moves) == closing
    opening, closing = _numbers(rows["Opening accounts"]), _numbers(rows["Closing accounts"])
    assert opening[1:] == closing[:-1]


_MONEY = (
    "Opening MRR",
    "New",
    "Reactivation",
    "Expansion",
    "Contraction",
    "Churn",
    "Currency",
    "Closing MRR",
)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text.replace(",", "").replace("−", "-")) for text in texts]


def _section(markup: str, anchor: str) -> ET.Element:
    for section in tree(markup).iter("section"):
        heading = section.find("h2")
        if heading is not None and heading.get("id") == anchor:
            return section
    raise AssertionError(anchor)


def test_definitions_stand_beside_the_averages(markup: str) -> None:
    text = words(_section(markup, "averages"))
    for formula in ("ARPU = MRR ÷ users", "ARPPU = MRR ÷ paid seats", "ARPA = MRR ÷ accounts"):
        assert formula in text


def test_headings_skip_no_level_and_every_drawing_has_a_title(markup: str) -> None:
    root = tree(markup)
    levels = [int(each.tag[1]) for each in root.iter() if re.fullmatch(r"h\d", str(each.tag))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for drawing in root.iter(f"{SVG}svg"):
        title = drawing.find(f"{SVG}title")
        assert title is not None
        assert title.text


def test_rows_are_never_ragged(markup: str) -> None:
    for table in tree(markup).iter("table"):
        widths = {
            sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr") if len(row)
        }
        assert len(widths) == 1


HOSTILE = (
    "<script>alert(1)</script>",
    "\"quotes' & </td></table> } { ; /*",
    "nul\x00 and \x1b and \u202eturned",
    "]]> {{ 7 * 7 }} {% raw %}",
    "   ",
    "&lt;b&gt;",
)


@pytest.fixture(scope="module")
def hostile(invent: Invent, company: object) -> str:
    first = company.segments[0]  # type: ignore[attr-defined]
    segments = [replace(first, name=name, accounts=20 + n) for n, name in enumerate(HOSTILE)]
    brand = Brand(name='<b>Evil & "Co"</b> }\x00', confidentiality="</style><script>")
    return html(report(invent(segments=segments, brand=brand)))


def test_hostile_names_are_text(hostile: str) -> None:
    """They come back from the parser as they were, less what XML cannot hold."""
    root = tree(hostile)
    assert not list(root.iter("script"))
    assert not list(root.iter("b"))
    text = words(root)
    assert "<script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert "&lt;b&gt;" in text
    assert "nul□ and □ and turned" in text
    assert "(blank)" in text


def test_no_text_of_a_customer_is_in_a_style(hostile: str) -> None:
    styles = [words(each) for each in tree(hostile).iter("style")]
    inline = [value for each in tree(hostile).iter() if (value := each.get("style"))]
    for name in (*HOSTILE[:4], "Evil"):
        assert not any(name.strip()[:8] in style for style in (*styles, *inline))


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    with pytest.raises(UndefinedError):
        environment.get_template("report.html.j2").render()


def test_printable_keeps_every_script_and_drops_what_turns_text() -> None:
    assert printable("שלום Привет 日本 🙂 é\u200f") == "שלום Привет 日本 🙂 é\u200f"
    assert printable("a\u202eb\u2066c\x07d\ud800") == "abc□d□"
    assert escaped("<a href='x'>\"&") == "&lt;a href=&#x27;x&#x27;&gt;&quot;&amp;"


def test_the_same_report_gives_the_same_markup(context: PackContext, markup: str) -> None:
    assert html(report(context)) == markup
