"""How Stripe Billing's analytics count, as its pages said in 2026."""

from engine.presets.model import MOVES, Limit, Preset, Rule

_ANALYTICS = "docs.stripe.com/billing/subscriptions/analytics"
_CHURN = "support.stripe.com/questions/calculating-churn-rate-in-billing"
_COHORTS = "support.stripe.com/questions/subscriber-cohorts-and-cohort-retention-in-billing"
_LTV = "support.stripe.com/questions/calculating-subscriber-lifetime-value-in-billing"
_COMPARED = "learn.profitwell.com/article/gf9qqkyplu-profitwell-vs-stripe"

STRIPE = Preset(
    "stripe",
    "Stripe Billing",
    rules=(
        Rule(
            "mrr_source",
            "subscriptions",
            "MRR is what subscriptions are worth a month, not what was invoiced.",
            _ANALYTICS,
        ),
        Rule(
            "live_statuses",
            ("active", "past_due"),
            "Active and past-due count; trials do not; cancelled and unpaid are churn.",
            _ANALYTICS,
        ),
        Rule("usage_in_mrr", False, "Metered products are not in MRR.", _ANALYTICS),
        Rule(
            "arpu_users",
            "accounts",
            "ARPU is MRR / active subscribers at the period's end; a subscriber is a customer.",
            _ANALYTICS,
        ),
        Rule(
            "account_level",
            "account",
            "The customer counts: the first of two subscriptions to end is a downgrade.",
            _CHURN,
        ),
        Rule(
            "cohort_by",
            "first_paid",
            "A cohort is the first month with MRR; who returns keeps it.",
            _COHORTS,
        ),
        Rule("fx", "reported", "MRR growth carries an adjustment for exchange rates.", _ANALYTICS),
        Rule("churn_months", 1, "Subscriber churn looks at the last 30 days.", _CHURN),
        Rule(
            "churn_base",
            "opening_and_new",
            "It divides by subscribers active 30 days ago plus those new since.",
            _CHURN,
        ),
        Rule("gross_margin", 1.0, "LTV is ARPU / subscriber churn, without margin.", _LTV),
        Rule("gross_margin_by_product", {}, "LTV is without margin.", _LTV),
    ),
    limits=(
        Limit(
            "Stripe puts 1.67% a month where no churn is observed; here there is then no LTV.",
            _LTV,
            ("ltv", "ltv_user"),
        ),
        Limit(
            "Stripe counts who joins and leaves within the 30 days in both terms, and who leaves "
            "twice twice; here accounts are compared from month end to month end.",
            _CHURN,
            MOVES,
        ),
        Limit(
            "Stripe drops MRR at the cancellation; here the row's valid_to decides.",
            _COMPARED,
            ("mrr", "accounts", *MOVES),
        ),
        Limit(
            "In Stripe it is a setting whether discounts that end are subtracted; here every "
            "discount of a live row is.",
            _ANALYTICS,
            ("mrr", *MOVES),
        ),
        Limit(
            "In Stripe it is a setting whether a subscription counts from its start or from its "
            "first payment; here from valid_from.",
            _ANALYTICS,
            ("mrr", "accounts", *MOVES),
        ),
    ),
)
