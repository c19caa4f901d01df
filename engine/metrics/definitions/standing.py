"""What the last day says beyond sums: the typical account, concentration, renewals, conversion."""

from engine.metrics.model import Basis, Bounds, Metric, Unit

_STATE, _FLOW = Basis.STATE, Basis.FLOW

STANDING = (
    Metric(
        "arpa_median",
        "Median revenue per account",
        "account_median",
        Unit.MONEY_PER_MONTH,
        _STATE,
        needs="accounts",
        is_additive=False,
        formula="median of the paying accounts' MRR",
        meaning="What the account in the middle pays; far below ARPA, a few large ones carry it.",
        good="Moving with ARPA.",
    ),
    Metric(
        "top10_share",
        "Share of the ten largest accounts",
        "top10_mrr",
        Unit.RATIO,
        _STATE,
        denominator="mrr",
        is_additive=False,
        formula="Σ MRR of the ten largest accounts / mrr",
        meaning="How much of the recurring revenue hangs on ten customers.",
        good="20% or less; above 33.3% is bad: each of the ten is a risk of its own.",
        higher_is_better=False,
        bounds=Bounds(good=0.2, bad=0.333),
    ),
    Metric(
        "renewals_due",
        "Renewals due in the next period",
        "renewals_due",
        Unit.MONEY,
        _STATE,
        formula="Σ MRR of paying rows whose term ends in the next period",
        meaning="Recurring revenue whose committed term runs out in the period to come.",
        good="Known by name, with an owner each.",
        is_neutral=True,
    ),
    Metric(
        "free_to_paid",
        "Free-to-paid conversion",
        "free_converted",
        Unit.RATIO,
        _FLOW,
        denominator="free_opening",
        is_additive=False,
        formula="of accounts live but not paying at the opening: those paying on the last day",
        meaning="The share of free accounts that became customers in the period.",
        good="Rising.",
    ),
)
