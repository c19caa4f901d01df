"""The tables that a pack is made of, as questions: what every engine of the benchmark answers."""

from engine.metrics.asks import Ask, CohortRequest, ShiftRequest
from engine.metrics.numbers import Request
from engine.period import MONTH, Period
from tests.benchmarks.span import LAST, QUARTER, REPORTED, YEAR_BEFORE

MONTHS = tuple(Period(number, MONTH).label for number in range(REPORTED, LAST + 1))
ATTRIBUTES = ("segment", "region", "channel", "industry")

_MOVES = ("new", "reactivation", "expansion", "contraction", "churn", "fx")
_AVERAGES = ("mrr", "accounts", "arpa", "arpu", "arppu")

#: Movements and retention of three years by month; averages by each attribute and month, MRR by
#: product and month; cohorts; unit economics by channel; and what changed ARPA by segment.
ASKS: tuple[Ask, ...] = (
    Request(
        ("mrr", *(f"mrr_{kind}" for kind in _MOVES), "new_accounts", "churned_accounts"), MONTHS
    ),
    Request(("nrr", "grr"), MONTHS),
    *(Request(_AVERAGES, MONTHS, (attribute,)) for attribute in ATTRIBUTES),
    Request(("mrr",), MONTHS, ("product",)),
    CohortRequest(QUARTER),
    Request(("ltv", "cac", "ltv_cac"), (QUARTER,), ("channel",)),
    ShiftRequest("arpa", "segment", YEAR_BEFORE, QUARTER),
)
