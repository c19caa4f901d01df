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
class Bounds:
    """What is customary: the value from which a metric is good, and that beyond which it is bad.

    Both belong to the better side; which side that is says ``higher_is_better``. A value between
    them is to be watched.
    """

    good: float
    bad: float


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
        good: What a good development looks like, in words; says the figures of ``bounds``.
        bounds: From where a value is good or bad by itself; without them it is judged by how it
            moved.
        is_neutral: Neither more nor less of it is better.
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
    bounds: Bounds | None = None
    is_neutral: bool = False
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
        """The definition as the policy's users, churn and cap on lifetimes make it."""
        metric = _with_churn(_with_users(self, policy), policy)
        if policy.max_lifetime_months and "logo_churn" in self.bottoms:
            metric = replace(metric, floor=1 / policy.max_lifetime_months)
        return metric


def _with_users(metric: Metric, policy: Policy) -> Metric:
    """With what stands below ARPU, and below the cost of a user where that is the account."""
    if metric.id == "arpu":
        formula = metric.formula.replace("users", policy.arpu_users)
        return replace(metric, denominator=policy.arpu_users, formula=formula)
    if metric.id == "cac_user" and policy.arpu_users == "accounts":
        meaning = metric.meaning.replace("a paid seat", "an account")
        formula = "the same spend / new_accounts"
        return replace(metric, denominator="new_accounts", formula=formula, meaning=meaning)
    return metric


def _with_churn(metric: Metric, policy: Policy) -> Metric:
    """With the months and the base of the rates of churn in its words."""
    months, formula, meaning = policy.churn_months, metric.formula, metric.meaning
    if months != 12:
        past = "last month" if months == 1 else f"trailing {months} months"
        formula = formula.replace("trailing twelve months", past)
        meaning = meaning.replace("over a year's months", f"over the {past}")
    if policy.churn_base == "opening_and_new":
        formula = formula.replace("Σ opening accounts", "Σ (opening + new accounts)")
    return replace(metric, formula=formula, meaning=meaning)


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
