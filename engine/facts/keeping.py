"""Where what was counted is kept: for later runs, and aside for this one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.cache import Cache
from engine.facts.fact_cache import FactCache
from engine.shelf import Shelf, in_memory


@dataclass(frozen=True, slots=True)
class Keeping:
    """For later runs and aside.

    Attributes:
        cache: Facts by what they are made from.
        shelf: Makes a shelf that holds so many bytes in memory.
    """

    cache: FactCache = field(default_factory=lambda: FactCache(Cache()))
    shelf: Callable[[int], Shelf] = in_memory


NOTHING_KEPT = Keeping()
