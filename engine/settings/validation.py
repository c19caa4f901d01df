"""``[validation]``: how grave each rule is in this workspace, and where a suspicion starts."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.errors import nearest
from engine.settings.base import Table
from engine.settings.severities import DEFAULTS, FIXED, Severity

#: How a severity is written in the file.
Word = Literal["error", "warning", "off"]


def _changeable(given: dict[str, Word]) -> dict[str, Word]:
    for rule, word in given.items():
        if rule in FIXED and word != "error":
            raise ValueError(
                f"`{rule}` stays an error, as numbers would be wrong; "
                "`--quarantine` sets single rows aside"
            )
        if rule not in FIXED and rule not in DEFAULTS:
            raise ValueError(f"`{rule}` is no rule; {nearest(rule, DEFAULTS)}")
    return given


class Validation(Table):
    """What is asked of a snapshot beyond what never gives way.

    Attributes:
        freshness_days: A table whose latest day lies longer than this before the as-of date, a
            month's day being its last, is stale.
        drift_share: A table that lost a larger share of its rows since the snapshot before, or
            whose invoices up to then now sum to so much more or less, has drifted.
        severities: Rule → severity, for those that differ from the default.
    """

    freshness_days: int = Field(default=45, ge=0)
    drift_share: float = Field(default=0.05, gt=0, lt=1)
    severities: Annotated[dict[str, Word], AfterValidator(_changeable)] = Field(
        default_factory=dict[str, Word]
    )

    def severity(self, rule: str) -> Severity:
        """What breaking the rule does; an error where nobody said otherwise."""
        return Severity(self.severities.get(rule, default(rule)))

    @property
    def changed(self) -> Mapping[str, Severity]:
        """Rules whose severity is not the default one, by name."""
        return {
            rule: Severity(word)
            for rule, word in sorted(self.severities.items())
            if word != default(rule)
        }

    @property
    def changes(self) -> tuple[str, ...]:
        """One sentence per rule whose severity is not the default one."""
        return tuple(_change(rule, word) for rule, word in self.changed.items())


def default(rule: str) -> Severity:
    """How grave the rule is unless a workspace says otherwise."""
    return DEFAULTS.get(rule, Severity.ERROR)


def _change(rule: str, severity: Severity) -> str:
    if severity is Severity.OFF:
        return f"{rule} turned off by the workspace"
    way = "raised" if severity is Severity.ERROR else "lowered"
    return f"severity of {rule} {way} to {severity} by the workspace"
