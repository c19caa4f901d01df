"""What an import made, and how it is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.money import exponent


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import made.

    Attributes:
        snapshot: The new folder.
        lines: Invoice lines written.
        accounts: Accounts written; ``account_rows`` is more where they have history.
        first_day: Earliest invoice date.
        last_day: Latest invoice date.
        totals: Currency → sum of ``amount`` in minor units, credits and refunds taken off.
        defaulted: Column → rows that had no cell for it and were given a value.
        kept: Further columns of the ledger that stay on the lines, by their new names.
        dropped: Columns of the ledger that went nowhere.
        blank_rows: Rows that held nothing.
        warnings: Sentences on what a reader should look at.
    """

    snapshot: Path
    lines: int
    accounts: int
    account_rows: int
    first_day: date
    last_day: date
    totals: Mapping[str, int]
    defaulted: Mapping[str, int]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    blank_rows: int
    warnings: tuple[str, ...]


def summary(result: ImportResult) -> str:
    """The result in a few lines of text."""
    return "\n".join(_sentences(result))


def _sentences(result: ImportResult) -> Iterator[str]:
    yield f"imported into {result.snapshot}"
    history = f" in {result.account_rows:,} rows" if result.account_rows > result.accounts else ""
    yield (
        f"  {result.lines:,} lines of {result.accounts:,} accounts{history}, "
        f"invoiced {result.first_day} to {result.last_day}"
    )
    yield "  amounts sum to " + ", ".join(
        f"{_major(total, currency)} {currency}" for currency, total in result.totals.items()
    )
    if result.defaulted:
        filled = (f"{column} ({rows:,})" for column, rows in result.defaulted.items())
        yield "  filled in where the ledger says nothing: " + ", ".join(filled)
    if result.kept:
        yield "  further columns kept: " + ", ".join(result.kept)
    if result.dropped:
        yield "  columns left out: " + ", ".join(result.dropped)
    if result.blank_rows:
        yield f"  blank rows left out: {result.blank_rows:,}"
    yield from (f"warning: {warning}" for warning in result.warnings)


def _major(minor: int, currency: str) -> str:
    """Exact, with the currency's own decimals: ``-1,234.50``."""
    digits = exponent(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    decimals = f".{rest:0{digits}}" if digits else ""
    return f"{'-' if minor < 0 else ''}{whole:,}{decimals}"
