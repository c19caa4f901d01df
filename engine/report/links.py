"""Where a page may lead: within itself, to the web, to a mailbox; to no file and no script."""

import re
import xml.etree.ElementTree as ET

from engine.errors import EngineError

_LEADING = frozenset({"a", "area", "use"})
_HARMLESS = re.compile(r"#|https?://|mailto:", re.ASCII)


def require_harmless(tree: ET.Element) -> None:
    """Nothing, where every link does; EngineError with the first that does not."""
    for element in tree.iter():
        if _local(element.tag) in _LEADING:
            for name, target in element.attrib.items():
                if _local(name) == "href" and not _HARMLESS.match(target):
                    raise EngineError(
                        "asset-blocked",
                        "a page leads to something other than a page or a mailbox",
                        where=repr(target[:120]),
                    )


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2].lower()
