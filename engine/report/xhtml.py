"""The document for WeasyPrint, read by expat: a hundred times faster than by its HTML parser.

The bytes of the PDF are the same (a test compares them). It also makes markup that is not
well-formed an error, so that nothing unescaped can slip through as a tag.
"""

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from typing import TYPE_CHECKING

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.html import UA

from engine.errors import EngineError
from engine.report.drawing import draw_own_charts
from engine.report.links import require_harmless

if TYPE_CHECKING:
    from engine.report.fetcher import AssetFetcher


#: Rules of WeasyPrint's own sheet on footnotes, of which no page of ours has any, and on ways to
#: count, which it keeps apart.
_UNUSED = re.compile(r"^(::(foot)?note-|@counter-style)[^\n]*\n", re.MULTILINE)


class _Document(HTML):
    """An HTML document whose tree is already there; sets what WeasyPrint 70 reads of one."""

    def __init__(self, tree: ET.Element, base_url: str, fetcher: "AssetFetcher") -> None:
        self.base_url = base_url
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002
        return [_first_sheet()]


@lru_cache(maxsize=1)
def _first_sheet() -> CSS:
    """WeasyPrint's sheet, under all others, without styles for parts that elements lack.

    It gives each element a marker and five kinds of footnote: six styles to work out beside its
    own. Only items of lists have a marker.
    """
    rules = _UNUSED.sub("", UA).replace("\n::marker ", "\nli::marker ")
    return CSS(string=rules)


def document(markup: str, base_url: str, fetcher: "AssetFetcher") -> HTML:
    """The markup ready to be laid out; markup that is not XML is an EngineError.

    So is a link that leads to a file or a script.
    """
    try:
        tree = ET.fromstring(markup)  # noqa: S314 - our own markup, with no entities declared
    except ET.ParseError as error:
        raise EngineError("markup", "a page is not well-formed", where=str(error)) from error
    require_harmless(tree)
    draw_own_charts()
    return _Document(tree, base_url, fetcher)
