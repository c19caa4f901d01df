"""Values from exports, made safe to print: they may hold anything."""

import unicodedata
from collections.abc import Mapping, Sequence

#: Characters of one value that a message shows at most.
LONGEST = 60

#: Unicode's control, format (such as text direction), surrogate, and line and paragraph breaks.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def quoted(value: object) -> str:
    """The value on one line, without control characters, cut to ``LONGEST``; null for None."""
    text = "null" if value is None else str(value)[: 10 * LONGEST]
    kept = "".join(each for each in text if unicodedata.category(each) not in _UNPRINTABLE)
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def example(row: Mapping[str, object], key: Sequence[str]) -> str:
    """A row in a few words: its key, then what else it holds (``id=7: amount=-5``)."""
    name = ", ".join(f"{column}={quoted(row[column])}" for column in key)
    rest = ", ".join(
        f"{quoted(column)}={quoted(row[column])}" for column in row if column not in key
    )
    return ": ".join(part for part in (name, rest) if part)
