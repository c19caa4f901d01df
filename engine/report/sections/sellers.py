"""Whom deals are told apart by: their kind, their owner, their vendor."""

from dataclasses import dataclass, replace

from engine.facts.attributes import UNKNOWN
from engine.report.material import Group, Material

#: Kinds in the order that an account meets them, with their names.
KINDS = {"new": "New business", "expansion": "Expansions", "renewal": "Renewals"}
RENEWAL = "renewal"

#: Whom deals are won by.
PEOPLE = ("owner", "vendor")

AMOUNTS = ("pipeline_created", "won_value", "pipeline_open")
COUNTS = ("opportunities_created", "opportunities_won")


@dataclass(frozen=True, slots=True)
class Seller:
    """A kind, an owner or a vendor of deals; ``is_unnamed`` holds those that name none."""

    group: Group
    name: str
    won: float
    open: float
    is_unnamed: bool = False


def kinds(material: Material) -> tuple[Seller, ...]:
    """The kinds of deals that there are, in the order of ``KINDS``."""
    order = list(KINDS)

    def place(seller: Seller) -> tuple[int, str]:
        kind = seller.group["kind"]
        return order.index(kind) if kind in order else len(order), seller.name

    named = [
        replace(each, name=KINDS.get(each.group["kind"], each.name))
        for each in _sellers(material, "kind")
    ]
    return tuple(sorted(named, key=place))


def people(material: Material, dimension: str) -> tuple[Seller, ...]:
    """Owners or vendors with any deal, who won most first, the unnamed last."""
    found = _sellers(material, dimension)
    return tuple(
        sorted(found, key=lambda each: (each.is_unnamed, -each.won, -each.open, each.name))
    )


def _sellers(material: Material, dimension: str) -> list[Seller]:
    groups = material.context.numbers.groups(dimension, period=material.period.label)
    return [_seller(material, dimension, group) for group in groups if _has_deals(material, group)]


def _has_deals(material: Material, group: Group) -> bool:
    decided = material.number("win_rate", None, group).denominator
    return bool(decided) or any(material.value(name, None, group) for name in (*COUNTS, *AMOUNTS))


def _seller(material: Material, dimension: str, group: Group) -> Seller:
    label = group[dimension].strip()
    is_unnamed = label == UNKNOWN
    return Seller(
        group,
        f"No {dimension} named" if is_unnamed else label or "(blank)",
        material.value("won_value", None, group) or 0.0,
        material.value("pipeline_open", None, group) or 0.0,
        is_unnamed,
    )
