"""Findings: what moved in the period, the largest amount first, by fixed rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.report.blocks import Finding
from engine.report.formats import relative
from engine.report.material import Group, Material
from engine.report.mix import mix_shift
from engine.report.phrases import STILL, listed, moved, plural, size, verb
from engine.report.rollforward import NEUTRAL
from engine.report.tone import Tone

#: A movement below this part of the opening MRR is not worth a line.
NOISE = 0.001
MOST = 5

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
    weight: float
    finding: Finding


def findings(material: Material) -> tuple[Finding, ...]:
    """At most five, ranked by the money that they moved."""
    size_of_business = material.value("mrr", material.span.previous) or 0.0
    candidates = [*_movements(material), *_averages(material), *_shares(material)]
    worth_a_line = [each for each in candidates if each.weight > size_of_business * NOISE]
    worth_a_line.sort(key=lambda each: -each.weight)
    return tuple(each.finding for each in worth_a_line[:MOST])


def _movements(material: Material) -> Iterable[_Candidate]:
    for name in (*_COUNTS, *_NAMES):
        value = material.value(name)
        if value:
            yield _Candidate(abs(value), _movement(material, name, value))


def _movement(material: Material, name: str, value: float) -> Finding:
    amount = ("+" if value > 0 else "") + material.words.compact_money(value)
    tone = Tone.PLAIN if name in NEUTRAL else Tone.GOOD if value > 0 else Tone.BAD
    return Finding(amount, tone, _movement_name(material, name), _where(material, name, value))


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
    parts = {material.spoken(group): material.value(name, None, group) for group in material.groups}
    aligned = {each: part for each, part in parts.items() if part and part * value > 0}
    if not aligned:
        return ""
    most = max(aligned, key=lambda each: abs(aligned[each]))
    amount = material.words.compact_money(abs(aligned[most]))
    return f"{amount} of it in {most}." if len(aligned) > 1 else f"All of it in {most}."


def _averages(material: Material) -> Iterable[_Candidate]:
    """The change of ARPU, weighed by what it is worth over all users."""
    before, users = material.base("arpu", material.span.previous), material.value("users")
    value = material.value("arpu")
    if value is None or before is None or not users:
        return
    words, difference = material.words, value - before
    sign = "+" if difference > 0 else ""
    amount = words.money(difference, words.decimals) if abs(difference) < 1000 else ""
    yield _Candidate(
        abs(difference) * users,
        Finding(
            sign + (amount or words.compact_money(difference)),
            Tone.GOOD if difference > 0 else Tone.BAD,
            f"ARPU {moved(material, 'arpu', material.span.previous)}",
            f"{_cause(material)} Worth {words.compact_money(abs(difference) * users)} "
            "over all users.".strip(),
        ),
    )


def _cause(material: Material) -> str:
    mixed = mix_shift(material, "arpu")
    return f"{mixed}." if mixed else drivers(material)


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
    """Groups whose part of MRR moved, weighed by that part of MRR."""
    total = material.value("mrr")
    if not total or len(material.groups) < 2:
        return
    for group in material.groups:
        now, before = share(material, group), share(material, group, is_before=True)
        if now is not None and before is not None and now > before:
            text = f"Up from {material.words.share(before)} in {material.span.previous.title}."
            name = f"{material.spoken(group)} carries {material.words.share(now)} of MRR"
            points = material.words.points(now - before)
            yield _Candidate((now - before) * total, Finding(points, Tone.PLAIN, name, text))


def share(material: Material, group: Group, *, is_before: bool = False) -> float | None:
    """The group's part of MRR, now or at the previous period's end."""
    period = material.span.previous if is_before else None
    part = relative(material.value("mrr", period, group), material.value("mrr", period))
    return None if part is None else part + 1
