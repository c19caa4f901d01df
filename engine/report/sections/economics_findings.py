"""What the spend bought, in sentences, the largest spend first."""

from collections.abc import Sequence

from engine.report.benchmarks import FEW, PAYBACK_MONTHS
from engine.report.blocks import Finding, Findings
from engine.report.material import Material, spoken
from engine.report.phrases import listed, plural
from engine.report.sections.economics_sources import Source
from engine.report.tone import Tone

_NAMES = 3

#: A part of the spend below this is not worth a line.
_NOISE = 0.05


def bought(material: Material, found: Sequence[Source]) -> Findings | None:
    """Spend on too few accounts, spend that is slow to come back, spend that is quick."""
    named = [each for each in found if not each.is_unnamed and each.cost > 0]
    paid = {each.name: _payback(material, each) for each in named if each.is_read}
    slow = [each for each in named if (paid.get(each.name) or 0.0) > PAYBACK_MONTHS]
    quick = [each for each in named if 0 < (paid.get(each.name) or 0.0) <= PAYBACK_MONTHS]
    few = [each for each in named if each.is_few]
    spend = sum(each.cost for each in found)
    made = [
        (total, write(material, group, total / spend))
        for write, group in ((_few, few), (_slow, slow), (_quick, quick))
        if (total := sum(each.cost for each in group)) > spend * _NOISE
    ]
    if not made:
        return None
    made.sort(key=lambda each: -each[0])
    unit = f"Spend of {material.period.title}, the largest part first"
    return Findings("What the spend bought", unit, tuple(finding for _, finding in made))


def _payback(material: Material, source: Source) -> float | None:
    return material.value("cac_payback_months", None, source.group)


def _few(material: Material, group: Sequence[Source], part: float) -> Finding:
    each = " each" if len(group) > 1 else ""
    return Finding(
        _amount(material, group),
        Tone.PLAIN,
        f"{_named(group)} took {_part(material, part)} and won {_accounts(material, group)}",
        f"Fewer than {FEW}{each}: no payback can be read from them. Deals that take longer than "
        "the period, and sales to accounts won before, are not counted against it.",
    )


def _slow(material: Material, group: Sequence[Source], _part_of_spend: float) -> Finding:
    verb = plural(len(group), "takes", "take")
    return Finding(
        _amount(material, group),
        Tone.BAD,
        f"{_named(group)} {verb} longer than {PAYBACK_MONTHS:.0f} months to pay back",
        f"{_paid_back(material, group)}, over {_accounts(material, group)}.",
    )


def _quick(material: Material, group: Sequence[Source], part: float) -> Finding:
    verb = plural(len(group), "pays", "pay")
    return Finding(
        _amount(material, group),
        Tone.GOOD,
        f"{_named(group)} {verb} back within {PAYBACK_MONTHS:.0f} months",
        f"{_paid_back(material, group)}: {_accounts(material, group)} for {_part(material, part)}.",
    )


def _amount(material: Material, group: Sequence[Source]) -> str:
    return material.words.compact_money(sum(each.cost for each in group))


def _accounts(material: Material, group: Sequence[Source]) -> str:
    new = sum(each.new for each in group)
    return f"{material.words.number(new)} new {plural(new, 'account', 'accounts')}"


def _part(material: Material, part: float) -> str:
    return f"{material.words.share(part, 0)} of the spend"


def _named(group: Sequence[Source]) -> str:
    names = [spoken(each.name) for each in group]
    if len(names) <= _NAMES:
        return listed(names)
    return f"{', '.join(names[: _NAMES - 1])} and {len(names) - _NAMES + 1} others"


def _paid_back(material: Material, group: Sequence[Source]) -> str:
    """``Paid search in 12.6 months and Partner in 20.7``, the largest spend first."""
    clauses = [
        f"{spoken(each.name)} in {material.words.number(_payback(material, each) or 0.0, 1)}"
        for each in group[:_NAMES]
    ]
    clauses[0] += " months"
    return listed(clauses)
