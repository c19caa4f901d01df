"""The document for WeasyPrint, read by expat: a hundred times faster than by its HTML parser.

The bytes of the PDF are the same (a test compares them). It also makes markup that is not
well-formed an error, so that nothing unescaped can slip through as a tag.
"""

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from cssselect2 import ElementWrapper
from weasyprint import HTML

from engine.errors import EngineError
from engine.report.links import require_harmless

if TYPE_CHECKING:
    from engine.report.fetcher import AssetFetcher


class _Document(HTML):
    """An HTML document whose tree is already there; sets what WeasyPrint 70 reads of one."""

    def __init__(self, tree: ET.Element, base_url: str, fetcher: "AssetFetcher") -> None:
        self.base_url = base_url
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def document(markup: str, base_url: str, fetcher: "AssetFetcher") -> HTML:
    """The markup ready to be laid out; markup that is not XML is an EngineError.

    So is a link that leads to a file or a script.
    """
    try:
        tree = ET.fromstring(markup)  # noqa: S314 - our own markup, with no entities declared
    except ET.ParseError as error:
        raise EngineError("markup", "a page is not well-formed", where=str(error)) from error
    require_harmless(tree)
    return _Document(tree, base_url, fetcher)
