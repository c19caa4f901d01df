"""A chapter that a pack may hold: what it asks of the engine, and what it makes of the answers."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.metrics.asks import Ask
from engine.report.material import Material
from engine.report.model import Section
from engine.report.span import Span


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter; its module under ``sections`` holds it as ``CHAPTER``.

    Attributes:
        key: What a workspace calls it in ``sections``.
        name: What contents and running heads call it; ``{dimension}`` is filled in.
        asks: What it looks up, for a span of periods and a dimension to cut by.
        section: The pages; or why there are none, which the pack says; or None, unsaid.
        is_cut: Made once for each of the pack's dimensions.
        takes_cuts: Made once, of what is looked up for every one of them.
    """

    key: str
    name: str
    asks: Callable[[Span, str], tuple[Ask, ...]]
    section: Callable[[Material], Section | str | None]
    is_cut: bool = False
    takes_cuts: bool = False


def nothing(_span: Span, _dimension: str) -> tuple[Ask, ...]:
    """No asks: the chapter is made of what others look up, or of none of the numbers."""
    return ()
