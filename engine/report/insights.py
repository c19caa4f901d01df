"""Findings: what moved in the period, the largest amount first, by fixed rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.metrics.standard import STILL
from engine.report.blocks import Finding
from engine.report.effects import bridged, gross
from engine.report.formats import relative
from engine.report.material import TOTAL, Group, Material
from engine.report.mix import mix_shift
from engine.report.phrases import SHORT, listed, moved, plural, size, verb
from engine.report.rollforward import NEUTRAL
from engine.report.tone import Tone

#: A movement below this part of the opening MRR, or of an average, is not worth a line.
NOISE = 0.001
NOISE_OF_AVERAGE = 0.005

#: What fewer accounts did says nothing of those to come.
FEW = 5
MOST = 3

_COUNTS = {
    "mrr_new": ("new_accounts", "new account", "new accounts"),
    "mrr_churn": ("churned_accounts", "account left", "accounts left"),
    "mrr_reactivation": ("reactivated_accounts", "account came back", "accounts came back"),
}
_NAMES = {
    "mrr_expansion": "Expansion of accounts that stay",
    "mrr_contraction": "Contraction of accounts that stay",
    "mrr_fx": "Exchange rates alone",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A finding with the money that it moved; ``but`` says why it is not to be read."""

    weight: float
    finding: Finding
    subject: str = ""
    but: str = ""


def findings(material: Material, most: int = MOST) -> tuple[Finding, ...]:
    """At most so many, ranked by the money that they moved."""
    readable = [each for each in _ranked(material) if not each.but]
    return tuple(each.finding for each in readable[:most])


def set_aside(material: Material) -> str:
    """What moved and is no finding, and why; empty if there is nothing of the kind."""
    aside = [f"{each.subject} ({each.but})" for each in _ranked(material) if each.but]
    return f"Not read as findings: {'; '.join(aside[:MOST])}." if aside else ""


def _ranked(material: Material) -> list[_Candidate]:
    floor = noise(material)
    candidates = [*_movements(material), *_averages(material), *_shares(material)]
    worth_a_line = [each for each in candidates if each.weight > floor]
    return sorted(worth_a_line, key=lambda each: -each.weight)


def noise(material: Material) -> float:
    """The amount below which nothing is read into a movement."""
    return abs(material.value("mrr", material.span.previous) or 0.0) * NOISE


def few(material: Material, group: Group) -> str:
    """``3 accounts: too few to read``; empty for a group that is large enough."""
    count = material.value("accounts", None, group)
    if count is None or count >= FEW:
        return ""
    return (
        f"{material.words.compact(count)} {plural(count, 'account', 'accounts')}: too few to read"
    )


def _movements(material: Material) -> Iterable[_Candidate]:
    for name in (*_COUNTS, *_NAMES):
        value = material.value(name)
        if value:
            yield _Candidate(abs(value), _movement(material, name, value))


def _movement(material: Material, name: str, value: float) -> Finding:
    amount = ("+" if value > 0 else "") + material.words.compact_money(value)
    tone = Tone.PLAIN if name in NEUTRAL else Tone.GOOD if value > 0 else Tone.BAD
    text = f"{_where(material, name, value)} {_before(material, name)}".strip()
    return Finding(amount, tone, _movement_name(material, name), text)


def _movement_name(material: Material, name: str) -> str:
    if name not in _COUNTS:
        return _NAMES[name]
    metric, one, many = _COUNTS[name]
    count = material.value(metric)
    if count is None:
        return many.capitalize()
    return f"{material.words.compact(count)} {plural(count, one, many)}"


def _where(material: Material, name: str, value: float) -> str:
    """Which group gave most of it, where there is more than one."""
    if len(material.groups) < 2:
        return ""
    parts = [(group, material.value(name, None, group) or 0.0) for group in material.groups]
    aligned = [(group, part) for group, part in parts if part * value > 0]
    if not aligned:
        return ""
    most, part = max(aligned, key=lambda each: abs(each[1]))
    said = material.spoken(most)
    said += f" ({small})" if (small := few(material, most)) else ""
    amount = material.words.compact_money(abs(part))
    return f"{amount} of it in {said}." if len(aligned) > 1 else f"All of it in {said}."


def _before(material: Material, name: str) -> str:
    """What the same was in the period before."""
    value = material.base(name, material.span.previous)
    if value is None:
        return ""
    amount = material.words.compact_money(abs(value)) if value else "none"
    return f"It was {amount} in {material.span.previous.title}."


def leading(material: Material) -> str:
    """The average that the business is told by: ARPU, or ARPA where no seats are known."""
    return "arpu" if material.value("arpu") is not None else "arpa"


def _averages(material: Material) -> Iterable[_Candidate]:
    """The change of the average, weighed by what rates and mix moved over all users."""
    name = leading(material)
    number, before = material.number(name), material.base(name, material.span.previous)
    if number.value is None or before is None or not number.denominator:
        return
    words, difference = material.words, number.value - before
    worth = abs(difference) * number.denominator
    far = f"{'+' if difference > 0 else ''}{_amount(material, difference)}"
    below = material.metric(name).denominator.replace("_", " ")
    finding = Finding(
        far,
        Tone.GOOD if difference > 0 else Tone.BAD,
        f"{SHORT[name]} {moved(material, name, material.span.previous)}",
        f"{_cause(material, name)} Worth {words.compact_money(worth)} over all {below}.".strip(),
    )
    is_noise = abs(difference) < abs(before) * NOISE_OF_AVERAGE
    weight = max(worth, gross(material, name) * number.denominator)
    change = material.change(name, material.span.previous).text
    but = few(material, TOTAL) or ("within noise" if is_noise else "")
    yield _Candidate(weight, finding, f"{SHORT[name]} {change}", but)


def _amount(material: Material, difference: float) -> str:
    words = material.words
    if abs(difference) < 1000:
        return words.money(difference, words.decimals)
    return words.compact_money(difference)


def _cause(material: Material, name: str) -> str:
    if text := bridged(material, name):
        return f"{text}."
    mixed = mix_shift(material, name)
    return f"{mixed}." if mixed else drivers(material) if name == "arpu" else ""


def drivers(material: Material) -> str:
    """What moved ARPU: revenue per paid seat, and the part of users that pay."""
    if material.metric("arpu").denominator != "users":
        return ""
    names = {"arppu": "revenue per paid seat", "paid_share": "the paid share of users"}
    clauses: list[str] = []
    for name, words in names.items():
        value, base = material.value(name), material.base(name, material.span.previous)
        if value is not None and base and abs(value / base - 1) >= STILL:
            far = size(material, name, material.span.previous)
            clauses.append(f"{words} {verb(value - base)} {far}")
    text = listed(clauses)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _shares(material: Material) -> Iterable[_Candidate]:
    """Groups whose part of MRR rose, weighed by that part of MRR.

    None where the mix already explains the average's change: it would be told twice.
    """
    total = material.value("mrr")
    if not total or len(material.groups) < 2 or "now holds" in bridged(material, leading(material)):
        return
    for group in material.groups:
        now, before = share(material, group), share(material, group, is_before=True)
        if now is not None and before is not None and now > before:
            text = f"Up from {material.words.share(before)} in {material.span.previous.title}."
            name = f"{material.spoken(group)} carries {material.words.share(now)} of MRR"
            points = material.words.points(now - before)
            finding = Finding(points, Tone.PLAIN, name, text)
            subject = f"{material.spoken(group)}’s share of MRR {points}"
            yield _Candidate((now - before) * total, finding, subject, few(material, group))


def share(material: Material, group: Group, *, is_before: bool = False) -> float | None:
    """The group's part of MRR, now or at the previous period's end."""
    period = material.span.previous if is_before else None
    part = relative(material.value("mrr", period, group), material.value("mrr", period))
    return None if part is None else part + 1
