"""What was billed, recognised in the period that it is for."""

from engine.metrics.model import Basis, Metric, Unit

_FLOW = Basis.FLOW

REVENUE = (
    Metric(
        "recurring_revenue",
        "Recurring revenue",
        "recurring_revenue",
        Unit.MONEY,
        _FLOW,
        formula="Σ recurring invoice lines recognised, net of discount, credits, refunds; no tax",
        meaning="Subscription revenue of the period, spread over the days that it is for.",
        watch_outs=("Revenue of a period; MRR is a state on one day.",),
        good="Follows the sum of the months' MRR.",
    ),
    Metric(
        "usage_revenue",
        "Usage revenue",
        "usage_revenue",
        Unit.MONEY,
        _FLOW,
        formula="Σ usage invoice lines recognised, net; no tax",
        meaning="Metered revenue: variable, so it stands apart from MRR.",
        good="Growing with the customers' own use.",
    ),
    Metric(
        "one_time_revenue",
        "One-time revenue",
        "one_time_revenue",
        Unit.MONEY,
        _FLOW,
        formula="Σ one-time invoice lines recognised, net; no tax",
        meaning="Set-up, services and other fees that do not come back; in no per-user figure.",
        watch_outs=("Leaked into ARPU it would raise it for one period and fall out again.",),
        good="Small beside recurring revenue.",
    ),
    Metric(
        "discounts",
        "Discounts",
        "discounts",
        Unit.MONEY,
        _FLOW,
        formula="Σ discount of invoice lines recognised",
        meaning="What was taken off list amounts on invoices.",
        good="Stable or falling against revenue.",
        higher_is_better=False,
    ),
    Metric(
        "credits",
        "Credits",
        "credits",
        Unit.MONEY,
        _FLOW,
        formula="− Σ credit lines recognised",
        meaning="Credit notes given, as a magnitude; already out of the revenue above.",
        good="Small.",
        higher_is_better=False,
    ),
    Metric(
        "refunds",
        "Refunds",
        "refunds",
        Unit.MONEY,
        _FLOW,
        formula="− Σ refund lines recognised",
        meaning="Money given back, as a magnitude; already out of the revenue above.",
        good="Small.",
        higher_is_better=False,
    ),
)
