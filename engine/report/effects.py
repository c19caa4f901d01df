"""What a bridge says of an average's change, in total and by group."""

from collections.abc import Mapping

from engine.metrics.asks import between
from engine.metrics.bridge import EFFECTS
from engine.report.material import Group, Material
from engine.report.mix import gain, weight
from engine.report.phrases import listed

#: An effect below this part of all movement goes unsaid.
MINOR = 0.1

_NAMES = {
    "rate": "rates within {dimension}s",
    "mix": "mix between {dimension}s",
    "entered": "new {dimension}s",
    "exited": "{dimension}s that went",
    "unattached": "revenue without a user",
}


def effects(material: Material, name: str, group: Group | None = None) -> Mapping[str, float]:
    """Each effect on the average since the period before; empty where there is no bridge."""
    numbers, found = material.context.numbers, dict[str, float]()
    label = between(material.span.previous.label, material.period.label)
    for effect in EFFECTS:
        try:
            value = numbers.one(name, label, {**(group or {}), "effect": effect}).value
        except KeyError:
            return {}
        found[effect] = value or 0.0
    return found


def bridged(material: Material, name: str) -> str:
    """``Mix between segments took $2.47 and rates within segments added $1.02: SMB now …``."""
    found = effects(material, name)
    moved = sum(abs(value) for value in found.values())
    told = [each for each in found if abs(found[each]) > moved * MINOR]
    if not told:
        return ""
    told.sort(key=lambda each: (-abs(found[each]), each))
    text = listed([_told(material, each, found[each]) for each in told])
    text = text[0].upper() + text[1:]
    return text + (_heavier(material, name) if told[0] == "mix" else "")


def gross(material: Material, name: str) -> float:
    """How much the effects moved the average, those that offset each other added up."""
    return sum(abs(value) for value in effects(material, name).values())


def _told(material: Material, effect: str, value: float) -> str:
    words = material.words
    digits = words.decimals if abs(value) < 1000 else None
    name = _NAMES[effect].format(dimension=material.dimension)
    return f"{name} {'added' if value > 0 else 'took'} {words.money(abs(value), digits)}"


def _heavier(material: Material, name: str) -> str:
    """The group that gained most weight in what the average is taken over."""
    if len(material.groups) < 2:
        return ""
    group = max(material.groups, key=lambda each: gain(material, name, each))
    before, now = (weight(material, name, group, is_before=each) for each in (True, False))
    words, below = material.words, material.metric(name).denominator.replace("_", " ")
    if words.share(now, 0) == words.share(before, 0):
        return ""
    return (
        f": {material.spoken(group)} now holds {words.share(now, 0)} of {below}, "
        f"up from {words.share(before, 0)}"
    )
