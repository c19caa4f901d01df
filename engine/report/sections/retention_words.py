"""What retention comes down to, in two or three sentences."""

from engine.report.holders import holders, spoken
from engine.report.material import Group, Material
from engine.report.sections.retention_tables import FEW, opened

_APART = 0.02


def lead(material: Material) -> str:
    """Which group holds worst and best, the largest loss, and what is to be renewed."""
    sentences = (_groups(material), _losses(material), _ahead(material))
    return " ".join(each for each in sentences if each)


def _groups(material: Material) -> str:
    """The two ends of GRR among groups that are large enough, where they lie apart."""
    known = [
        (value, group)
        for group in material.groups
        if opened(material, group) >= FEW
        and (value := material.value("grr", None, group)) is not None
    ]
    if len(known) < 2:
        return ""
    (low, worst), (high, best) = min(known, key=_grr), max(known, key=_grr)
    if high - low < _APART:
        return ""
    share = material.words.share
    return (
        f"Before expansion, {material.spoken(worst)} kept {share(low)} of its MRR of a year ago, "
        f"{material.spoken(best)} {share(high)}."
    )


def _grr(each: tuple[float, Group]) -> float:
    return each[0]


def _losses(material: Material) -> str:
    """The part of the period's churn that its largest loss is."""
    churned, total = holders(material, "mrr_churn"), material.value("mrr_churn")
    count = material.value("churned_accounts")
    if not churned or not total or not count or count < 2:
        return ""
    largest, words = churned[-1], material.words
    return (
        f"{words.compact(count)} accounts left with {words.compact_money(-total)}; the largest, "
        f"{spoken(largest.name)}, was {words.share(largest.value / total, 0)} of that."
    )


def _ahead(material: Material) -> str:
    due, mrr = material.value("renewals_due"), material.value("mrr")
    if not due or not mrr or mrr <= 0:
        return ""
    words = material.words
    following = material.period.before(-1).title
    top = holders(material, "renewals_due")[:3]
    held = sum(each.value for each in top)
    is_spread = len(top) == 3 and held < due
    most = f", {words.share(held / due, 0)} of it from three accounts" if is_spread else ""
    return (
        f"In {following}, {words.compact_money(due)} of MRR ({words.share(due / mrr)}) is up "
        f"for renewal{most}."
    )
