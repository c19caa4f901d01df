"""Terms of the field that pages use, and which numbers bring them into a pack."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.metrics.definitions import DEFINITIONS


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A term in one line.

    Attributes:
        text: Empty where the definition of the metric called ``of`` says it.
        of: A metric whose short name it is.
        with_any: Metrics, or dimensions, of which one brings it into the pack; none: always.
    """

    name: str
    text: str = ""
    of: str = ""
    with_any: tuple[str, ...] = ()

    def is_used(self, metrics: Collection[str], dimensions: Collection[str]) -> bool:
        """Whether a pack with those metrics, cut by those dimensions, uses it."""
        bringing = (self.of,) if self.of else self.with_any
        return not bringing or any(each in metrics or each in dimensions for each in bringing)

    @property
    def line(self) -> str:
        """What it means."""
        if not self.of:
            return self.text
        metric = DEFINITIONS[self.of]
        is_said = metric.title.startswith(self.name)
        return metric.meaning if is_said else f"{metric.title}. {metric.meaning}"


_GROWTH = ("mrr_new", "mrr_expansion", "mrr_churn")
_BRIDGE = ("effect",)

FIELD_TERMS = (
    FieldTerm("ARPU", of="arpu"),
    FieldTerm("ARPA", of="arpa"),
    FieldTerm("ARPPU", of="arppu"),
    FieldTerm("MRR", of="mrr"),
    FieldTerm("ARR", of="arr"),
    FieldTerm("NRR", of="nrr"),
    FieldTerm("GRR", of="grr"),
    FieldTerm("LTV", of="ltv"),
    FieldTerm("CAC", of="cac"),
    FieldTerm("Payback", of="cac_payback_months"),
    FieldTerm("Quick ratio", of="quick_ratio"),
    FieldTerm("Coverage", of="pipeline_coverage"),
    FieldTerm("Win rate", of="win_rate"),
    FieldTerm("Sales cycle", of="sales_cycle_days"),
    FieldTerm("Free to paid", of="free_to_paid"),
    FieldTerm("Renewals due", of="renewals_due"),
    FieldTerm("Logo churn", of="logo_churn"),
    FieldTerm("Revenue churn", of="revenue_churn"),
    FieldTerm("Gross margin", of="gross_margin"),
    FieldTerm("Paid seat", "A seat on a row that costs something.", with_any=("paid_seats",)),
    FieldTerm(
        "Free user", "A seat on a live row with no net amount.", with_any=("free_users", "users")
    ),
    FieldTerm("Account", "A customer; it counts while its MRR is above zero."),
    FieldTerm("Live", "Contracted on the day, in a status that the policy lets count."),
    FieldTerm("As-of date", "The day on which billing and CRM were exported."),
    FieldTerm("Snapshot", "The exports of one day, which all numbers of a pack are made from."),
    FieldTerm("Policy", "The choices that numbers depend on, under one name and fingerprint."),
    FieldTerm("Fiscal year", "Named by the calendar year that it ends in; quarters follow it."),
    FieldTerm("Points", "Percentage points: the difference between two shares."),
    FieldTerm("New", "MRR of accounts that never paid before.", with_any=("mrr_new",)),
    FieldTerm(
        "Reactivation",
        "MRR of accounts that pay again after a gap.",
        with_any=("mrr_reactivation",),
    ),
    FieldTerm("Expansion", "More MRR from accounts that stay.", with_any=("mrr_expansion",)),
    FieldTerm("Contraction", "Less MRR from accounts that stay.", with_any=("mrr_contraction",)),
    FieldTerm("Churn", "MRR, or accounts, that ended altogether.", with_any=("mrr_churn",)),
    FieldTerm(
        "Transfer",
        "MRR that moved from one group to another with its account; sums to zero.",
        with_any=("mrr_transfer",),
    ),
    FieldTerm(
        "Currency",
        "What exchange rates alone did to MRR from month to month.",
        with_any=("mrr_fx",),
    ),
    FieldTerm(
        "Roll-forward",
        "MRR at the opening, every movement, and MRR at the closing, without a rest.",
        with_any=_GROWTH,
    ),
    FieldTerm(
        "Levers",
        "What expansion and contraction came from: seats, price, products.",
        with_any=("lever_seats", "lever_price", "lever_product"),
    ),
    FieldTerm(
        "Recognised",
        "Billed amounts, spread over the time that they pay for.",
        with_any=("recurring_revenue", "usage_revenue", "one_time_revenue"),
    ),
    FieldTerm("Cohort", "Accounts that started to pay in the same period.", with_any=("cohort",)),
    FieldTerm("Age", "Whole months since a cohort's first paying month end.", with_any=("age",)),
    FieldTerm(
        "Mix-shift",
        "Why an average moved: rates within groups, or the weights of groups.",
        with_any=_BRIDGE,
    ),
    FieldTerm(
        "Rate", "The part that groups' own averages moved, at mean weights.", with_any=_BRIDGE
    ),
    FieldTerm("Mix", "The part that came from groups gaining or losing weight.", with_any=_BRIDGE),
    FieldTerm("Entered", "The part of groups that were not there before.", with_any=_BRIDGE),
    FieldTerm("Exited", "The part of groups that are gone.", with_any=_BRIDGE),
    FieldTerm("Plan", "Figures that the company set itself as targets.", with_any=("scenario",)),
    FieldTerm("Band", "Accounts of like MRR, by bounds of the policy.", with_any=("mrr_band",)),
    FieldTerm("Stage", "New: first paid in the period; else existing.", with_any=("stage",)),
)
