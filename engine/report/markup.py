"""Text from a customer's data made safe to stand in XML, whatever it holds."""

import re
from html import escape

#: Control characters, lone surrogates and non-characters: XML has no way to write them.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

#: Marks that turn the direction of the text after them, beyond the name that brought them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

UNWRITABLE_MARK = "□"


def printable(text: str) -> str:
    """The text with a box for each character that cannot be written, and no turning marks."""
    return _UNWRITABLE.sub(UNWRITABLE_MARK, _TURNING.sub("", text))


def escaped(text: str) -> str:
    """Printable text for an XML text node or a quoted attribute."""
    return escape(printable(text), quote=True)
