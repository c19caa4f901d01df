"""Every rule that data is checked by, and how grave it is when one does not hold."""

from collections.abc import Mapping
from enum import StrEnum


class Severity(StrEnum):
    """What a failure does: an error stops every number, a warning is told, off is not looked at."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


#: Rules about files, tables and columns, which setting rows aside does not cure.
STRUCTURAL = frozenset(
    {
        *("unreadable", "table-missing", "table-twice", "no-columns", "mixed-schemas"),
        *("column-missing", "column-twice", "type"),
    }
)

#: Errors whatever the workspace says: without these, a number would be wrong or not come at all.
#: Where single rows break them, `--quarantine` sets those aside instead.
FIXED = STRUCTURAL | {
    *("nulls", "unique", "enumeration", "range", "format", "finite", "currency", "month-start"),
    *(
        "service-dates-together",
        "service-dates-ordered",
        "rate-missing",
        "parent-cycle",
        "too-long",
    ),
}

#: Rules whose severity the workspace may change, and what it is where it does not.
DEFAULTS: Mapping[str, Severity] = {
    "date-range": Severity.ERROR,
    "discount-within-amount": Severity.ERROR,
    "interval-ordered": Severity.ERROR,
    "overlap": Severity.ERROR,
    "sign-of-entry": Severity.ERROR,
    "won-is-closed": Severity.ERROR,
    "account-unbilled": Severity.WARNING,
    "account-unknown": Severity.WARNING,
    "close-before-created": Severity.WARNING,
    "drift": Severity.WARNING,
    "export-twice": Severity.WARNING,
    "file-unknown": Severity.WARNING,
    "history-gap": Severity.WARNING,
    "minor-units": Severity.WARNING,
    "month-end-slip": Severity.WARNING,
    "month-without-lines": Severity.WARNING,
    "name-twice": Severity.WARNING,
    "parallel-items": Severity.WARNING,
    "rows-repeated": Severity.WARNING,
    "service-dates-missing": Severity.WARNING,
    "stale": Severity.WARNING,
    "table-empty": Severity.WARNING,
}
