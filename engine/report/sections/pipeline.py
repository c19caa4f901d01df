"""The pipeline: what was won, how often and how fast, and what is open for the period to come."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.benchmarks import COVERAGE, FEW
from engine.report.blocks import Block, Figure, Panels
from engine.report.chapter import Chapter
from engine.report.charts.coverage import Goal, Part, coverage
from engine.report.course import Held, Line, course, lived, panels
from engine.report.formats import change
from engine.report.material import TOTAL, Group, Material
from engine.report.model import Section
from engine.report.phrases import listed
from engine.report.sections.pipeline_groups import table
from engine.report.sections.pipeline_people import chart
from engine.report.sections.sellers import Seller, kinds, people
from engine.report.span import Span, labels
from engine.report.table import Table
from engine.report.words import DASH

PIPELINE = (
    "opportunities_created",
    "opportunities_won",
    "won_value",
    "win_rate",
    "win_rate_value",
    "sales_cycle_days",
    "pipeline_created",
    "pipeline_open",
    "pipeline_coverage",
)
NEW: Group = {"kind": "new"}

#: Whom deals are told apart by.
_PEOPLE = ("owner", "vendor")

#: A table of at most so many rows fits on the first page.
_SHORT = 6


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Deals in every period, in total and by kind; by owner and vendor also the period before."""
    here, compared = (span.period.label,), labels((span.period, *span.compared))
    return (
        Request(PIPELINE, labels(span.history)),
        Request(PIPELINE, labels(span.history), ("kind",)),
        *(Request((*PIPELINE, "mrr"), compared, (each,)) for each in _PEOPLE),
        *(Request(("won_value",), here, (each, "kind")) for each in _PEOPLE),
    )


def section(material: Material) -> Section | str:
    """The open pipeline against its target, the course of deals, and who won them."""
    names = ("opportunities_created", "opportunities_won", "pipeline_open")
    if not any(material.value(name) for name in names):
        return (
            material.why(names) or f"no opportunity was open or decided in {material.period.title}"
        )
    return Section(
        "pipeline", "Pipeline", _headline(material), _lead(material), tuple(_blocks(material))
    )


def _blocks(material: Material) -> list[Block]:
    """What is open and of which kind; then all the figures, and who won."""
    blocks: list[Block] = []
    if material.value("pipeline_open"):
        blocks.append(_coverage(material))
    if history := _panels(material):
        blocks.append(history)
    if len(found := kinds(material)) > 1:
        blocks.append(table(material, "kind", found))
    vendors, owners = (_named(material, each) for each in ("vendor", "owner"))
    is_short = 0 < len(vendors) <= _SHORT
    if is_short:
        blocks.append(table(material, "vendor", vendors, is_whole=len(found) < 2))
    blocks.append(_course(material, starts_page=bool(owners or is_short)))
    if owners:
        blocks.append(chart(material, "owner", owners))
    if vendors and not is_short:
        blocks.append(table(material, "vendor", vendors))
    return blocks


def _named(material: Material, dimension: str) -> tuple[Seller, ...]:
    """The owners or vendors; none where no deal names one."""
    found = people(material, dimension)
    return found if any(not each.is_unnamed for each in found) else ()


def _headline(material: Material) -> str:
    """How often the open pipeline covers the next target; without a target, what was won."""
    words, times = material.words, material.value("pipeline_coverage")
    ahead = material.period.before(-1).title
    if times is None:
        return f"{_won(material)}; {_open(material)} is open for {ahead}"
    text = f"Open pipeline covers {ahead}’s new ARR target {words.number(times, 1)} times"
    alone = new_coverage(material)
    return f"{text}, new business alone {words.number(alone, 1)}" if alone is not None else text


def new_coverage(material: Material) -> float | None:
    """How often the open new business alone covers the target; None where all of it is that."""
    whole, new = material.number("pipeline_coverage"), material.value("pipeline_open", None, NEW)
    if new is None or not whole.denominator or new == whole.numerator:
        return None
    return new / whole.denominator


def _won(material: Material) -> str:
    value = material.words.compact_money(material.value("won_value") or 0.0)
    return f"{value} won in {material.period.title}"


def _open(material: Material) -> str:
    return material.words.compact_money(material.value("pipeline_open") or 0.0)


def _lead(material: Material) -> str:
    """What was won and of which kind; what of it was new business, and how often that is won."""
    if not material.value("won_value"):
        return f"Nothing was won in {material.period.title}."
    sentences = [f"{_won(material)}{_since(material, 'won_value')}{_mostly(material)}."]
    if len(kinds(material)) > 1 and material.value("won_value", None, NEW):
        new = material.words.compact_money(material.value("won_value", None, NEW) or 0.0)
        sentences.append(f"New business is {new} of it{_since(material, 'won_value', NEW)}.")
        sentences.append(_rates(material))
    elif (rate := material.value("win_rate")) is not None:
        sentences.append(f"{material.words.share(rate, 0)} of the deals decided were won.")
    return " ".join(sentences).strip()


def _since(material: Material, name: str, group: Group = TOTAL) -> str:
    """`` (+19.2% since Q2 2026)``; empty where there was nothing before."""
    previous = material.span.previous
    before = material.value(name, previous, group)
    text = change(material.metric(name), material.value(name, None, group), before, material.words)
    return f" ({text} since {previous.title})" if text != DASH else ""


def _mostly(material: Material) -> str:
    """``, 87% of it renewals``: the kind that most of it was."""
    won, found = material.value("won_value") or 0.0, kinds(material)
    if len(found) < 2 or won <= 0:
        return ""
    most = max(found, key=lambda each: each.won)
    return f", {material.words.share(most.won / won, 0)} of it {most.name.lower()}"


def _rates(material: Material) -> str:
    """How often new business is won against all deals, where enough of it was decided."""
    words, whole = material.words, material.value("win_rate")
    new = material.number("win_rate", None, NEW)
    if whole is None or new.value is None or (new.denominator or 0.0) < FEW:
        return ""
    return (
        f"Of new business {words.share(new.value, 0)} is won, of all deals {words.share(whole, 0)}."
    )


def _coverage(material: Material) -> Figure:
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
    found = {"kind": kinds(material)} | {each: people(material, each) for each in _PEOPLE}
    lacking = [
        name
        for name, groups in found.items()
        if groups
        and all(material.value("pipeline_coverage", None, each.group) is None for each in groups)
    ]
    return (f"Targets are not set by {listed(lacking, 'or')}.",) if lacking else ()


def _panels(material: Material) -> Panels | None:
    held = [Held("won_value", "Value won"), *_held_of_new(material)]
    if len(held) < 3:
        held += [Held("pipeline_created", "Pipeline created"), Held("win_rate", "Win rate")]
    known = [each for each in held if material.value(each.metric, None, each.group) is not None]
    periods = lived(material, [each.metric for each in known])
    if not known or len(periods) < 2:
        return None
    unit = f"Change since {material.span.previous.title}; each on a scale of its own, from zero"
    return panels(material, "Deals, period by period", unit, known[:3], periods)


def _held_of_new(material: Material) -> list[Held]:
    """New business apart, where there are other kinds too: renewals would hide it."""
    if len(kinds(material)) < 2 or not material.value("won_value", None, NEW):
        return []
    return [
        Held("won_value", "New business won", group=NEW),
        Held("win_rate", "Win rate of new business", group=NEW),
    ]


def _course(material: Material, *, starts_page: bool) -> Table:
    lines = [
        Line("opportunities_created", "Deals created"),
        Line("pipeline_created", "Pipeline created"),
        Line("opportunities_won", "Deals won"),
        Line("won_value", "Value won"),
        Line("win_rate", "Win rate"),
        Line("win_rate_value", "Win rate by value"),
        *(
            Line("win_rate", f"Win rate, {each.name.lower()}", each.group)
            for each in kinds(material)
            if len(kinds(material)) > 1
        ),
        Line("sales_cycle_days", "Sales cycle, days"),
        Line("pipeline_open", "Open for the next period"),
        Line("pipeline_coverage", "Coverage of its target"),
    ]
    return course(
        material,
        "Won, lost and open, period by period",
        "Deals created and decided in the period; what is open, on its last day",
        lines,
        lived(material, PIPELINE),
        starts_page=starts_page,
    )


CHAPTER = Chapter("pipeline", "Pipeline", asks, section)
