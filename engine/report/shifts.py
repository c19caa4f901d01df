"""A ratio's bridge as pages look it up, and its amounts so rounded that all of them add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.metrics.asks import between
from engine.metrics.bridge import EFFECTS
from engine.metrics.model import Number
from engine.period import Period
from engine.report.footing import footed_rows
from engine.report.material import Material
from engine.report.rollforward import footed
from engine.report.words import Scale, Words

#: What pages call the effects.
NAMES = {
    "rate": "Rate",
    "mix": "Mix",
    "entered": "Entered",
    "exited": "Exited",
    "unattached": "Unattached",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A group's part in the change."""

    name: str
    effects: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """Start + effects = end; the members' effects add up to each effect.

    Attributes:
        effects: In the order of ``EFFECTS``.
        members: The same, of each group; empty where only totals were asked for.
    """

    metric: str
    against: Period
    start: Number
    effects: tuple[Number, ...]
    end: Number
    members: tuple[Member, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """Start, effects, end."""
        return tuple(each.value or 0.0 for each in (self.start, *self.effects, self.end))

    @property
    def change(self) -> float:
        """End less start."""
        return self.values[-1] - self.values[0]


def bridge(material: Material, metric: str, against: Period, dimension: str = "") -> Bridge | None:
    """The metric's bridge over a dimension, the page's unless named; None where there is none."""
    dimension = dimension or material.context.dimension
    start, end = material.number(metric, against), material.number(metric)
    effects = _looked_up(material, metric, against, {"dimension": dimension})
    if effects is None or start.value is None or end.value is None:
        return None
    return Bridge(metric, against, start, effects, end, _members(material, metric, against))


def numerator_bridge(material: Material, of: Bridge) -> tuple[Number, ...]:
    """What volume and the effects did to the numerator, ends included; empty if not asked for."""
    metric = material.metric(of.metric).numerator
    key = {"ratio": of.metric, "dimension": material.context.dimension}
    names = ("volume", *EFFECTS)
    inner = _looked_up(material, metric, of.against, key, names)
    if inner is None:
        return ()
    return (material.number(metric, of.against), *inner, material.number(metric))


def explained(material: Material, metric: str, against: Period, dimension: str) -> Number | None:
    """Which part of all movement over the dimension its composition made."""
    found = _looked_up(material, metric, against, {"dimension": dimension}, ("explained",))
    return found[0] if found else None


def _members(material: Material, metric: str, against: Period) -> tuple[Member, ...]:
    dimension, label = material.context.dimension, _label(material, against)
    known = material.context.numbers.groups(dimension, "effect", period=label)
    groups = dict.fromkeys(each[dimension] for each in known)
    found: list[Member] = []
    for group in groups:
        effects = _looked_up(material, metric, against, {dimension: group})
        if effects is not None:
            found.append(Member(group, effects))
    return tuple(found)


def _looked_up(
    material: Material,
    metric: str,
    against: Period,
    key: Mapping[str, str],
    names: Sequence[str] = EFFECTS,
) -> tuple[Number, ...] | None:
    label = _label(material, against)
    try:
        return tuple(
            material.context.numbers.one(metric, label, {**key, "effect": name}) for name in names
        )
    except KeyError:
        return None


def _label(material: Material, against: Period) -> str:
    return between(against.label, material.period.label)


@dataclass(frozen=True, slots=True)
class Printed:
    """A bridge in units of its last printed digit: every row and every column adds up.

    Attributes:
        ends: Start and end.
        effects: In the order of ``EFFECTS``; start + effects = end.
        members: The effects of each member; each column adds up to its effect.
    """

    scale: Scale
    ends: tuple[int, int]
    effects: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]

    def text(self, units: int, words: Words) -> str:
        """The amount without its currency."""
        return words.number(units / 10**self.scale.digits, self.scale.digits)

    def value(self, units: int) -> float:
        """The amount that is printed, in major units."""
        return units / 10**self.scale.digits * self.scale.divisor

    def signed(self, units: int, words: Words) -> str:
        """The amount with its sign."""
        return words.signed(units / 10**self.scale.digits, self.scale.digits)

    def money(self, units: int, words: Words) -> str:
        """The amount with its currency, without a sign."""
        value = abs(units) / 10**self.scale.digits
        if self.scale.divisor > 1:
            return words.compact_money(value * self.scale.divisor)
        return words.money(value, self.scale.digits)


def printed(bridge: Bridge, words: Words) -> Printed:
    """The bridge as it is printed, its rounding put where it is least."""
    values = bridge.values
    scale = rate_scale(values, words)
    unit = scale.divisor / 10**scale.digits
    wholes = footed([value / unit for value in values])
    parts = [[(each.value or 0.0) / unit for each in member.effects] for member in bridge.members]
    return Printed(scale, (wholes[0], wholes[-1]), wholes[1:-1], footed_rows(parts, wholes[1:-1]))


def rate_scale(values: Sequence[float], words: Words) -> Scale:
    """With the currency's decimals for averages of usual size; else as amounts are scaled."""
    if max((abs(value) for value in values), default=0.0) < 1e5:
        return Scale(1.0, words.symbol, words.decimals)
    return words.scale(values)
