"""Where accounts come from: a channel, a campaign, a vendor, with its spend and what it won."""

from dataclasses import dataclass

from engine.facts.attributes import UNKNOWN
from engine.metrics.model import Number
from engine.report.benchmarks import FEW, TOO_FEW
from engine.report.material import NO_GROUP, Group, Material
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import DASH

#: Metrics that say something only of a source with spend and enough new accounts.
RATES = frozenset({"cac", "cac_payback_months", "ltv_cac"})


@dataclass(frozen=True, slots=True)
class Source:
    """A value of a dimension that accounts come from, and what it cost and brought.

    Attributes:
        spend: None where spend is not recorded by the dimension.
        mrr: Brought by the new accounts.
        is_unnamed: Spend and accounts that name none, which have nothing to do with each other.
    """

    dimension: str
    group: Group
    name: str
    spend: float | None
    new: float
    mrr: float
    is_unnamed: bool

    @property
    def is_few(self) -> bool:
        """Fewer new accounts than a rate can be read from."""
        return self.new < FEW

    @property
    def is_read(self) -> bool:
        """Whether its rates are told."""
        return not self.is_few and not self.is_unnamed

    @property
    def cost(self) -> float:
        """Its spend; 0 where it has none or none is known."""
        return self.spend or 0.0


def sources(material: Material, dimension: str) -> tuple[Source, ...]:
    """Every value with spend or new accounts, the dearest first, the unnamed one last."""
    groups = material.context.numbers.groups(dimension, period=material.period.label)
    found = [_source(material, dimension, group) for group in groups]
    living = [each for each in found if each.cost or each.new]
    return tuple(
        sorted(living, key=lambda each: (each.is_unnamed, -each.cost, -each.mrr, each.name))
    )


def _source(material: Material, dimension: str, group: Group) -> Source:
    label = group[dimension].strip()
    is_unnamed = label == UNKNOWN
    return Source(
        dimension,
        group,
        f"No {dimension.replace('_', ' ')} named" if is_unnamed else label or "(blank)",
        material.number("cac", None, group).numerator,
        material.value("new_accounts", None, group) or 0.0,
        material.value("mrr_new", None, group) or 0.0,
        is_unnamed,
    )


def has_spend(material: Material, dimension: str) -> bool:
    """Whether spend is recorded by the dimension."""
    return any(each.cost for each in sources(material, dimension))


def rate(material: Material, source: Source, name: str) -> Cell:
    """CAC, payback or LTV/CAC of a source; in words where it would say nothing."""
    number, words = material.number(name, None, source.group), material.words
    if source.spend is None or source.is_unnamed:
        return Cell(DASH, _or_none(number) if source.spend is None else None, Tone.MUTED)
    if not source.spend:
        return Cell("no spend", None, Tone.MUTED)
    if source.is_few:
        return Cell(TOO_FEW, None, Tone.MUTED)
    if number.value is None:
        return Cell(DASH, _or_none(number), Tone.MUTED)
    is_long = abs(number.value) >= 1000
    if name == "cac" and abs(number.value) >= 1e7:
        return Cell(words.compact(number.value), number)
    return Cell(words.number(number.value, 0 if is_long or name == "cac" else 1), number)


def _or_none(number: Number) -> Number | None:
    return None if number.reason == NO_GROUP else number
