"""The standing of the reported period's numbers."""

from engine.metrics.model import Basis
from engine.metrics.standard import Standing, standing
from engine.report.material import Material


def judged(material: Material, name: str) -> Standing | None:
    """Good, to be watched or bad, by the definition's own rule; None where it has no say."""
    if is_running(material) and material.metric(name).basis is Basis.FLOW:
        return None
    bases = [material.base(name, each) for each in material.span.compared]
    return standing(material.metric(name), material.value(name), bases)


def is_running(material: Material) -> bool:
    """Whether the reported period had not ended when the snapshot was taken."""
    return material.period.last_day > material.context.as_of


def judging(material: Material) -> str:
    """The rule of all standings in a sentence."""
    compared = " and ".join(each.title for each in material.span.compared)
    every = " than both" if len(material.span.compared) > 1 else ""
    text = (
        f"Status: by the metric’s bounds (see Definitions), or without any against {compared}: "
        f"good if better{every}, bad if worse{every}, else watch."
    )
    if is_running(material):
        text += f" {material.period.title} is still running: what is counted over it is so far."
    return text
