"""How ChartMogul counts, as its pages said in 2026."""

from engine.presets.model import MOVES, Limit, Preset, Rule

_HELP = "help.chartmogul.com/hc/en-us/articles"
_MRR = f"{_HELP}/203299812"
_LINES = "dev.chartmogul.com/docs/how-mrr-is-calculated-from-prorated-invoices"
_ARPA = f"{_HELP}/203359301"
_LTV = f"{_HELP}/203359061"
_CHURN = f"{_HELP}/203359321"
_MOVEMENTS = f"{_HELP}/4416682609426"
_RATES = f"{_HELP}/201520952"
_SETTINGS = f"{_HELP}/15384089786524"

CHARTMOGUL = Preset(
    "chartmogul",
    "ChartMogul",
    rules=(
        Rule(
            "mrr_source",
            "subscriptions",
            "MRR is the plan's amount / the months that it is for; refunds alone do not move it.",
            _MRR,
        ),
        Rule("usage_in_mrr", False, "Metered charges are not in MRR.", _MRR),
        Rule(
            "account_level",
            "account",
            "A customer with several subscriptions is one customer.",
            _ARPA,
        ),
        Rule(
            "fx",
            "reported",
            "Rates make no movement; their effect is a row of its own.",
            _RATES,
        ),
        Rule(
            "churn_months",
            1,
            "Churn is of the period that the chart shows, by default a month, not of a year.",
            _CHURN,
        ),
        Rule(
            "churn_base",
            "opening",
            "Customers churned in the period, without those who joined in it, / customers at its "
            "start.",
            _CHURN,
        ),
        Rule("gross_margin", 1.0, "LTV is ARPA / customer churn, without margin.", _LTV),
        Rule("gross_margin_by_product", {}, "LTV is without margin.", _LTV),
    ),
    limits=(
        Limit(
            "ChartMogul shows an LTV of 0 where no churn is observed; here there is then none.",
            _LTV,
            ("ltv", "ltv_user"),
        ),
        Limit(
            "Of a quarter ChartMogul divides by the customers at its start; here the rate is that "
            "of its last month. Compare months.",
            _CHURN,
            ("churned_openings", "mrr_lost", "mrr_lost_net"),
        ),
        Limit(
            "ChartMogul converts each service period at the rate of its start; here each month "
            "has its own rate.",
            _RATES,
            ("mrr", *MOVES),
        ),
        Limit(
            "ChartMogul rounds each line to whole cents and prorates by the second; here rows are "
            "rounded to micro-units.",
            _LINES,
            ("mrr", *MOVES),
        ),
        Limit(
            "ChartMogul books each movement when it happens (those within an hour merged); here "
            "accounts are compared from month end to month end.",
            _MOVEMENTS,
            MOVES,
        ),
        Limit(
            "Settings in ChartMogul: when churn is recognised, past-due and free customers, "
            "refunds, time zone.",
            _SETTINGS,
            ("mrr", "accounts", *MOVES),
        ),
    ),
)
