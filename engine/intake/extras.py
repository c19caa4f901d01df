"""Columns of a file that no mapping names: kept under names that a report can ask for."""

import re
from collections import Counter
from collections.abc import Mapping

from engine.intake.failures import Failure
from engine.intake.source import Source
from engine.mapping import ACCOUNT_COLUMNS, OPTIONAL_COLUMNS, REQUIRED_COLUMNS, LedgerMapping

#: Dimensions that the engine makes itself.
_DERIVED = ("cohort", "stage", "mrr_band")

_RESERVED = frozenset({*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS, *_DERIVED})


def kept(source: Source, mapping: LedgerMapping) -> Mapping[str, str]:
    """Column of the file → its name on the invoice lines, for those that stay there."""
    if mapping.keep_extra is False:
        return {}
    if mapping.keep_extra is True:
        columns = [name for name in source.columns if name not in mapping.source_columns]
    else:
        columns = [name for name in source.columns if name in mapping.keep_extra]
    return {name: snake_case(name) for name in columns}


def left_out(source: Source, mapping: LedgerMapping) -> tuple[str, ...]:
    """Columns of the file that go nowhere."""
    mapped = {*mapping.columns.values(), *mapping.account.values(), *kept(source, mapping)}
    return tuple(name for name in source.columns if name not in mapped)


def collisions(source: Source, mapping: LedgerMapping) -> tuple[Failure, ...]:
    """One failure per column whose new name means something else, or is taken or empty."""
    names = kept(source, mapping)
    times = Counter(names.values())
    taken = _RESERVED | set(mapping.account)
    return tuple(
        Failure(
            source.file,
            "extra-column",
            column,
            f"kept as `{name}` it would be taken for {_other(name, times)}; "
            "map it, rename it in the export, or leave it out of `keep_extra`",
        )
        for column, name in names.items()
        if name in taken or times[name] > 1 or not name
    )


def snake_case(name: str) -> str:
    """``Plan Tier``, ``planTier`` and ``PLAN-TIER`` as ``plan_tier``."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", split).strip("_").lower()


def _other(name: str, times: Mapping[str, int]) -> str:
    if not name:
        return "nothing"
    if times[name] > 1:
        return "another column of this file"
    return "the account's own column" if name in ACCOUNT_COLUMNS else "a column of the contract"
