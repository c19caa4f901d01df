"""What a snapshot's check came to: failures, tables and the verdict over all of them."""

from dataclasses import dataclass, field

from engine.intake.set_aside import SetAside
from engine.settings.severities import Severity
from engine.settings.validation import Validation


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that does not hold in one table.

    Attributes:
        table: Canonical name, ``billing/invoice_lines``.
        rule: Stable name of the rule.
        column: The column at fault; None where several or none are.
        rows: How many rows break it; 0 where a file or table as a whole does.
        severity: An error stops every number.
        examples: At most three, each with the row's key and the value; safe to print.
        file: File, or folder of files, within the snapshot.
        hint: What holds for good data, or what to do.
    """

    table: str
    rule: str
    column: str | None
    rows: int
    severity: Severity
    examples: tuple[str, ...]
    file: str
    hint: str

    def __str__(self) -> str:
        """File, column, rule, number of rows, examples and what to do, on one line."""
        column = f", column `{self.column}`" if self.column else ""
        rows = f": {self.rows:,} row{'' if self.rows == 1 else 's'}" if self.rows else ""
        such_as = f", such as {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.file}{column}, {self.rule}{rows}{such_as} ({self.hint})"


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """One table: its rows, and whether no error was found in it."""

    table: str
    rows: int
    ok: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked in one snapshot, and what does not hold: errors first, then by table.

    Attributes:
        snapshot: Folder or URL.
        settings: How grave each rule was taken, and where a suspicion started.
        compared_with: As-of date of the snapshot before, or empty.
        set_aside: What was left out before this was found, if that was asked for.
    """

    snapshot: str
    tables: tuple[TableVerdict, ...]
    failures: tuple[Failure, ...]
    settings: Validation = field(default_factory=Validation)
    compared_with: str = ""
    set_aside: tuple[SetAside, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no failure is an error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Failure, ...]:
        """The failures that stop every number."""
        return tuple(each for each in self.failures if each.severity is Severity.ERROR)
