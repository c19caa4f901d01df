"""What was left out of the numbers because it broke a rule, in rows and in money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SetAside:
    """The rows of one table that were left out for one rule.

    Attributes:
        table: Canonical name.
        rule: The first rule that each of them breaks, so that no row is counted twice.
        column: The column at fault; empty where several or none are.
        rows: How many.
        money: Currency → amount less discount in major units; empty for a table without amounts.
            Rows whose currency is no currency are not in it.
    """

    table: str
    rule: str
    column: str
    rows: int
    money: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal], hash=False)

    def __str__(self) -> str:
        """Table, column, rule, rows and money on one line."""
        column = f", column `{self.column}`" if self.column else ""
        sums = ", ".join(f"{code} {amount:,f}" for code, amount in self.money.items())
        worth = f" worth {sums}" if sums else ""
        rows = f"{self.rows:,} row{'' if self.rows == 1 else 's'}"
        return f"{self.table}{column}, {self.rule}: {rows}{worth}"

    @property
    def as_json(self) -> dict[str, object]:
        """As it stands in a verdict's document; money as numbers in major units."""
        return {
            "table": self.table,
            "rule": self.rule,
            "column": self.column or None,
            "rows": self.rows,
            "money": {code: float(amount) for code, amount in self.money.items()},
        }
