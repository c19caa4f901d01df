"""Why an average moved: its groups' own averages, or their weights, without remainder."""

from math import ceil

from engine.metrics.asks import Ask, RankingRequest, ShiftRequest
from engine.metrics.numbers import Request
from engine.report.blocks import Block, Pair
from engine.report.chapter import Chapter
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import SHORT, STILL, worth
from engine.report.sections.mix_charts import DIMENSIONS, cuts, ratio_bridge, sum_bridge
from engine.report.sections.mix_drivers import drivers, findings
from engine.report.sections.mix_tables import by_group, comparisons, meanings
from engine.report.shifts import Bridge, Printed, bridge, numerator_bridge, printed
from engine.report.span import Span, labels
from engine.report.table import Table

_METRICS = ("arpu", "arpa")

#: Lines of the table of groups that the first page of A4 bears; width of their names, in points.
_ROOM, _NAME = 5, 100.0
SHORT_PAPER = 290.0

#: What each effect is called in a headline.
_SUBJECTS = {
    "rate": "own rates",
    "mix": "mix",
    "entered": "entrants",
    "exited": "exits",
    "unattached": "add-ons",
}


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """The bridges by group, those of all cuts in total, and the sums behind the shares."""
    end, compared = span.period.label, labels((span.period, *span.compared))
    ends = tuple(dict.fromkeys((dimension, *DIMENSIONS)))
    names = ("mrr", "accounts", "arpu", "arpa")
    bridges = tuple(ShiftRequest(each, dimension, span.previous.label, end) for each in _METRICS)
    rankings = tuple(RankingRequest(each, ends, span.previous.label, end) for each in _METRICS)
    if span.year_ago != span.previous:
        before = span.year_ago.label
        rankings += tuple(RankingRequest(each, (dimension,), before, end) for each in _METRICS)
    return (Request(names, compared), Request(names, compared, (dimension,)), *bridges, *rankings)


def section(material: Material) -> Section | str:
    """The bridge with its drivers and groups; then what it did to MRR, and other cuts."""
    dimension = material.dimension
    if len(material.groups) == 1:
        return f"all accounts are in one {dimension}, {material.name(material.groups[0])}"
    found = next(filter(None, (_bridge(material, name) for name in _METRICS)), None)
    if found is None:
        return _why(material)
    amounts = printed(found, material.words)
    return Section(
        "mix",
        f"Mix by {dimension}",
        _headline(material, found, amounts),
        _lead(material, found, amounts),
        tuple(_blocks(material, found, amounts)),
    )


def _bridge(material: Material, name: str) -> Bridge | None:
    found = bridge(material, name, material.span.previous)
    return found if found and found.members else None


def _why(material: Material) -> str:
    """Why there is no bridge, in the reader's words."""
    if material.context.dimension in material.context.scope:
        return f"the pack is limited to one {material.dimension}"
    if not material.groups:
        return f"no account has a {material.dimension}"
    previous = material.span.previous
    if all(material.value(name, previous) is None for name in _METRICS):
        return f"{previous.title} has nothing to compare with"
    return material.why(_METRICS) or f"the averages do not add up over {material.dimension}"


def _blocks(material: Material, found: Bridge, amounts: Printed) -> list[Block]:
    table, rankings = by_group(material, found, amounts), _rankings(material)
    is_crowded = _lines(material, table) > _room(material)
    first = (
        Pair(ratio_bridge(material, found, amounts), meanings(material, found)),
        findings(material, found, amounts, most=4 if is_crowded else 5),
    )
    volume = sum_bridge(material, found, height=140 if is_crowded else 190)
    last = comparisons(material, _METRICS)
    rest = (rankings, table, volume) if is_crowded else (table, volume, rankings)
    return [*first, *(block for block in rest if block), last]


def _room(material: Material) -> int:
    """Lines of the table of groups that the first page bears."""
    return _ROOM if material.look.paper.height > SHORT_PAPER else _ROOM - 2


def _lines(material: Material, table: Table) -> int:
    """Lines of the table's groups; a long name takes more than one."""
    face = material.look.typeface
    return sum(ceil(face.width(row.name, 8, 500) / _NAME) or 1 for row in table.rows[:-1])


def _rankings(material: Material) -> Block | None:
    """What each cut explains, of both averages side by side where both are known."""
    previous = material.span.previous
    found = {name: each for name in _METRICS if (each := cuts(material, name, previous))}
    if len(found) == len(_METRICS):
        return Pair(*found.values(), is_even=True)
    return next((cuts(material, name, previous, is_alone=True) for name in found), None)


def _headline(material: Material, found: Bridge, amounts: Printed) -> str:
    """``ARPU fell $1.46 to $55.94: mix took off $2.47, own rates added $1.01``."""
    words, name = material.words, SHORT[found.metric]
    change = amounts.ends[1] - amounts.ends[0]
    value = worth(material, found.metric)
    moves = zip(_SUBJECTS.values(), amounts.effects, strict=True)
    told = [
        _together(subject, "added" if units > 0 else "took off", amounts.money(units, words))
        for subject, units in sorted(moves, key=lambda move: -abs(move[1]))
        if units
    ]
    is_still = abs(found.change) < abs(found.values[0]) * STILL or not change
    verb = "rose" if change > 0 else "fell"
    did = f"{verb} {amounts.money(change, words)} to {value}"
    did = f"held at {value}" if is_still else did
    return f"{name} {did}: {', '.join(told[:2])}" if told else f"{name} {did}"


def _together(*parts: str) -> str:
    """The words on one line."""
    return " ".join(parts).replace(" ", "\u00a0")


def _lead(material: Material, found: Bridge, amounts: Printed) -> str:
    """What moved it most, and what that was worth in MRR."""
    first = next(iter(drivers(material, found, amounts)), None)
    sentence = f"{first.headline}: {first.figure}." if first else ""
    return f"{sentence} {_worth(material, found)}".strip()


def _worth(material: Material, found: Bridge) -> str:
    """What the change of the average did to MRR, beside what the change of its base did."""
    numbers = numerator_bridge(material, found)
    if not numbers:
        return ""
    words, below = material.words, material.metric(found.metric).denominator.replace("_", " ")
    volume = numbers[1].value or 0.0
    rate = sum(each.value or 0.0 for each in numbers[2:-1])
    more, added = ("More", "added") if volume > 0 else ("Fewer", "took")
    end = "" if volume > 0 else " off MRR"
    gave = "added" if rate > 0 else "took off"
    return (
        f"{more} {below} {added} {words.compact_money(abs(volume))}{end or ' to MRR'}; "
        f"the {'higher' if rate > 0 else 'lower'} {SHORT[found.metric]} {gave} "
        f"{words.compact_money(abs(rate))}."
    )


CHAPTER = Chapter("mix", "Mix by {dimension}", asks, section, is_cut=True)
