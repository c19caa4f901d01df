"""What every sum is, in words: a metric's title, or what stands here for sums that are none."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from engine.metrics.definitions import DEFINITIONS
from engine.metrics.model import Metric
from engine.metrics.standard import rule
from engine.policy import Policy

#: Measures that are not metrics of their own.
SUMS: Mapping[str, str] = {
    "mrr_gained": "new, reactivation and expansion MRR",
    "mrr_down": "contraction and churned MRR, as a magnitude",
    "user_months": "users at each month end of the period, added up",
    "account_months": "paying accounts at each month end of the period, added up",
    "base": "MRR twelve months before, of the accounts that paid then",
    "kept": "MRR on the last day, of the accounts that paid twelve months before",
    "kept_at_most": "the smaller of MRR now and twelve months before, account by account",
    "churned_openings": "accounts that stopped paying, month by month",
    "accounts_opening": "accounts that could have: those paying at each month's opening",
    "mrr_lost": "churned and contracted MRR, month by month, as a magnitude",
    "mrr_lost_net": "the same less expansion and reactivation",
    "mrr_opening": "MRR at each month's opening",
    "account_median": "MRR of the account in the middle",
    "top10_mrr": "MRR of the ten largest accounts",
    "free_opening": "accounts live and free at the period's opening",
    "free_converted": "those of them that pay on the last day",
    "margin": "MRR × the policy's gross margin",
    "spend": "sales and marketing cost",
    "newcomer_mrr": "MRR on the last day, of the period's new accounts",
    "newcomer_seats": "paid seats on the last day, of the period's new accounts",
    "newcomers_paying": "the period's new accounts that still pay on the last day",
    "opportunities_closed": "opportunities won or lost",
    "closed_value": "first-year value of opportunities won or lost",
    "cycle_median": "days from creation to win of the deal in the middle",
    "new_arr_target": "the next period's target of new_arr",
}


def in_words(name: str) -> str:
    """What the measure or metric of that name is."""
    if name in SUMS:
        return SUMS[name]
    title = DEFINITIONS[name].title
    return title if title[1:2].isupper() else title[0].lower() + title[1:]


def side_in_words(names: Sequence[str], factor: int = 1) -> str:
    """What stands on one side of the line: ``mrr: monthly recurring revenue``."""
    product = " × ".join(([str(factor)] if factor != 1 else []) + list(names))
    words = in_words(names[0])
    return f"{product}: {words}" if len(names) == 1 and words != product else product


def entry(metric: Metric, policy: Policy) -> dict[str, object]:
    """The definition as ``qbr explain --format json`` has it."""
    named = {name: in_words(name) for name in (*metric.tops, *metric.bottoms)}
    return {
        "metric": metric.id,
        "title": metric.title,
        "meaning": metric.meaning,
        "formula": metric.formula,
        "numerator": metric.numerator,
        "denominator": metric.denominator or None,
        "factor": metric.factor,
        "words": named,
        "unit": metric.unit.value,
        "basis": metric.basis.value,
        "watch_outs": list(metric.watch_outs),
        "good": metric.good,
        "higher_is_better": metric.higher_is_better,
        "bounds": asdict(metric.bounds) if metric.bounds else None,
        "rule": rule(metric),
        "source": metric.source,
        "policy": {
            "name": policy.name,
            "version": policy.version,
            "fingerprint": policy.fingerprint,
        },
    }
