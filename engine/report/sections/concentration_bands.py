"""Accounts by their size: how many there are of each, and what they carry."""

import re

from engine.report.blocks import Block, Figure
from engine.report.charts.twins import Twin, twins
from engine.report.material import Material

BAND = "mrr_band"
_NONE = "none"


def bands(material: Material) -> tuple[Block, ...]:
    """Accounts and MRR by size of account, as parts of their totals on one scale."""
    label, numbers = material.period.label, material.context.numbers
    found = [group for group in numbers.groups(BAND, period=label) if group[BAND] != _NONE]
    mrr, accounts = material.value("mrr"), material.value("accounts")
    if len(found) < 2 or not mrr or not accounts:
        return ()
    found.sort(key=lambda group: _lowest(group[BAND]))
    rows = [_twin(material, group, accounts, mrr) for group in reversed(found)]
    told = "; ".join(
        f"{row.name}: {row.texts[0]} of accounts, {row.texts[1]} of MRR" for row in rows
    )
    svg = twins(
        rows,
        ("Accounts", "MRR"),
        material.look,
        title=f"Accounts and MRR by MRR of the account: {told}.",
        width=material.look.paper.measure,
    )
    unit = f"By MRR of the account in {material.words.symbol}: part of all accounts and of all MRR"
    return (Figure("Accounts and MRR by size of account", unit, svg),)


def _lowest(label: str) -> float:
    """Where a band begins; what lies below the first bound comes first."""
    first = re.search(r"\d+", label)
    return -1.0 if first is None or label.startswith("below") else float(first[0])


def _twin(material: Material, group: dict[str, str], accounts: float, mrr: float) -> Twin:
    words = material.words
    count, amount = material.value("accounts", None, group), material.value("mrr", None, group)
    shares = ((count or 0.0) / accounts, (amount or 0.0) / mrr)
    texts = (
        f"{words.share(shares[0])} · {words.compact(count or 0.0)}",
        f"{words.share(shares[1])} · {words.compact_money(amount or 0.0)}",
    )
    name = re.sub(r"\d+", lambda found: words.number(float(found[0])), group[BAND])
    return Twin(name[0].upper() + name[1:], shares, texts)
