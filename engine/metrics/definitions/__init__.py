"""Every metric's definition: the one place that evaluation, ``qbr explain`` and the pages read."""

from collections.abc import Mapping
from dataclasses import asdict

from engine.metrics.definitions.averages import RATIOS
from engine.metrics.definitions.economics import ECONOMICS
from engine.metrics.definitions.movements import COUNTS, LEVERS, MOVEMENTS, NEW_ARR
from engine.metrics.definitions.pipeline import PIPELINE
from engine.metrics.definitions.recurring import RECURRING
from engine.metrics.definitions.retention import RETENTION
from engine.metrics.definitions.revenue import REVENUE
from engine.metrics.definitions.standing import STANDING
from engine.metrics.model import Metric
from engine.policy import fingerprint

#: All metrics by id, in the order that they are printed.
DEFINITIONS: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        *RECURRING,
        *RATIOS,
        *STANDING,
        *REVENUE,
        *MOVEMENTS,
        *NEW_ARR,
        *COUNTS,
        *LEVERS,
        *RETENTION,
        *ECONOMICS,
        *PIPELINE,
    )
}


def definitions_fingerprint() -> str:
    """Twelve hex digits that change with any definition."""
    return fingerprint({name: asdict(metric) for name, metric in DEFINITIONS.items()})
