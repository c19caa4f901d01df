"""Glossary: the terms of the field that this pack uses, a line each."""

from engine.report.blocks import Term, Terms
from engine.report.chapter import Chapter, nothing
from engine.report.field_terms import FIELD_TERMS
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import spelled

#: From so many terms on three columns fill a page better than two.
_MANY = 26


def section(material: Material) -> Section:
    """Those whose numbers are in the pack, in the order of the alphabet."""
    frame = material.context.numbers.frame
    metrics = set(frame["metric"])
    dimensions = {name for by in frame["by"].unique() for name in by.split(",")}
    used = [each for each in FIELD_TERMS if each.is_used(metrics, dimensions)]
    terms = tuple(
        Term(each.name, spelled(each.line))
        for each in sorted(used, key=lambda each: each.name.casefold())
    )
    columns = 3 if len(terms) >= _MANY else 2
    blocks = (Terms("Terms from A to Z", terms, columns),)
    return Section("glossary", "Glossary", "What the words of these pages mean", "", blocks)


CHAPTER = Chapter("glossary", "Glossary", nothing, section)
