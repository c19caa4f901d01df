"""Clauses that state what a metric did; every number in them comes from the pack's numbers."""

import re
from collections.abc import Sequence

from engine.metrics.standard import STILL
from engine.period import Period
from engine.report.formats import headline
from engine.report.material import TOTAL, Group, Material
from engine.report.words import DASH, Words

SHORT = {
    "mrr": "MRR",
    "arr": "ARR",
    "arpu": "ARPU",
    "arpa": "ARPA",
    "arppu": "ARPPU",
    "accounts": "Accounts",
    "users": "Users",
    "paid_seats": "Paid seats",
    "free_users": "Free users",
    "seats_per_account": "Seats per account",
    "paid_share": "Paid share",
    "new_arr": "New ARR",
    "nrr": "NRR",
    "grr": "GRR",
    "ltv": "LTV",
    "cac": "CAC",
    "ltv_cac": "LTV to CAC",
    "cac_payback_months": "CAC payback",
    "logo_churn": "Account churn",
    "revenue_churn": "Revenue churn",
    "quick_ratio": "Quick ratio",
    "arpa_median": "Median ARPA",
    "top10_share": "Ten largest",
    "new_accounts": "New accounts",
    "churned_accounts": "Churned accounts",
    "arpu_annual": "ARPPU a year",
    "mrr_new": "New MRR",
    "mrr_reactivation": "Reactivation MRR",
    "mrr_expansion": "Expansion MRR",
    "mrr_contraction": "Contraction MRR",
    "mrr_churn": "Churned MRR",
    "win_rate": "Win rate",
    "pipeline_coverage": "Pipeline coverage",
    "pipeline_open": "Open pipeline, next",
    "pipeline_created": "Pipeline created",
    "opportunities_won": "Deals won",
    "won_value": "Value won",
    "sales_cycle_days": "Sales cycle",
    "renewals_due": "Renewals due, next",
}

#: Abbreviations that stay as they are in a formula.
SHORT_IN_TEXT = {
    each: each.upper()
    for each in ("mrr", "arr", "arpu", "arpa", "arppu", "nrr", "grr", "ltv", "cac")
}
_ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)*\b")


def worth(material: Material, name: str, group: Group = TOTAL) -> str:
    """The metric's value as a sentence says it."""
    return headline(material.metric(name), material.value(name, None, group), material.words)


def moved(material: Material, name: str, against: Period, group: Group = TOTAL) -> str:
    """``rose 3.2% to $1.32m``, ``held at $98.20``; ``is $98.20`` where nothing came before.

    The words stay on one line.
    """
    value = worth(material, name, group)
    part = material.relative(name, against, group)
    if part is None:
        return f"is {value}" if value != DASH else "is not known"
    if abs(part) < STILL:
        return f"held at {value}"
    return f"{verb(part)} {size(material, name, against, group)} to {value}".replace(" ", "\u00a0")


def size(material: Material, name: str, against: Period, group: Group = TOTAL) -> str:
    """How far it moved, without a sign, as the verb has it."""
    return material.change(name, against, group).text.lstrip("+−<>") or DASH


def verb(part: float) -> str:
    """``rose`` or ``fell``."""
    return "rose" if part > 0 else "fell"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def spelled(formula: str) -> str:
    """A formula without the ids that files and commands know the metrics by."""
    words = _ID.sub(lambda found: _spelled(found[0]), formula)
    return words.replace(" / ", " ÷ ").replace("`", "")


def _spelled(name: str) -> str:
    if name.startswith("mrr_"):
        return f"{name.removeprefix('mrr_')} MRR"
    return " ".join(SHORT_IN_TEXT.get(each, each) for each in name.split("_"))


def unbroken(text: str) -> str:
    """The text on one line, wherever it stands."""
    return text.replace(" ", "\u00a0")


def plural(count: float, one: str, many: str) -> str:
    """``one`` for exactly one, else ``many``."""
    return one if count == 1 else many


def priced(words: Words, value: float) -> str:
    """``$2,590``, ``$970``: what one account costs or brings, whole but for small amounts."""
    if abs(value) >= 1e6:
        return words.compact_money(value)
    return words.money(value, 0 if abs(value) >= 100 else None)
