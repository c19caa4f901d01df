"""The scorecard: plan, actual, variance and what was before, with a standing for each metric."""

from collections.abc import Mapping
from dataclasses import replace

from engine.metrics.asks import Ask, PlanRequest
from engine.metrics.model import Basis
from engine.metrics.numbers import Request
from engine.metrics.standard import Standing
from engine.report.chapter import Chapter
from engine.report.judged import is_running, judged
from engine.report.material import Material
from engine.report.measures import COUNTS, JUDGED, MOVES, STATES
from engine.report.model import Section
from engine.report.phrases import listed, plural
from engine.report.planned import against_plan, is_met, plan_value, planned, planned_metrics
from engine.report.room import notes_height
from engine.report.sections.scoreboard import FAMILIES, name_of, scoreboard
from engine.report.span import Span, labels

_PLANNED = "Also planned"

#: Height in points of what stands around the rows.
_AROUND = 116.0

#: A part of the page that a board should at least take; one that does not is set with more air.
_LITTLE = 0.78


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Every metric of the scorecard for the periods compared, and the period's plan."""
    names = tuple(name for family in FAMILIES.values() for name in family)
    compared = labels((span.period, *span.compared))
    return (
        Request((*STATES, *MOVES, *COUNTS, *JUDGED), compared),
        Request(names, compared),
        PlanRequest((span.period.label,)),
    )


def section(material: Material) -> Section | str:
    """One table; the reason why there is none if no metric has a value."""
    families = _families(material)
    if not any(material.value(name) is not None for names in families.values() for name in names):
        return material.why(("mrr",)) or "no metric has a value"
    board = scoreboard(material, families)
    needed = _AROUND + board.height + notes_height(material.look, board.notes)
    room = material.look.paper.live_height
    board = replace(board, is_close=needed > room, is_roomy=needed < room * _LITTLE)
    return Section("scorecard", "Scorecard", _headline(material, families), "", (board,))


def _families(material: Material) -> Mapping[str, tuple[str, ...]]:
    """The metrics to be shown: those with a value or a plan, planned ones that are not listed."""
    listed_here = {name for names in FAMILIES.values() for name in names}
    more = tuple(name for name in planned_metrics(material) if name not in listed_here)
    known = {
        family: tuple(name for name in names if _says_something(material, name))
        for family, names in {**FAMILIES, _PLANNED: more}.items()
    }
    return {family: names for family, names in known.items() if names}


def _says_something(material: Material, name: str) -> bool:
    if planned(material, name) is not None and _is_counted(material, name):
        return True
    return _is_counted(material, name) and material.value(name) is not None


def _is_counted(material: Material, name: str) -> bool:
    """Whether the pack looked the metric up: a plan may be of one that it did not."""
    try:
        material.number(name)
    except KeyError:
        return False
    return True


def _headline(material: Material, families: Mapping[str, tuple[str, ...]]) -> str:
    """How many plan figures were met and which was missed most; else how the figures stand."""
    names = [name for each in families.values() for name in each]
    over = {name for name in names if material.metric(name).basis is Basis.FLOW}
    outcomes = {
        name: met
        for name in names
        if (met := is_met(material, name)) is not None
        and not (name in over and is_running(material))
    }
    if not outcomes:
        return _standings(material, names)
    met, count = sum(outcomes.values()), len(outcomes)
    text = f"{met} of {count} plan {plural(count, 'figure was', 'figures were')} met"
    missed = [name for name, is_reached in outcomes.items() if not is_reached]
    if not missed:
        return f"{text}" if count > 1 else f"{name_of(material, names[0])} met its plan"
    worst = max(missed, key=lambda name: (_miss(material, name), name))
    far = against_plan(material, worst).text.replace(" ", "\u00a0")
    return f"{text}; {name_of(material, worst)} missed by most,\u00a0{far}"


def _miss(material: Material, name: str) -> float:
    """How far below its plan, as a part of it."""
    value, plan = material.value(name) or 0.0, plan_value(material, name) or 0.0
    return abs(value - plan) / abs(plan) if plan else 0.0


def _standings(material: Material, names: list[str]) -> str:
    found = [standing for name in names if (standing := judged(material, name))]
    if not found:
        return "The figures of the period; there is nothing yet to judge them by"
    words = {Standing.GOOD: "good", Standing.WATCH: "to be watched", Standing.BAD: "bad"}
    counts = {each: found.count(each) for each in words if each in found}
    parts = [f"{count} {words[each]}" for each, count in counts.items()]
    first = plural(next(iter(counts.values())), "is", "are")
    parts[0] = parts[0].replace(" ", f" {first} ", 1)
    return f"Of {len(found)} {plural(len(found), 'figure', 'figures')}, {listed(parts)}"


CHAPTER = Chapter("scorecard", "Scorecard", asks, section)
