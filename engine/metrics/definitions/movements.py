"""How recurring revenue moved from month end to month end."""

from engine.metrics.model import Basis, Metric, Unit

_FLOW = Basis.FLOW


def _movement(
    kind: str, title: str, meaning: str, good: str, *, is_neutral: bool = False
) -> Metric:
    return Metric(
        f"mrr_{kind}",
        title,
        f"mrr_{kind}",
        Unit.MONEY,
        _FLOW,
        formula=f"Σ monthly change of MRR classified as {kind}",
        meaning=meaning,
        good=good,
        is_neutral=is_neutral,
    )


MOVEMENTS = (
    _movement("new", "New MRR", "From accounts that had never paid before.", "Rising."),
    _movement(
        "reactivation",
        "Reactivation MRR",
        "From accounts that paid earlier, had stopped, and pay again.",
        "Some; much of it means that customers come and go.",
    ),
    _movement(
        "expansion",
        "Expansion MRR",
        "Accounts that pay more than a month before: seats, price, plan or products.",
        "Above contraction and churn together.",
    ),
    _movement(
        "contraction",
        "Contraction MRR",
        "Accounts that pay less but stay; one of several subscriptions ending is here too.",
        "Near zero (it is negative).",
    ),
    _movement("churn", "Churned MRR", "From accounts that stopped paying.", "Near zero."),
    _movement(
        "fx",
        "Exchange-rate effect on MRR",
        "What rates alone did: opening MRR at the new rate less the same at the old one.",
        "Neither good nor bad; kept apart so that it hides in nothing else.",
        is_neutral=True,
    ),
    _movement(
        "transfer",
        "MRR moved between groups",
        "Moves of accounts that stay from one group to another; zero in total.",
        "Neither; it makes each group's opening and closing meet.",
        is_neutral=True,
    ),
)

NEW_ARR = (
    Metric(
        "new_arr",
        "New ARR",
        "mrr_new",
        Unit.MONEY,
        _FLOW,
        factor=12,
        formula="12 × mrr_new",
        meaning="New MRR as a yearly figure, the way targets of new business are set.",
        watch_outs=("Of accounts that had never paid; expansion is not in it.",),
        good="At or above its target.",
    ),
)

COUNTS = (
    Metric(
        "new_accounts",
        "New accounts",
        "new_accounts",
        Unit.COUNT,
        _FLOW,
        is_additive=False,
        formula="accounts counted by mrr_new",
        meaning="Accounts that paid for the first time in the period.",
        good="Rising.",
    ),
    Metric(
        "churned_accounts",
        "Churned accounts",
        "churned_accounts",
        Unit.COUNT,
        _FLOW,
        is_additive=False,
        formula="accounts counted by mrr_churn",
        meaning="Accounts that stopped paying altogether.",
        good="Falling.",
        higher_is_better=False,
    ),
    Metric(
        "reactivated_accounts",
        "Reactivated accounts",
        "reactivated_accounts",
        Unit.COUNT,
        _FLOW,
        is_additive=False,
        formula="accounts counted by mrr_reactivation",
        meaning="Accounts that had stopped and pay again.",
        good="Some.",
    ),
)


def _lever(kind: str, title: str, formula: str, meaning: str) -> Metric:
    return Metric(
        f"lever_{kind}",
        title,
        f"lever_{kind}",
        Unit.MONEY,
        _FLOW,
        formula=formula,
        meaning=meaning,
        good="Above zero.",
    )


LEVERS = (
    _lever(
        "seats",
        "Change from seats",
        "Σ change in paid seats × mean of both ends' MRR per paid seat",
        "What accounts that stay added or gave up in seats.",
    ),
    _lever(
        "price",
        "Change from price",
        "Σ the rest of the change: price, plan, term, discount",
        "What accounts that stay pay more or less for the same seats.",
    ),
    _lever(
        "product",
        "Change from products",
        "Σ MRR of products gained or lost by accounts that stay",
        "Cross-sell, and products given up.",
    ),
)
