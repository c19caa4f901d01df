"""Metrics that several chapters show together."""

STATES = (
    "mrr",
    "arr",
    "accounts",
    "paid_seats",
    "free_users",
    "users",
    "arpa",
    "arpu",
    "arppu",
    "arpu_annual",
    "seats_per_account",
    "paid_share",
)
MONTHLY = tuple(name for name in STATES if name not in {"arr", "arpu_annual"})
REVENUE = (
    "recurring_revenue",
    "usage_revenue",
    "one_time_revenue",
    "discounts",
    "credits",
    "refunds",
)
MOVES = (
    "mrr_new",
    "mrr_reactivation",
    "mrr_expansion",
    "mrr_contraction",
    "mrr_churn",
    "mrr_fx",
    "mrr_transfer",
)
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")

#: What a company of some age is judged by, besides its movements.
JUDGED = (
    "nrr",
    "grr",
    "logo_churn",
    "revenue_churn",
    "quick_ratio",
    "top10_share",
    "arpa_median",
    "ltv",
    "cac",
    "ltv_cac",
    "cac_payback_months",
)
