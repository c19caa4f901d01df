"""Single accounts in a pack's numbers: who holds, gained or lost how much."""

from dataclasses import dataclass
from unicodedata import bidirectional

from engine.metrics.model import Number
from engine.period import Period
from engine.report.material import LEFT_TO_RIGHT, Group, Material
from engine.report.table import Cell

#: What single accounts are asked by; a name may be anything, and several may share one.
BY = ("account_id", "name")

#: What a table has room for: names in two lines of so many points.
_WIDTH = 2 * 104.0
_NAMELESS = {"", "Unknown"}


@dataclass(frozen=True, slots=True)
class Holder:
    """One account's number.

    Attributes:
        name: As pages call it; its id where CRM has no name.
        group: What the number is keyed by.
    """

    account: str
    name: str
    number: Number
    group: Group

    @property
    def value(self) -> float:
        """The number's value; there are no accounts without one."""
        return self.number.value or 0.0


def holders(
    material: Material, metric: str, period: Period | None = None, *further: str
) -> tuple[Holder, ...]:
    """The accounts kept for that metric and period, the largest value first.

    Args:
        further: Dimensions that were asked besides ``BY``.
    """
    numbers, label = material.context.numbers, (period or material.period).label
    found: list[Holder] = []
    for group in numbers.groups(*BY, *further, period=label):
        try:
            number = numbers.one(metric, label, group)
        except KeyError:
            continue  # kept for another metric
        if number.value is not None:
            found.append(Holder(group["account_id"], _name(material, group), number, group))
    return tuple(sorted(found, key=lambda each: (-each.value, each.account)))


def _name(material: Material, group: Group) -> str:
    name = group["name"].strip()
    called = group["account_id"] if name in _NAMELESS else name
    return material.look.typeface.fitted(" ".join(called.split()), _WIDTH, 7.5, 500)


def spoken(name: str) -> str:
    """The name as a sentence holds it: what follows a right-to-left one stays on its right."""
    is_foreign = any(bidirectional(each) in {"R", "AL"} for each in name)
    return name + LEFT_TO_RIGHT if is_foreign else name


def share_cell(material: Material, part: float | None, whole: float | None) -> Cell:
    """A part of a whole as a table shows it; a dash where there is no whole."""
    if part is None or whole is None or whole <= 0:
        return Cell("–")
    return Cell(material.words.share(part / whole))
