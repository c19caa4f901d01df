"""The pipeline: what was won, how often and how fast, and what is open for the period to come."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.benchmarks import FEW
from engine.report.blocks import Block, Panels
from engine.report.chapter import Chapter
from engine.report.course import Held, Line, course, lived, panels
from engine.report.formats import change
from engine.report.material import TOTAL, Group, Material
from engine.report.model import Section
from engine.report.phrases import listed
from engine.report.sections.pipeline_coverage import NEW, figure, new_coverage
from engine.report.sections.pipeline_groups import table
from engine.report.sections.pipeline_people import chart
from engine.report.sections.sellers import PEOPLE, Seller, kinds, people
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

#: Dimensions that a deal has of its own, with an account or without.
_OWN = frozenset({"channel", "campaign", "vendor", "owner", "kind", "currency"})

#: A table of at most so many rows fits on the first page.
_SHORT = 6


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Deals in every period, in total and by kind; by owner and vendor also the period before."""
    here, compared = (span.period.label,), labels((span.period, *span.compared))
    return (
        Request(PIPELINE, labels(span.history)),
        Request(PIPELINE, labels(span.history), ("kind",)),
        *(Request((*PIPELINE, "mrr"), compared, (each,)) for each in PEOPLE),
        *(Request(("won_value",), here, (each, "kind")) for each in PEOPLE),
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
        blocks.append(figure(material))
    if history := _panels(material):
        blocks.append(history)
    if len(found := kinds(material)) > 1:
        blocks.append(table(material, "kind", found))
    vendors, owners = (_named(material, each) for each in ("vendor", "owner"))
    is_short = 0 < len(vendors) <= _SHORT
    if is_short:
        blocks.append(table(material, "vendor", vendors, is_whole=len(found) < 2))
    is_full = len(found) > 1 and len(owners) + len(vendors) > _SHORT
    blocks.append(_course(material, starts_page=is_full))
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


def _won(material: Material) -> str:
    value = material.words.compact_money(material.value("won_value") or 0.0)
    return f"{value} won in {material.period.title}"


def _open(material: Material) -> str:
    return material.words.compact_money(material.value("pipeline_open") or 0.0)


def _lead(material: Material) -> str:
    """What was won and of which kind; what of it was new business, and how often that is won."""
    if not material.value("won_value"):
        return f"Nothing was won in {material.period.title}."
    sentences = [f"{_what_was_won(material)}."]
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


def _what_was_won(material: Material) -> str:
    """``$3.85m won in Q3 2026 (+19.2% since Q2 2026), 87% of it renewals``.

    The amount stands in the headline where there is no target to tell of there.
    """
    found, won = kinds(material), material.value("won_value") or 0.0
    most = max(found, key=lambda each: each.won, default=None)
    part = material.words.share(most.won / won, 0) if most and len(found) > 1 and won > 0 else ""
    since, name = _since(material, "won_value"), most.name.lower() if most else ""
    if material.value("pipeline_coverage") is None and part:
        return f"Of the value won{since}, {part} is {name}"
    return f"{_won(material)}{since}" + (f", {part} of it {name}" if part else "")


def _rates(material: Material) -> str:
    """How often new business is won against all deals, where enough of it was decided."""
    words, whole = material.words, material.value("win_rate")
    new = material.number("win_rate", None, NEW)
    if whole is None or new.value is None or (new.denominator or 0.0) < FEW:
        return ""
    return (
        f"Of new business {words.share(new.value, 0)} is won, of all deals {words.share(whole, 0)}."
    )


def _panels(material: Material) -> Panels | None:
    held = [Held("won_value", "Value won"), *_held_of_new(material)]
    if len(held) < 3:
        held += [Held("pipeline_created", "Pipeline created"), Held("win_rate", "Win rate")]
    known = [each for each in held if material.value(each.metric, None, each.group) is not None]
    periods = lived(material, [each.metric for each in known])
    if not known or len(periods) < 2:
        return None
    unit = f"Change since {material.span.previous.title}; each on a scale of its own, from zero"
    return panels(
        material, "Deals, period by period", unit, known[:3], periods, _unplaced(material)
    )


def _unplaced(material: Material) -> tuple[str, ...]:
    """That a prospect is of no region: only what deals tell themselves holds the lost ones too."""
    others = [name for name in material.context.scope if name not in _OWN]
    if not others:
        return ()
    name = listed([each.replace("_", " ") for each in others], "or")
    text = (
        f"Deals that name no account are in no {name}: lost prospects may be missing here, "
        "and win rates read high."
    )
    return (text,)


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
