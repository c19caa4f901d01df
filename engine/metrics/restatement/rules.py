"""The rules that one end is counted by: a policy, and the definitions of its day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.metrics.definitions import DEFINITIONS
from engine.metrics.evaluate import definition
from engine.metrics.measures import MEASURES
from engine.metrics.model import Basis, Metric, Transform, Unit
from engine.policy import Policy

_NAMES_OF_TYPES = {"unit": Unit, "basis": Basis, "transform": Transform}


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy, and definitions that a run recorded; those that it did not are today's.

    Attributes:
        recorded: Definitions by metric, as they were under the policy.
    """

    policy: Policy
    recorded: Mapping[str, Metric] = field(default_factory=dict[str, Metric])

    def definition(self, name: str) -> Metric:
        """The metric's definition; an unknown name is a UsageError."""
        if name in self.recorded:
            return self.recorded[name]
        return definition(name, self.policy)

    def count_as(self, other: "Rules") -> bool:
        """Whether every metric comes out alike, whatever the policies and metrics are called."""
        return _choices(self.policy) == _choices(other.policy) and all(
            _sums(self.definition(name)) == _sums(other.definition(name)) for name in DEFINITIONS
        )


def recorded(policy: Policy, definitions: Mapping[str, Mapping[str, object]]) -> Rules:
    """The rules that a manifest holds; definitions that can be evaluated no more are left out."""
    found = {name: metric for name, each in definitions.items() if (metric := _metric(each))}
    known = {*MEASURES, *DEFINITIONS, *found}
    return Rules(
        policy,
        {
            name: metric
            for name, metric in found.items()
            if known.issuperset((*metric.tops, *metric.bottoms))
        },
    )


def _metric(entry: Mapping[str, object]) -> Metric | None:
    fields = {key: entry[key] for key in Metric.__dataclass_fields__ if key in entry}
    try:
        typed = {key: _NAMES_OF_TYPES[key](str(fields[key])) for key in _NAMES_OF_TYPES}
        return Metric(**fields | typed)  # pyright: ignore[reportArgumentType]  as it was written
    except (KeyError, TypeError, ValueError):
        return None


def _choices(policy: Policy) -> dict[str, object]:
    """The policy without its names."""
    return policy.model_dump(exclude={"name", "version", "preset"})


def _sums(metric: Metric) -> tuple[object, ...]:
    """What of a definition decides its value."""
    return (
        metric.numerator,
        metric.denominator,
        metric.factor,
        metric.needs,
        metric.transform,
        metric.floor,
    )
