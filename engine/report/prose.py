"""People's own words on a page, apart from what is told from the numbers."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Prose:
    """Somebody's words.

    Attributes:
        author: As the file says; may be empty.
        source: The file.
        markup: Well-formed XHTML with every text in it escaped; headings are h3 and h4.
        words: The same as plain lines.
    """

    part: ClassVar[str] = "prose"
    author: str
    source: str
    markup: str
    words: tuple[str, ...]
