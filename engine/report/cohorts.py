"""The cohorts that a pack's numbers hold, looked up by figure, age and cohort."""

from dataclasses import dataclass

from engine.metrics.model import Number
from engine.period import MONTH, Period
from engine.report.material import Material

#: Cohorts shown, the latest ones, and columns of ages.
MOST, COLUMNS = 13, 12

#: Fewer accounts than this say nothing about a cohort.
FEW = 20


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Cohorts of a period's end, oldest first.

    Attributes:
        every: Names of all of them, as the numbers are keyed.
    """

    material: Material
    every: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The latest of them."""
        return self.every[-MOST:]

    @property
    def is_monthly(self) -> bool:
        """Whether cohorts are months, not fiscal quarters."""
        return self.material.period.length == MONTH

    def number(self, figure: str, age: int, cohort: str = "") -> Number | None:
        """The figure of a cohort, or over all of them; None where it is not of that age yet."""
        group = {"cohort": cohort} if cohort else {}
        context = self.material.context
        try:
            return context.numbers.one(
                f"cohort_{figure}", context.period.label, {**group, "age": str(age)}
            )
        except KeyError:
            return None

    def value(self, figure: str, age: int, cohort: str = "") -> float | None:
        """The same as a value; None also where it cannot be had."""
        number = self.number(figure, age, cohort)
        return number.value if number else None

    def acquired(self, cohort: str) -> float:
        """Accounts that started in it."""
        return self.value("acquired", 0, cohort) or 0.0

    def oldest(self, cohort: str) -> int:
        """The highest age that all its accounts have reached."""
        age = 0
        while self.number("acquired", age + 1, cohort) is not None:
            age += 1
        return age

    @property
    def is_first_mixed(self) -> bool:
        """Whether the first cohort also holds accounts that paid before records begin."""
        others = sorted(self.acquired(each) for each in self.every[1:])
        return bool(others) and self.acquired(self.every[0]) > 3 * others[len(others) // 2]

    def of_age(self, age: int) -> tuple[str, ...]:
        """Those of the shown cohorts that have reached the age."""
        return tuple(each for each in self.names if self.number("acquired", age, each))

    @property
    def ages(self) -> tuple[int, ...]:
        """Ages in months that a table has a column for: each month, or each quarter."""
        highest = max((self.oldest(each) for each in self.names), default=0)
        if self.is_monthly or highest <= COLUMNS:
            return tuple(range(1, min(highest, COLUMNS) + 1))
        return (1, *range(3, highest + 1, 3))[:COLUMNS]

    def title(self, cohort: str) -> str:
        """``Q1 2026``, ``Mar ’26``: the cohort as pages call it."""
        period = Period.parse(cohort, self.material.period.fiscal_year_start)
        if period.length == MONTH:
            return self.material.words.short_month(period.start)
        return period.title


def cohorts(material: Material) -> Cohorts:
    """The cohorts of the reported period's end."""
    context = material.context
    groups = context.numbers.groups("cohort", "age", period=context.period.label)
    return Cohorts(material, tuple(sorted({group["cohort"] for group in groups})))
