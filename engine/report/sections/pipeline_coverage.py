"""The open pipeline against the target that it is there to meet, and what of it can meet it."""

from engine.report.benchmarks import COVERAGE
from engine.report.blocks import Figure
from engine.report.charts.coverage import Goal, Part, coverage
from engine.report.material import Group, Material
from engine.report.phrases import listed
from engine.report.sections.sellers import PEOPLE, kinds, people

NEW: Group = {"kind": "new"}


def new_coverage(material: Material) -> float | None:
    """How often the open new business alone covers the target; None where all of it is that."""
    whole, new = material.number("pipeline_coverage"), material.value("pipeline_open", None, NEW)
    if new is None or not whole.denominator or new == whole.numerator:
        return None
    return new / whole.denominator


def figure(material: Material) -> Figure:
    """The open pipeline in its kinds over the target, outlined as plans are."""
    words, number = material.words, material.number("pipeline_coverage")
    whole = material.value("pipeline_open") or 0.0
    target = number.denominator if number.value is not None else None
    scale = words.scale([whole, target], most=5)
    found = kinds(material)
    values = [
        (each.name, material.value("pipeline_open", None, each.group) or 0.0) for each in found
    ]
    values = [each for each in values if each[1] > 0] or [("Open pipeline", whole)]
    parts = [Part(f"{name} {words.scaled(value, scale)}", value) for name, value in values]
    total = words.scaled(whole, scale)
    goal = None
    if target and target > 0:
        goal = Goal(f"Target of new ARR {words.scaled(target, scale)}", target, COVERAGE)
    ahead = material.period.before(-1).title
    told = [f"open {total} ({', '.join(part.name for part in parts)})"]
    told += [f"{goal.text}, covered {words.number(number.value or 0.0, 1)} times"] if goal else []
    svg = coverage(
        parts,
        total,
        goal,
        material.look,
        title=f"Open pipeline for {ahead} in {scale.unit}: {listed(told)}.",
        width=material.look.paper.measure,
    )
    state = f"open on {words.day(material.period.last_day)}, expected to close in {ahead}"
    return Figure(f"Open pipeline for {ahead}", f"{scale.unit}, {state}", svg, _warnings(material))


def _warnings(material: Material) -> tuple[str, ...]:
    """That renewals do not meet a target of new ARR; why there is no coverage."""
    number = material.number("pipeline_coverage")
    if number.value is None:
        return (f"No coverage: {number.reason}.",)
    alone = new_coverage(material)
    if alone is None:
        return _uncovered(material)
    text = (
        "Coverage counts all that is open. Renewals and expansions win no account, so the target "
        f"of new ARR rests on the new business, {material.words.number(alone, 1)} times. Readers "
        f"look for {COVERAGE:.0f}; below once, what is open cannot meet it."
    )
    return (text, *_uncovered(material))


def _uncovered(material: Material) -> tuple[str, ...]:
    """Of what the targets do not tell, so that there is coverage in total alone."""
    found = {"kind": kinds(material)} | {each: people(material, each) for each in PEOPLE}
    lacking = [
        name
        for name, groups in found.items()
        if groups
        and all(material.value("pipeline_coverage", None, each.group) is None for each in groups)
    ]
    return (f"Targets are not set by {listed(lacking, 'or')}.",) if lacking else ()
