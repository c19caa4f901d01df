"""Names that lack room, cut so that a reader can still tell one from another."""

from collections import Counter
from collections.abc import Sequence

from engine.report.typeface import ELLIPSIS, RIGHT_TO_LEFT, Typeface


def told_apart(
    face: Typeface, names: Sequence[str], width: float, size: float, weight: int = 400
) -> tuple[str, ...]:
    """Each name, or as much of its beginning as fits before an ellipsis.

    Names that would then read alike are cut in their middle, and keep how they end.
    """
    cut = [face.fitted(name, width, size, weight) for name in names]
    counts = Counter(cut)
    return tuple(
        _ends(face, name, width, size, weight) if text != name and counts[text] > 1 else text
        for name, text in zip(names, cut, strict=True)
    )


def _ends(face: Typeface, name: str, width: float, size: float, weight: int) -> str:
    """The name's beginning and its end, of which the end takes at most half of the width."""
    at = len(name)
    while at > 1 and face.width(name[at - 1 :], size, weight) <= width / 2:
        at -= 1
    end = name[at:].lstrip()
    if (word := name.rpartition(" ")[2]) and len(word) < len(end):
        end = word
    begin = face.fitted(name, width - face.width(end, size, weight), size, weight)
    return f"{begin.removesuffix(RIGHT_TO_LEFT).removesuffix(ELLIPSIS)}{ELLIPSIS}{end}"
