"""What whoever sends a pack on should know about its pages first."""

from engine.report.context import PackContext
from engine.report.model import Report
from engine.report.sections import commentary

_SHOWN = 12


def cautions(context: PackContext, report: Report, markup: str) -> list[str]:
    """A sentence each; none for a pack that is as it should be."""
    return [*_unsaid(context, report), *_borrowed(report, markup)]


def _unsaid(context: PackContext, report: Report) -> list[str]:
    """That nobody has commented on the period yet, where the pack has a place for it."""
    words = context.commentary
    if words is None or words.now is not None or commentary.CHAPTER.name not in report.left_out:
        return []
    return [f"there is no {words.place}, so the pack is without people's own words"]


def _borrowed(report: Report, markup: str) -> list[str]:
    """That characters came from whatever font this machine has, if any did."""
    lacking = report.look.typeface.lacking(markup)
    if not lacking:
        return []
    shown = ", ".join(f"{each} (U+{ord(each):04X})" for each in lacking[:_SHOWN])
    more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
    what = f"the pack's fonts cannot set {shown}{more}, so this machine's own were used"
    todo = "put a font that can into the brand folder, and name its folder as `fallback`"
    return [f"{what}: {todo}"]
