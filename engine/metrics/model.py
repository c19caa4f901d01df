"""What a metric is: a record that names its two sums and says in words what it means."""

from dataclasses import dataclass, replace
from enum import StrEnum

from engine.policy import Policy


class Unit(StrEnum):
    """Unit of a metric's value, as SPEC's table writes it."""

    MONEY = "money"
    MONEY_PER_MONTH = "money/month"
    MONEY_PER_YEAR = "money/year"
    COUNT = "count"
    RATIO = "ratio"
    RATIO_PER_MONTH = "ratio/month"
    MONTHS = "months"
    DAYS = "days"

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount of the reporting currency."""
        return self.value.startswith("money")


class Basis(StrEnum):
    """When a metric looks: at one day or over the period."""

    STATE = "on the period's last day"
    FLOW = "over the period"


class Transform(StrEnum):
    """What is done to the quotient, last."""

    NONE = ""
    OVER_A_YEAR = "1 − (1 − value)¹²"


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition: the sums it is made of and the words a reader needs.

    Attributes:
        numerator: Names of measures or metrics, multiplied: ``"arpa × gross_margin"``. A sum
            or count metric is one measure alone.
        denominator: The same below the line; empty for sums and counts.
        factor: Whole number that the numerator is multiplied with (12 turns months into a year).
        needs: Name of a measure without which there is no value: no median of no accounts.
        floor: The least that the denominator counts as; a policy's cap on lifetimes sets it.
        nothing: Why a ratio over this metric cannot be had where this is zero.
        is_additive: Whether groups add up to the total.
        good: What a good development looks like, in words.
    """

    id: str
    title: str
    numerator: str
    unit: Unit
    basis: Basis
    formula: str
    meaning: str
    denominator: str = ""
    factor: int = 1
    needs: str = ""
    transform: Transform = Transform.NONE
    floor: float = 0.0
    nothing: str = ""
    is_additive: bool = True
    watch_outs: tuple[str, ...] = ()
    good: str = ""
    higher_is_better: bool = True
    source: str = "Quarterdeck contract, section 3"

    @property
    def tops(self) -> tuple[str, ...]:
        """Names multiplied in the numerator."""
        return tuple(self.numerator.split(" × "))

    @property
    def bottoms(self) -> tuple[str, ...]:
        """Names multiplied in the denominator; none for sums and counts."""
        return tuple(self.denominator.split(" × ")) if self.denominator else ()

    def under(self, policy: Policy) -> "Metric":
        """The definition with the policy's users below ARPU and its cap on lifetimes."""
        metric = self
        if self.id == "arpu":
            formula = self.formula.replace("users", policy.arpu_users)
            metric = replace(self, denominator=policy.arpu_users, formula=formula)
        if policy.max_lifetime_months and "logo_churn" in self.bottoms:
            metric = replace(metric, floor=1 / policy.max_lifetime_months)
        return metric


@dataclass(frozen=True, slots=True)
class Number:
    """A metric's value for one period and group, with the two sums behind it.

    Money is in major units of the reporting currency. ``value`` is None exactly when
    ``reason`` says why. Sums and counts have no denominator.
    """

    metric: str
    period: str
    group: tuple[tuple[str, str], ...]
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: Unit
    reason: str | None
