"""One metric under several policies, and which of their rules make the difference."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from engine.errors import EngineError
from engine.metrics.evaluate import definition
from engine.metrics.explanation import number_document
from engine.metrics.measures import MEASURES
from engine.metrics.model import Number
from engine.period import Period, month_start
from engine.policy import Policy
from engine.presets import PRESETS
from engine.presets.model import Limit, Rule

#: Counts the metric under a policy.
Count = Callable[[Policy], Number]

#: Keys that name a policy and choose nothing.
_NAMES = frozenset({"name", "version", "preset"})

_CONTRACT = "Quarterdeck contract, section"
_CHURNED = ("churned_openings", "accounts_opening", "mrr_lost", "mrr_lost_net", "mrr_opening")

#: What alone a key can move; any other key may move every metric.
_MOVES: Mapping[str, tuple[str, ...]] = {
    "arpu_users": ("arpu", "cac_user"),
    "gross_margin": ("margin",),
    "gross_margin_by_product": ("margin",),
    "churn_months": _CHURNED,
    "churn_base": ("accounts_opening",),
    "cac_lag_months": ("spend",),
    "max_lifetime_months": ("ltv", "ltv_user"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that two policies do not share.

    Attributes:
        alone: What the metric's value would change by, were this rule alone exchanged; None
            where it has no value on one side.
    """

    key: str
    own: object
    theirs: object
    alone: float | None
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The metric under one policy, beside the workspace's own.

    Attributes:
        change: Value less the own policy's; None where one has none.
        differences: Rules that may move the metric and are not the own policy's.
        limits: Rules of the tool that touch the metric and no policy makes.
    """

    policy: Policy
    number: Number
    change: float | None
    differences: tuple[Difference, ...] = ()
    limits: tuple[Limit, ...] = ()


def compare(name: str, own: Policy, others: Iterable[Policy], count: Count) -> tuple[Counted, ...]:
    """The metric under the own policy, then under each of the others."""
    base = count(own)
    tried = _trying(base, count)
    return (Counted(own, base, None), *(_beside(name, own, base, each, tried) for each in others))


def counterpart(policy: Policy, period: Period) -> Policy:
    """The policy at the rates of the period's opening month; if its rates are fixed, reported."""
    if policy.fx != "reported":
        return policy.model_copy(update={"name": f"{policy.name}, as reported", "fx": "reported"})
    month = f"{month_start(period.opening):%Y-%m}"
    name = f"{policy.name}, rates of {month}"
    return policy.model_copy(update={"name": name, "fx": f"constant:{month}"})


def document(rows: Sequence[Counted]) -> dict[str, object]:
    """The part of ``qbr explain --format json`` that ``--policies`` adds."""
    return {"policies": [_row(each) for each in rows]}


def _row(row: Counted) -> dict[str, object]:
    differences = [asdict(each) for each in row.differences]
    return {
        "policy": row.policy.name,
        "preset": row.policy.preset or None,
        "fingerprint": row.policy.fingerprint,
        **number_document(row.number),
        "difference": row.change,
        "rules": differences,
        "not_reproduced": [{"words": each.words, "source": each.source} for each in row.limits],
    }


def _trying(base: Number, count: Count) -> Count:
    """Counting that takes what stops it under a policy as the reason for no value."""

    def tried(policy: Policy) -> Number:
        try:
            return count(policy)
        except EngineError as error:
            place = (base.metric, base.period, base.group)
            return Number(*place, None, None, None, base.unit, error.message)

    return tried


def _beside(name: str, own: Policy, base: Number, theirs: Policy, count: Count) -> Counted:
    number = count(theirs)
    parts = _parts(name, own) | _parts(name, theirs)
    keys = [key for key in _differing(own, theirs) if not parts.isdisjoint(_MOVES.get(key, parts))]
    differences = [
        _difference(key, own, theirs, _alone(key, own, base, theirs, number, keys, count))
        for key in keys
    ]
    preset = PRESETS.get(theirs.preset)
    limits = (
        [each for each in preset.limits if not parts.isdisjoint(each.touches)] if preset else []
    )
    return Counted(theirs, number, _change(base, number), tuple(differences), tuple(limits))


def _differing(own: Policy, theirs: Policy) -> Iterator[str]:
    for key in Policy.model_fields:
        if key not in _NAMES and getattr(own, key) != getattr(theirs, key):
            yield key


def _alone(
    key: str,
    own: Policy,
    base: Number,
    theirs: Policy,
    number: Number,
    keys: list[str],
    count: Count,
) -> float | None:
    if len(keys) == 1:
        return _change(base, number)
    return _change(base, count(own.model_copy(update={key: getattr(theirs, key)})))


def _difference(key: str, own: Policy, theirs: Policy, alone: float | None) -> Difference:
    value = getattr(theirs, key)
    rule = _rule(key, theirs)
    return Difference(key, getattr(own, key), value, alone, rule.words, rule.source)


def _rule(key: str, policy: Policy) -> Rule:
    """The rule behind a policy's key: the tool's own, the contract's, or the workspace's."""
    value = getattr(policy, key)
    preset = PRESETS.get(policy.preset)
    rule = preset.rule(key) if preset else None
    if rule is not None and rule.value == value:
        return rule
    if key == "fx":
        return Rule(key, value, _rates(policy), f"{_CONTRACT} 3")
    if value == getattr(Policy(), key):
        silent = f"; {preset.title} does not say, or lets its users choose" if preset else ""
        return Rule(key, value, f"The contract's default{silent}.", f"{_CONTRACT} 7")
    return Rule(key, value, "Set for this policy.", "quarterdeck.toml")


def _rates(policy: Policy) -> str:
    if policy.fx == "reported":
        return "As reported: each month at its own rates."
    return f"Constant currency: every month at the rates of {policy.fx.removeprefix('constant:')}."


def _change(base: Number, number: Number) -> float | None:
    if base.value is None or number.value is None:
        return None
    return number.value - base.value


def _parts(name: str, policy: Policy) -> frozenset[str]:
    """The metric, the metrics that it is made of, and their measures."""
    if name in MEASURES:
        return frozenset({name})
    metric = definition(name, policy)
    nested = (_parts(each, policy) for each in (*metric.tops, *metric.bottoms) if each != name)
    return frozenset({name}).union(*nested)
