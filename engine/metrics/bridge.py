"""Why a ratio changed: rate, mix, entered, exited and unattached, exactly (Diewert–Fox).

Groups in both periods are *survivors*: their change is split at midpoint weights, with shares
of the denominator renormalised among them (Bennet), into *rate*, what their own ratios did,
and *mix*, what their shares did. Groups of one period only *entered* or *exited*, measured
against the survivors' ratio (Melitz and Polanec 2015). What a numerator without a denominator
does is *unattached*. The five add up to the change; swapping the periods flips every sign and
swaps entered with exited.

Sources: Diewert and Fox 2010, "On measuring the contribution of entering and exiting firms to
aggregate productivity growth"; Melitz and Polanec 2015, RAND Journal of Economics 46:2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

EFFECTS = ("rate", "mix", "entered", "exited", "unattached")
ZERO = Fraction(0)

#: Group → numerator and denominator.
Sums = Mapping[str, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Bridge:
    """The change of a ratio, by effect and group.

    Attributes:
        start: The ratio at the start; ``end`` at the end; exact.
        groups: Group → the five effects, in the order of ``EFFECTS``.
    """

    start: Fraction
    end: Fraction
    groups: Mapping[str, tuple[Fraction, ...]]

    @property
    def effects(self) -> dict[str, Fraction]:
        """The five effects; their sum is ``end − start``."""
        columns = zip(*self.groups.values(), strict=True) if self.groups else ((),) * 5
        return {name: sum(column, ZERO) for name, column in zip(EFFECTS, columns, strict=True)}


def bridge(start: Sums, end: Sums) -> Bridge:
    """The bridge between the groups' sums at two dates; both denominators must be above zero.

    A group that one side lacks has no numerator and no denominator there.
    """
    groups = sorted({*start, *end})
    before = {group: start.get(group, (ZERO, ZERO)) for group in groups}
    after = {group: end.get(group, (ZERO, ZERO)) for group in groups}
    staying = [group for group in groups if before[group][1] and after[group][1]]
    old, new = _side(before, staying), _side(after, staying)
    rows = {group: _effects(before[group], after[group], old, new) for group in groups}
    return Bridge(_ratio(before), _ratio(after), rows)


@dataclass(frozen=True, slots=True)
class _Side:
    """One date's totals: the whole denominator, the survivors', and their ratio."""

    whole: Fraction
    staying: Fraction
    ratio: Fraction


def _side(sums: Sums, staying: list[str]) -> _Side:
    whole = sum((below for _, below in sums.values()), ZERO)
    top = sum((sums[group][0] for group in staying), ZERO)
    below = sum((sums[group][1] for group in staying), ZERO)
    return _Side(whole, below, top / below if below else ZERO)


def _effects(
    before: tuple[Fraction, Fraction], after: tuple[Fraction, Fraction], old: _Side, new: _Side
) -> tuple[Fraction, ...]:
    rate = mix = entered = exited = ZERO
    if before[1] and after[1]:
        rate, mix = _surviving(before, after, old, new)
    elif after[1]:
        entered = after[1] / new.whole * (after[0] / after[1] - new.ratio)
    elif before[1]:
        exited = before[1] / old.whole * (old.ratio - before[0] / before[1])
    lone_after = ZERO if after[1] else after[0] / new.whole
    lone_before = ZERO if before[1] else before[0] / old.whole
    return rate, mix, entered, exited, lone_after - lone_before


def _surviving(
    before: tuple[Fraction, Fraction], after: tuple[Fraction, Fraction], old: _Side, new: _Side
) -> tuple[Fraction, Fraction]:
    """Bennet's rate and mix of one group among the survivors."""
    ratio_before, ratio_after = before[0] / before[1], after[0] / after[1]
    share_before, share_after = before[1] / old.staying, after[1] / new.staying
    rate = (share_before + share_after) / 2 * (ratio_after - ratio_before)
    distance = (ratio_before + ratio_after - old.ratio - new.ratio) / 2
    return rate, (share_after - share_before) * distance


def _ratio(sums: Sums) -> Fraction:
    top = sum((top for top, _ in sums.values()), ZERO)
    return top / sum((below for _, below in sums.values()), ZERO)


@dataclass(frozen=True, slots=True)
class SumBridge:
    """The change of the numerator: Δ denominator × mean ratio + mean denominator × effects.

    Attributes:
        volume: What the change of the denominator did.
        effects: What each effect of the ratio did.
    """

    start: Fraction
    end: Fraction
    volume: Fraction
    effects: Mapping[str, Fraction]


def sum_bridge(start: Sums, end: Sums) -> SumBridge:
    """The same change told of the numerator, exactly (of MRR: more users, or more from each)."""
    ratio = bridge(start, end)
    below = [sum((pair[1] for pair in side.values()), ZERO) for side in (start, end)]
    above = [sum((pair[0] for pair in side.values()), ZERO) for side in (start, end)]
    mean = sum(below, ZERO) / 2
    volume = (below[1] - below[0]) * (ratio.start + ratio.end) / 2
    effects = {name: mean * effect for name, effect in ratio.effects.items()}
    return SumBridge(above[0], above[1], volume, effects)
