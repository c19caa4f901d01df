"""Contents: what the pack found, chapter by chapter, and what it had to leave out."""

from collections.abc import Mapping, Sequence

from engine.report.blocks import Block, Contents, Entry, Legend, Swatch, Term, Terms
from engine.report.charts.swatch import Mark, swatch
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


def section(
    material: Material, chapters: Sequence[Section], left_out: Mapping[str, str]
) -> Section:
    """The chapters with their findings and pages; why others are missing; how to read charts."""
    entries = tuple(Entry(each.anchor, each.name, each.headline) for each in chapters)
    blocks: list[Block] = [Contents(entries)]
    if left_out:
        blocks.append(Terms("Not in this pack", tuple(Term(*each) for each in left_out.items())))
    marks = (Swatch(name, swatch(mark, material.look, name)) for mark, name in _MARKS.items())
    blocks.append(Legend("How to read the charts", tuple(marks)))
    return Section("contents", "Contents", _headline(material), "", tuple(blocks))


def _headline(material: Material) -> str:
    return f"{material.period.title} at a glance"
