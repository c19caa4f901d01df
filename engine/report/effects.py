"""What a bridge says of an average's change, in total and by group."""

from engine.metrics.bridge import EFFECTS
from engine.report.material import Material
from engine.report.mix import gain, weight
from engine.report.phrases import listed
from engine.report.shifts import Printed, bridge, printed

#: An effect below this part of all movement goes unsaid.
MINOR = 0.1

_NAMES = {
    "rate": "rates within {dimension}s",
    "mix": "mix between {dimension}s",
    "entered": "new {dimension}s",
    "exited": "{dimension}s that went",
    "unattached": "revenue without a user",
}


def bridged(material: Material, name: str) -> str:
    """``Mix between segments took $2.47 and rates within segments added $1.01: SMB now …``.

    The amounts are those of the bridge's own page, whose rounding adds up.
    """
    if (found := bridge(material, name, material.span.previous)) is None:
        return ""
    amounts = printed(found, material.words)
    units: dict[str, int] = dict(zip(EFFECTS, amounts.effects, strict=True))
    moved = sum(abs(each) for each in units.values())
    told = [each for each in units if abs(units[each]) > moved * MINOR]
    if not told:
        return ""
    told.sort(key=lambda each: (-abs(units[each]), each))
    text = listed([_told(material, each, units[each], amounts) for each in told])
    text = text[0].upper() + text[1:]
    return text + (_heavier(material, name) if told[0] == "mix" else "")


def gross(material: Material, name: str) -> float:
    """How much the effects moved the average, those that offset each other added up."""
    found = bridge(material, name, material.span.previous)
    return sum(abs(each.value or 0.0) for each in found.effects) if found else 0.0


def _told(material: Material, effect: str, units: int, amounts: Printed) -> str:
    name = _NAMES[effect].format(dimension=material.dimension)
    did = "added" if units > 0 else "took"
    return f"{name} {did} {amounts.money(units, material.words)}"


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
