"""Contents: what the pack found, chapter by chapter, and what it had to leave out."""

from collections.abc import Mapping, Sequence

from engine.report.blocks import HALF, Block, Term, Terms
from engine.report.charts.swatch import Mark, swatch
from engine.report.guide import Contents, Entry, Legend, Swatch
from engine.report.look import Look
from engine.report.material import Material
from engine.report.model import Section

_MARKS = {
    Mark.ACTUAL: "Actual figures",
    Mark.PREVIOUS: "Earlier periods",
    Mark.PLAN: "Plan",
    Mark.RUNNING: "A period that is still running",
    Mark.GOOD: "Better for the business",
    Mark.BAD: "Worse for the business",
}

#: Heights in points: a chapter's name and a line of its finding, the heading and the legend around
#: them, the heading of what is missing and one of it without its lines; the width of a finding.
_NAME, _LINE, _AROUND, _MISSING, _REASON = 13.4, 11.5, 112.0, 36.0, 17.5
_FINDING = 436.0

#: Air around a chapter, at least and at most.
_LEAST, _MOST = 1.0, 5.2


def section(
    material: Material, chapters: Sequence[Section], left_out: Mapping[str, str]
) -> Section:
    """The chapters with their findings and pages; why others are missing; how to read charts."""
    entries = tuple(Entry(each.anchor, each.name, each.headline) for each in chapters)
    blocks: list[Block] = [Contents(entries, _air(material, entries, left_out))]
    if left_out:
        blocks.append(Terms("Not in this pack", tuple(Term(*each) for each in left_out.items())))
    marks = (Swatch(name, swatch(mark, material.look, name)) for mark, name in _MARKS.items())
    blocks.append(Legend("How to read the charts", tuple(marks)))
    return Section("contents", "Contents", _headline(material), "", tuple(blocks))


def _air(material: Material, entries: Sequence[Entry], left_out: Mapping[str, str]) -> float:
    """As much as leaves all of it on one page, between what looks loose and what looks crowded."""
    look = material.look
    said = [_lines(look, each.headline, _FINDING, 8.0) for each in entries]
    reasons = [_lines(look, each, look.paper.measure * HALF, 7.5) for each in left_out.values()]
    needed = _AROUND + sum(_NAME + _LINE * lines for lines in said)
    if reasons:
        needed += _MISSING + sum(_REASON + 10.5 * lines for lines in sorted(reasons)[::-2])
    air = (look.paper.live_height - needed) / (2 * max(len(entries), 1))
    return max(_LEAST, min(round(air, 1), _MOST))


def _lines(look: Look, text: str, width: float, size: float) -> int:
    return len(look.typeface.lines(text, width * 0.97, size, most=9))


def _headline(material: Material) -> str:
    return f"{material.period.title} at a glance"
