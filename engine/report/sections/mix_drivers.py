"""Which group moved an average, by which effect: the pairs by size, each in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.metrics.bridge import EFFECTS
from engine.period import Period
from engine.report.blocks import Finding, Findings
from engine.report.material import TOTAL, Group, Material
from engine.report.phrases import SHORT, moved
from engine.report.shifts import Bridge, Printed
from engine.report.tone import Tone

#: A pair that moved less than this part of all movement is left to the table.
NOISE = 0.03

#: A group with less of the denominator than this at both dates is called small.
SMALL = 0.02


@dataclass(frozen=True, slots=True)
class Weights:
    """A group's part of what the average is taken over, before and now."""

    before: float
    now: float


def findings(material: Material, found: Bridge, amounts: Printed, most: int) -> Findings:
    """The pairs that moved the average most."""
    told = tuple(drivers(material, found, amounts))[:most]
    unit = (
        f"{amounts.scale.unit} of {SHORT[found.metric]} since {found.against.title}, "
        "the largest first; smaller ones are in the table"
    )
    return Findings(f"What moved {SHORT[found.metric]}", unit, told)


def drivers(material: Material, found: Bridge, amounts: Printed) -> Iterable[Finding]:
    """A finding per pair of group and effect that is more than noise, the largest first."""
    pairs = [
        (units, at, name, member.name)
        for at, (member, row) in enumerate(zip(found.members, amounts.members, strict=True))
        for name, units in zip(EFFECTS, row, strict=True)
    ]
    whole = sum(abs(units) for units, *_ in pairs)
    pairs.sort(key=lambda pair: (-abs(pair[0]), pair[1], pair[2]))
    for units, _, effect, member in pairs:
        if units and abs(units) >= whole * NOISE:
            yield _finding(material, found, amounts, units, effect, member)


def _finding(
    material: Material, found: Bridge, amounts: Printed, units: int, effect: str, member: str
) -> Finding:
    group = {material.context.dimension: member}
    money = amounts.money(units, material.words)
    headline, text = _WORDS[effect](material, found, group, units)
    shares = weights(material, found, group)
    if max(shares.before, shares.now) < SMALL:
        below = _below(material, found)
        text += f" A small group: {material.words.share(shares.now)} of {below}."
    tone = Tone.GOOD if units > 0 else Tone.BAD
    return Finding(("+" if units > 0 else "−") + money, tone, headline, text)


def weights(material: Material, found: Bridge, group: Group, *, of: str = "") -> Weights:
    """The group's parts of the denominator at both dates.

    Args:
        of: ``"lasting"`` for parts of the groups that have a denominator at both dates.
    """
    groups: tuple[Group, ...] = lasting(material, found) if of else (TOTAL,)

    def part(period: Period | None) -> float:
        whole = sum(_base(material, found, period, each) for each in groups)
        return _base(material, found, period, group) / whole if whole else 0.0

    return Weights(part(found.against), part(None))


def lasting(material: Material, found: Bridge) -> tuple[Group, ...]:
    """The groups that the average is taken over at both dates."""
    groups = [{material.context.dimension: member.name} for member in found.members]
    ends = (found.against, None)
    return tuple(
        group for group in groups if all(_base(material, found, each, group) for each in ends)
    )


def _base(material: Material, found: Bridge, period: Period | None, group: Group) -> float:
    return material.number(found.metric, period, group).denominator or 0.0


def _rate(material: Material, found: Bridge, group: Group, _units: int) -> tuple[str, str]:
    name = material.spoken(group)
    did = moved(material, found.metric, found.against, group)
    shares = weights(material, found, group)
    mean = material.words.share((shares.before + shares.now) / 2, 0)
    below = _below(material, found)
    return f"{SHORT[found.metric]} of {name} {did}", f"Rate: its own, for {mean} of {below}."


def _mix(material: Material, found: Bridge, group: Group, units: int) -> tuple[str, str]:
    shares = weights(material, found, group, of="lasting")
    is_up = shares.now > shares.before
    digits = 0 if abs(shares.now - shares.before) >= 0.01 else 1
    before, now = (material.words.share(each, digits) for each in (shares.before, shares.now))
    below, metric = _below(material, found), SHORT[found.metric]
    if len(lasting(material, found)) < len(found.members):
        below = f"the {below} of each {material.dimension} that lasts"
    headline = f"{material.spoken(group)} holds {now} of {below}, "
    headline += f"{'up' if is_up else 'down'} from {before}" if before != now else "much as before"
    side = "above" if is_up == (units > 0) else "below"
    return headline, f"Mix: its {metric} lies {side} the average."


def _entered(material: Material, found: Bridge, group: Group, units: int) -> tuple[str, str]:
    now = material.words.share(weights(material, found, group).now, 0)
    headline = f"{material.spoken(group)} is new, with {now} of {_below(material, found)}"
    return headline, f"Entered: its {SHORT[found.metric]} lies {_side(units)} that of the rest."


def _exited(material: Material, found: Bridge, group: Group, units: int) -> tuple[str, str]:
    before = material.words.share(weights(material, found, group).before, 0)
    headline = f"{material.spoken(group)} is gone, with {before} of {_below(material, found)}"
    return headline, f"Exited: its {SHORT[found.metric]} lay {_side(-units)} that of the rest."


def _unattached(material: Material, found: Bridge, group: Group, _units: int) -> tuple[str, str]:
    before, now = (material.value("mrr", each, group) or 0.0 for each in (found.against, None))
    words = material.words
    did = f"{words.compact_money(now)}, after {words.compact_money(before)}"
    headline = f"MRR of {material.spoken(group)} without {_below(material, found)} is {did}"
    return headline, "Unattached: spread over all."


def _side(units: int) -> str:
    return "above" if units > 0 else "below"


def _below(material: Material, found: Bridge) -> str:
    return material.metric(found.metric).denominator.replace("_", " ")


_WORDS = {
    "rate": _rate,
    "mix": _mix,
    "entered": _entered,
    "exited": _exited,
    "unattached": _unattached,
}
