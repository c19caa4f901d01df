"""The standing of the reported period's numbers."""

from engine.metrics.standard import Standing, standing
from engine.report.material import Material


def judged(material: Material, name: str) -> Standing | None:
    """Good, to be watched or bad, by the definition's own rule; None where it has no say."""
    bases = [material.base(name, each) for each in material.span.compared]
    return standing(material.metric(name), material.value(name), bases)


def judging(material: Material) -> str:
    """The rule of all standings in a sentence."""
    compared = " and ".join(each.title for each in material.span.compared)
    every = "both" if len(material.span.compared) > 1 else "it"
    return (
        "Status: by the metric’s own bounds where it has some (see Definitions); else good if "
        f"better than {compared}, bad if worse than {every}, watch in between."
    )
