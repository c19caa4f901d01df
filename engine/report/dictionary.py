"""Definitions of metrics in families, as a page lists them."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Defined:
    """One metric in words.

    Attributes:
        looks: At one day or over the period.
        judged: When its value is good or bad; empty where the rule for all holds.
    """

    title: str
    formula: str
    looks: str
    meaning: str
    watch_out: str
    judged: str


@dataclass(frozen=True, slots=True)
class DefinedFamily:
    """Metrics of one kind."""

    name: str
    metrics: tuple[Defined, ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All of them."""

    part: ClassVar[str] = "dictionary"
    title: str
    unit: str
    families: tuple[DefinedFamily, ...]
    notes: tuple[str, ...] = ()
