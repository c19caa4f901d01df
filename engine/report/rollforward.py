"""MRR from one period's end to the next: opening, movements, closing, as they are printed.

Rounded amounts do not always add up. Here the ones with the largest rounding are moved by one
in the last printed digit until they do, so that a reader who adds up a column finds it right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.metrics.model import Number
from engine.period import Period
from engine.report.material import NO_GROUP, TOTAL, Group, Material
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import DASH, Scale, Words

MOVEMENTS = {
    "mrr_new": "New",
    "mrr_reactivation": "Reactivation",
    "mrr_expansion": "Expansion",
    "mrr_contraction": "Contraction",
    "mrr_churn": "Churn",
    "mrr_fx": "Currency",
}
TRANSFER = {"mrr_transfer": "Transfer"}

#: Neither good nor bad for the business.
NEUTRAL = frozenset({"mrr_fx", "mrr_transfer"})


@dataclass(frozen=True, slots=True)
class RollForward:
    """Numbers that add up: opening + movements = closing."""

    opening: Number
    movements: tuple[Number, ...]
    closing: Number

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All of them, in the order that they are printed."""
        return (self.opening, *self.movements, self.closing)

    @property
    def values(self) -> tuple[float, ...] | None:
        """All values; None if one is missing, for then nothing adds up."""
        values = [number.value for number in self.numbers]
        known = tuple(value for value in values if value is not None)
        return known if len(known) == len(values) else None

    def moved(self, metric: str) -> float:
        """The value of one movement; 0 if it has none."""
        return sum(each.value or 0.0 for each in self.movements if each.metric == metric)


def roll_forward(
    material: Material, period: Period, group: Group = TOTAL, *, names: Sequence[str]
) -> RollForward:
    """The period's movements of those metrics, and the MRR before and after."""
    return RollForward(
        _present(material.number("mrr", period.before(), group)),
        tuple(_present(material.number(name, period, group)) for name in names),
        _present(material.number("mrr", period, group)),
    )


def _present(number: Number) -> Number:
    """The number; a group that is not there in the period has zero, not nothing."""
    if number.reason != NO_GROUP:
        return number
    return replace(number, numerator=0.0, value=0.0, reason=None)


def printed(roll: RollForward, words: Words, scale: Scale) -> tuple[Cell, ...]:
    """The cells of the roll-forward, so rounded that what is printed adds up."""
    if roll.values is None:
        return tuple(_plain(number, words, scale) for number in roll.numbers)
    texts = [words.number(each / 10**scale.digits, scale.digits) for each in units(roll, scale)]
    return tuple(Cell(text, number) for text, number in zip(texts, roll.numbers, strict=True))


def units(roll: RollForward, scale: Scale) -> tuple[int, ...]:
    """The amounts in units of the last digit that is printed; empty if one is missing."""
    unit = scale.divisor / 10**scale.digits
    return footed([value / unit for value in roll.values or ()])


def footed(values: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers near the values, where first + middle ones = last.

    The ends are rounded as usual; what is then amiss is put on the middle values whose
    rounding was the largest, one each.
    """
    wholes = [round(value) for value in values]
    amiss = wholes[-1] - sum(wholes[:-1]) if wholes else 0
    step = 1 if amiss > 0 else -1
    inner = [at for at in range(1, len(values) - 1) if values[at]]
    inner.sort(key=lambda at: -step * (values[at] - wholes[at]))
    for at in inner[: abs(amiss)]:
        wholes[at] += step
    return tuple(wholes)


def movement_tone(number: Number) -> Tone:
    """Good for what came, bad for what went; states and neutral movements have none."""
    if number.metric == "mrr" or number.metric in NEUTRAL or not number.value:
        return Tone.PLAIN
    return Tone.GOOD if number.value > 0 else Tone.BAD


def _plain(number: Number, words: Words, scale: Scale) -> Cell:
    if number.value is None:
        return Cell(DASH, number, Tone.MUTED)
    return Cell(words.scaled(number.value, scale), number)
