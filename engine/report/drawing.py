"""How charts are drawn into the PDF: each text as one line, each shape by itself.

WeasyPrint draws the text of an SVG letter by letter, as there each letter may have a place and a
turn of its own, and makes a form of its own in the file of what is anchored at its middle or end.
Charts use neither. Drawn as a line their text is kerned, joins Arabic letters and runs from right
to left where its script does. Only drawings that stand in a page's own markup are drawn here,
which all come from `engine.report.charts.canvas`; a brand's logo remains WeasyPrint's.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false
# pyright: reportOptionalMemberAccess=false
# WeasyPrint has no types, and what can be guessed of them is wrong.

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw.text import draw_emojis, draw_first_line
from weasyprint.html import HTML_HANDLERS, make_replaced_box
from weasyprint.matrix import Matrix
from weasyprint.svg.text import Style, TextBox
from weasyprint.svg.utils import color
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout, line_size

from engine.errors import EngineError
from engine.report.outlines import traced

if TYPE_CHECKING:
    from functools import partial

    from weasyprint.formatting_structure.boxes import Box, ReplacedBox
    from weasyprint.pdf.stream import Stream
    from weasyprint.text.fonts import FontConfiguration

_SVG: Final = "{http://www.w3.org/2000/svg}"

_DRAWN: Final = frozenset(f"{_SVG}{each}" for each in ("text", "rect", "circle", "path", "title"))

#: Curves that make a circle of radius 1 (https://spencermortensen.com/articles/bezier-circle/).
_ROUND: Final = 0.5519

#: PDF 32000-1, tables 54 and 55.
_CAPS: Final[Mapping[str, int]] = {"butt": 0, "round": 1}
_JOINS: Final[Mapping[str, int]] = {"miter": 0, "round": 1}

#: Where a text starts, as parts of its width before its place.
_ANCHORS: Final[Mapping[str, float]] = {"start": 0.0, "middle": 0.5, "end": 1.0}


def draw_own_charts() -> None:
    """Have WeasyPrint draw the SVGs of a page's markup as here; more than once does no harm."""
    HTML_HANDLERS[f"{_SVG}svg"] = _boxes


def _boxes(
    element: ET.Element, box: "Box", get_image: "partial[object]", _base_url: str
) -> "list[ReplacedBox]":
    font_config = get_image.keywords["context"].font_config
    return [make_replaced_box(element, box, Drawing(element, font_config))]


class Drawing:
    """An SVG of rectangles, circles, paths and texts, as WeasyPrint places an image."""

    def __init__(self, element: ET.Element, fonts: "FontConfiguration") -> None:
        """The drawing; its view box starts at zero.

        Raises:
            EngineError: It holds what no chart does: a picture from elsewhere, a link, a style.
        """
        if "viewBox" not in element.attrib or any(each.tag not in _DRAWN for each in element):
            held = dict.fromkeys(each.tag.removeprefix(_SVG) for each in element)
            where = ", ".join(held)
            raise EngineError("drawing", "a page holds a drawing that is no chart", where=where)
        self._element = element
        self._fonts = fonts
        *_, self._width, self._height = map(float, element.attrib["viewBox"].split())

    def get_intrinsic_size(
        self, _image_resolution: float, _font_size: float
    ) -> tuple[float, float, float]:
        """Width, height and their ratio, which it keeps in any other size."""
        width, height = (float(self._element.attrib[name]) for name in ("width", "height"))
        return width, height, self._width / self._height

    def draw(self, stream: "Stream", width: float, height: float, _style: object) -> None:
        """Draw it in the middle of a field of that size, as large as it fits."""
        scale = min(width / self._width, height / self._height)
        left, top = (width - self._width * scale) / 2, (height - self._height * scale) / 2
        stream.transform(a=scale, d=scale, e=left, f=top)
        for each in self._element:
            match each.tag.removeprefix(_SVG):
                case "text":
                    self._text(stream, each)
                case "rect" | "circle" | "path" as shape:
                    _shape(stream, shape, each.attrib)
                case _:
                    pass  # the title, which is read out and not seen

    def _text(self, stream: "Stream", element: ET.Element) -> None:
        attributes = element.attrib
        style = self._style(attributes)
        layout = Layout(style)
        layout.set_text(element.text or "")
        line, _ = layout.get_first_line()
        width, _ = line_size(line, style)
        x = float(attributes["x"]) - width * _ANCHORS[attributes.get("text-anchor", "start")]
        y = float(attributes["y"])
        box = TextBox(layout, style)
        box.baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        stream.set_color(_colour(attributes["fill"]))
        stream.begin_text()
        emojis = draw_first_line(stream, box, "none", "none", Matrix(d=-1, e=x, f=y))
        stream.end_text()
        draw_emojis(stream, style, x, y, emojis)

    def _style(self, attributes: Mapping[str, str]) -> Style:
        families = attributes.get("font-family") or self._element.attrib["font-family"]
        style = Style(INITIAL_VALUES)
        style.font_config = self._fonts
        style["font_family"] = families.split(", ")
        style["font_size"] = float(attributes["font-size"])
        style["font_weight"] = int(attributes.get("font-weight", 400))
        return style


def _shape(stream: "Stream", shape: str, attributes: Mapping[str, str]) -> None:
    fill, stroke = (_paint(attributes.get(each, "none")) for each in ("fill", "stroke"))
    if fill:
        stream.set_color(fill)
    if stroke:
        _pen(stream, attributes)
        stream.set_color(stroke, stroke=True)
    match shape:
        case "rect":
            stream.rectangle(*(float(attributes[each]) for each in ("x", "y", "width", "height")))
        case "circle":
            _circle(stream, *(float(attributes[each]) for each in ("cx", "cy", "r")))
        case _:
            traced(stream, attributes["d"])
    if fill and stroke:
        stream.fill_and_stroke()
    elif fill:
        stream.fill()
    else:
        stream.stroke()


def _pen(stream: "Stream", attributes: Mapping[str, str]) -> None:
    stream.set_line_width(float(attributes["stroke-width"]))
    stream.set_dash(_dashes(attributes.get("stroke-dasharray", "")), 0)
    stream.set_line_cap(_CAPS[attributes.get("stroke-linecap", "butt")])
    stream.set_line_join(_JOINS[attributes.get("stroke-linejoin", "miter")])


def _circle(stream: "Stream", x: float, y: float, radius: float) -> None:
    far = radius * _ROUND
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + far, x + far, y + radius, x, y + radius)
    stream.curve_to(x - far, y + radius, x - radius, y + far, x - radius, y)
    stream.curve_to(x - radius, y - far, x - far, y - radius, x, y - radius)
    stream.curve_to(x + far, y - radius, x + radius, y - far, x + radius, y)
    stream.close()


def _paint(value: str) -> object:
    return None if value == "none" else _colour(value)


@lru_cache(maxsize=256)
def _colour(value: str) -> object:
    return color(value)


@lru_cache(maxsize=16)
def _dashes(value: str) -> tuple[float, ...]:
    return tuple(float(each) for each in re.split(r"[ ,]+", value) if each)
