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

#: Metrics of one kind under its name, in the order that they are printed.
FAMILIES: Mapping[str, tuple[Metric, ...]] = {
    "Recurring revenue": RECURRING,
    "Averages": RATIOS,
    "The customer base": STANDING,
    "Recognised revenue": REVENUE,
    "Movements of MRR": (*MOVEMENTS, *NEW_ARR),
    "Accounts won and lost": COUNTS,
    "What moved MRR": LEVERS,
    "Retention": RETENTION,
    "Unit economics": ECONOMICS,
    "Pipeline": PIPELINE,
}

#: All metrics by id, in that order.
DEFINITIONS: Mapping[str, Metric] = {
    metric.id: metric for family in FAMILIES.values() for metric in family
}


def definitions_fingerprint() -> str:
    """Twelve hex digits that change with any definition."""
    return fingerprint({name: asdict(metric) for name, metric in DEFINITIONS.items()})
