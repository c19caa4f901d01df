"""How ProfitWell Metrics counts, as its pages said in 2026."""

from engine.presets.model import MOVES, Limit, Preset, Rule

_COMPARE = "paddle.com/help/profitwell-metrics/measure/compare"
_CHARGEBEE = f"{_COMPARE}/profitwell-vs-chargebee"
_MAXIO = f"{_COMPARE}/profitwell-vs-maxio"
_RATES = "learn.profitwell.com/article/ldosvdtpmm…"
_FAQ = "bssubs.net/profit-well-faqs-for-paddle-users.html"

PROFITWELL = Preset(
    "profitwell",
    "ProfitWell Metrics",
    rules=(
        Rule(
            "mrr_source",
            "subscriptions",
            "MRR is the subscription's, discounts always subtracted; refunds are ignored.",
            _CHARGEBEE,
        ),
        Rule("usage_in_mrr", True, "All recurring metered billing is in MRR.", _CHARGEBEE),
        Rule(
            "live_statuses",
            ("active", "past_due"),
            "Who is past due stays active until dunning ends.",
            _FAQ,
        ),
        Rule(
            "reactivation_window_months",
            0,
            "Who comes back after any time is a reactivation.",
            _CHARGEBEE,
        ),
        Rule(
            "churn_base",
            "opening",
            "Who joins and leaves in one month is in neither number.",
            _CHARGEBEE,
        ),
        Rule("gross_margin", 1.0, "LTV is ARPU / (1 − retention), without margin.", _MAXIO),
        Rule("gross_margin_by_product", {}, "LTV is without margin.", _MAXIO),
    ),
    limits=(
        Limit(
            "ProfitWell smooths its LTV in a way that it does not publish.",
            _MAXIO,
            ("ltv", "ltv_user"),
        ),
        Limit(
            "ProfitWell does not say how it smooths usage, and elsewhere calls metered billing "
            "unsupported; here usage counts as the trailing three months' mean.",
            _FAQ,
            ("mrr", *MOVES),
        ),
        Limit(
            "ProfitWell keeps a cancelled customer until the billing cycle ends; here the row's "
            "valid_to decides.",
            _CHARGEBEE,
            ("mrr", "accounts", *MOVES),
        ),
        Limit(
            "ProfitWell converts at the rate of the purchase; here each month has its own rate.",
            _RATES,
            ("mrr", *MOVES),
        ),
    ),
)
