"""How much of a page texts will take, so that what stands beside them can be fitted."""

from collections.abc import Iterable

from engine.report.look import Look

#: Measure, size, line and margin of a note, as the styles set them.
_WIDTH, _SIZE, _LINE, _MARGIN = 436.0, 7.0, 9.75, 4.0


def notes_height(look: Look, notes: Iterable[str]) -> float:
    """Height of the notes under a block, in points."""
    lines = [len(look.typeface.lines(each, _WIDTH * 0.97, _SIZE, most=20)) for each in notes]
    return sum(_MARGIN + _LINE * count for count in lines)
