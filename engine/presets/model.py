"""What a preset is: rules that keys of the policy make, and limits that none makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of a tool: the policy's key that makes it, in words, and where it is written."""

    key: str
    value: object
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule of the tool that no key of the policy makes.

    Attributes:
        touches: Metrics and measures that come out differently; what is made of them does too.
    """

    words: str
    source: str
    touches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A tool's rules, as far as its pages state them."""

    name: str
    title: str
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]

    @property
    def keys(self) -> dict[str, object]:
        """What the preset sets, as a workspace's file would."""
        return {rule.key: rule.value for rule in self.rules}

    def rule(self, key: str) -> Rule | None:
        """The rule behind that key; None where the tool's pages are silent."""
        return next((rule for rule in self.rules if rule.key == key), None)


#: Measures that a change within a month, seen or not seen, comes out in.
MOVES = (
    "mrr_new",
    "mrr_reactivation",
    "mrr_expansion",
    "mrr_contraction",
    "mrr_churn",
    "new_accounts",
    "churned_accounts",
    "reactivated_accounts",
    "mrr_gained",
    "mrr_down",
    "mrr_lost",
    "mrr_lost_net",
    "churned_openings",
)
