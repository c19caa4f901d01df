"""What the tests ask of a company: every metric, cohort tables, bridges and comparisons."""

import polars as pl

from engine.metrics.asks import CohortRequest, PlanRequest, RankingRequest, ShiftRequest
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.numbers import Request

QUARTER, BEFORE = "2026Q3", "2025Q3"
DIMENSIONS = ("segment", "product", "currency", "cohort", "stage", "mrr_band")
_METRICS = tuple(DEFINITIONS)

ASKS = (
    Request(_METRICS, (QUARTER,)),
    *(Request(_METRICS, (QUARTER,), (each,)) for each in ("segment", "product", "stage")),
    Request(("mrr", "nrr", "top10_share", "arpa_median"), (BEFORE,), DIMENSIONS),
    CohortRequest(QUARTER),
    CohortRequest(QUARTER, ("product",), by_month=True),
    ShiftRequest("arpa", "segment", BEFORE, QUARTER),
    RankingRequest("arpu", ("segment", "cohort"), BEFORE, QUARTER),
    PlanRequest((QUARTER,)),
)


def told(analysis):
    """All answers in an order of their own, and what was compared for the page on quality."""

    def asked(answers):
        lines = answers.reconciled(analysis.period(QUARTER), ("segment", "product"))
        return ordered(answers.rows(ASKS, {})), lines

    return analysis.answers(ASKS, DIMENSIONS).foreseen(asked)


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("metric", "period", "by", "group")
