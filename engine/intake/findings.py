"""What a rule found, before anybody says how grave it is."""

from dataclasses import dataclass

#: Rows that a finding shows at most.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that does not hold in one table.

    Attributes:
        table: Canonical name, ``billing/invoice_lines``.
        rule: Stable name; ``engine.settings.severities`` knows the grave from the light.
        column: The column at fault; None where several or none are.
        rows: How many rows break it; 0 where a file or table as a whole does.
        examples: At most ``EXAMPLES``, each with the row's key and the value; safe to print.
        hint: What holds for good data, or what to do.
        file: Path within the snapshot; empty: the whole table.
    """

    table: str
    rule: str
    column: str | None = None
    rows: int = 0
    examples: tuple[str, ...] = ()
    hint: str = ""
    file: str = ""
