"""How grave it is when a rule does not hold: an error stops every number, a warning is told."""

from collections.abc import Mapping
from enum import StrEnum


class Severity(StrEnum):
    """What a failure does."""

    ERROR = "error"
    WARNING = "warning"


#: Rules that are only told about. Every other one is an error.
SEVERITIES: Mapping[str, Severity] = {
    "account-unknown": Severity.WARNING,
    "account-unbilled": Severity.WARNING,
    "file-unknown": Severity.WARNING,
    "parallel-items": Severity.WARNING,
    "table-empty": Severity.WARNING,
}


def severity(rule: str) -> Severity:
    """What breaking the rule of that name does."""
    return SEVERITIES.get(rule, Severity.ERROR)
