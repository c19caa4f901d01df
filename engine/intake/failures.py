"""What does not hold in a file, collected rule by rule and raised once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import EngineError

#: Column with a row's number as a spreadsheet shows it: the header is row 1.
ROW = ":row"

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that every row must keep to.

    Attributes:
        name: Kebab-case, stable; what the message calls it.
        column: The file's column, as its owner knows it.
        broken: True where a row breaks the rule; null is not broken.
        shown: What an example shows of the row.
        advice: What was expected, or what to do.
    """

    name: str
    column: str
    broken: pl.Expr
    shown: pl.Expr
    advice: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that some rows of a file, or the file as a whole, broke."""

    file: str
    rule: str
    column: str
    advice: str
    rows: int = 0
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """File, column, rule, number of rows, examples and advice in one line."""
        counted = f": {self.rows:,} row{'s' if self.rows != 1 else ''}" if self.rows else ""
        such_as = f", such as {', '.join(self.examples)}" if self.examples else ""
        return f"{self.file}, column `{self.column}`, {self.rule}{counted}{such_as}; {self.advice}"


def broken(frame: pl.DataFrame, file: str, rules: Sequence[Rule]) -> tuple[Failure, ...]:
    """One failure per broken rule, in the order of the rules.

    Args:
        frame: Has ``ROW`` and what the rules' expressions name.
        file: What the messages call the file.
    """
    counts = frame.select(
        rule.broken.fill_null(False).sum().alias(str(number)) for number, rule in enumerate(rules)
    ).row(0)
    return tuple(
        Failure(file, rule.name, rule.column, rule.advice, count, _examples(frame, rule))
        for rule, count in zip(rules, counts, strict=True)
        if count
    )


def refuse(failures: Iterable[Failure], error: type[EngineError], hint: str = "") -> None:
    """Raises all failures as one error, named by the first rule; nothing if there are none."""
    found = tuple(failures)
    if not found:
        return
    files = ", ".join(dict.fromkeys(each.file for each in found))
    what = "a rule does" if len(found) == 1 else f"{len(found)} rules do"
    raise error(
        found[0].rule,
        f"{what} not hold in {files}",
        where="\n      ".join(str(each) for each in found),
        note="nothing was imported",
        hint=hint,
    )


def _examples(frame: pl.DataFrame, rule: Rule) -> tuple[str, ...]:
    rows = frame.filter(rule.broken).head(_EXAMPLES).select(ROW, rule.shown.alias("shown"))
    return tuple(
        f"row {row}" + (f" `{str(shown)[:60]}`" if shown is not None else "")
        for row, shown in rows.iter_rows()
    )
