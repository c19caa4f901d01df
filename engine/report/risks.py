"""Risks: what threatens the money to come, by fixed rules over the numbers.

Each rule gives at most one risk, with the money at stake by which they are ranked: MRR where
not said otherwise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.metrics.standard import Standing
from engine.period import YEAR
from engine.report.blocks import Finding
from engine.report.formats import headline
from engine.report.insights import few, leading, noise, share
from engine.report.judged import judged
from engine.report.material import Group, Material
from engine.report.phrases import SHORT, plural
from engine.report.planned import against_plan, is_met, plan_value
from engine.report.tone import Tone

MOST = 3
PAST_DUE = {"status": "past_due"}

#: A part of MRR from which a group is large, and a fall of its average from which it is told.
LARGE, FALL = 0.15, 0.02

#: A part of MRR that is past due from which it is told.
OWED = 0.005

#: Points of MRR by which concentration has to rise in a year, and of churn.
RISE_OF_SHARE, RISE_OF_CHURN = 0.01, 0.001


@dataclass(frozen=True, slots=True)
class Risk:
    """What a rule found, with the money that it is about."""

    stake: float
    finding: Finding


def risks(material: Material) -> tuple[Finding, ...]:
    """At most three, ranked by the money at stake."""
    found = [risk for rule in RULES for risk in rule(material) if risk.stake > noise(material)]
    found.sort(key=lambda risk: -risk.stake)
    return tuple(risk.finding for risk in found[:MOST])


def _past_due(material: Material) -> Iterable[Risk]:
    """MRR of accounts that have not paid what they owe."""
    due, accounts = (_of(material, name, PAST_DUE) for name in ("mrr", "accounts"))
    total = material.value("mrr")
    if due and accounts and total and due / total >= OWED:
        count = material.words.compact(accounts)
        yield Risk(
            due,
            Finding(
                material.words.compact_money(due),
                Tone.BAD,
                f"{count} {plural(accounts, 'account is', 'accounts are')} past due",
                f"{material.words.share(due / total)} of MRR; unpaid, it becomes churn.",
            ),
        )


def _renewals(material: Material) -> Iterable[Risk]:
    """More terms end in the next period than an even spread over the year would have."""
    due, total = material.value("renewals_due"), material.value("mrr")
    if not due or not total or due / total <= material.period.length / YEAR:
        return
    words, kept = material.words, material.value("grr")
    text, stake = f"{words.compact_money(due)} of MRR.", due
    if kept is not None and kept < 1:
        stake = due * (1 - kept)
        text += (
            f" At the gross retention of the last year, {words.share(kept)}, "
            f"{words.compact_money(stake)} of it would go."
        )
    name = f"{words.share(due / total)} of MRR is up for renewal in {_next(material)}"
    yield Risk(stake, Finding(words.share(due / total), Tone.BAD, name, text))


def _concentration(material: Material) -> Iterable[Risk]:
    """Ten accounts carry more than is customary, or ever more."""
    value, total = material.value("top10_share"), material.value("mrr")
    bounds = material.metric("top10_share").bounds
    accounts = material.value("accounts") or 0
    if value is None or not total or bounds is None or accounts <= 10:
        return
    before = material.base("top10_share", material.span.year_ago)
    rise = value - before if before is not None else 0.0
    if value <= bounds.bad and rise < RISE_OF_SHARE:
        return
    words = material.words
    usual = words.share(bounds.good, 0)
    text = f"{words.compact_money(value * total)} of MRR; up to {usual} is usual."
    if before is not None:
        text = f"{words.points(rise)} since {material.span.year_ago.title}. {text}"
    stake = max(value - bounds.good, rise) * total
    name = f"Ten accounts carry {words.share(value)} of MRR"
    yield Risk(stake, Finding(words.share(value), Tone.BAD, name, text))


def _churn(material: Material) -> Iterable[Risk]:
    """More is lost than is bearable, or ever more."""
    for name in ("revenue_churn", "logo_churn"):
        value, total = material.value(name), material.value("mrr")
        before = material.base(name, material.span.year_ago)
        if value is None or not total:
            continue
        rise = value - before if before is not None else 0.0
        is_bad = judged(material, name) is Standing.BAD
        if not is_bad and rise < RISE_OF_CHURN:
            continue
        words = material.words
        stake = (value if is_bad else rise) * total * YEAR
        earlier = f", {words.share(before, 2)} a year ago" if before is not None else ""
        text = f"{words.share(value, 2)} a month{earlier}; a year of "
        text += f"{'it' if is_bad else 'the rise'} is {words.compact_money(stake)} of MRR."
        headline = f"{SHORT[name]} is {'too high' if is_bad else 'up'}"
        yield Risk(stake, Finding(words.share(value, 2), Tone.BAD, headline, text))
        return


def _falling(material: Material) -> Iterable[Risk]:
    """The average falls in a group that carries much of the MRR: the one where it costs most."""
    name, previous = leading(material), material.span.previous
    found = [_fall(material, name, group) for group in material.groups if len(material.groups) > 1]
    worst = max((each for each in found if each), key=lambda each: each.stake, default=None)
    if worst and previous:
        yield worst


def _fall(material: Material, name: str, group: Group) -> Risk | None:
    part, held = share(material, group), material.number(name, None, group)
    before = material.base(name, material.span.previous, group)
    if part is None or part < LARGE or held.value is None or not before or few(material, group):
        return None
    if held.value / before - 1 > -FALL:
        return None
    words, stake = material.words, (before - held.value) * (held.denominator or 0.0)
    far = material.change(name, material.span.previous, group).text
    below = material.metric(name).denominator.replace("_", " ")
    text = (
        f"To {words.money(held.value)} over {words.compact(held.denominator or 0)} {below} "
        f"with {words.share(part)} of MRR: {words.compact_money(stake)} a month."
    )
    return Risk(
        stake, Finding(far, Tone.BAD, f"{SHORT[name]} falls in {material.spoken(group)}", text)
    )


def _economics(material: Material) -> Iterable[Risk]:
    """New accounts cost more than they bring back in time; at stake is what was spent beyond."""
    spend = material.number("cac").numerator
    for name in ("ltv_cac", "cac_payback_months"):
        metric, value = material.metric(name), material.value(name)
        if not spend or value is None or metric.bounds is None:
            continue
        if judged(material, name) is Standing.GOOD:
            continue
        words, bound = material.words, metric.bounds.good
        earned = value / bound if metric.higher_is_better else bound / value
        stake = spend * (1 - max(earned, 0.0)) / material.period.length
        told, side = (f"{material.cell(name).text}×", "more")
        if not metric.higher_is_better:
            told, side = f"{material.cell(name).text} months", "less"
        text = (
            f"{words.number(bound)} or {side} is good; {words.compact_money(spend)} was spent on "
            f"{material.cell('new_accounts').text} new accounts."
        )
        figure = told.replace("months", "mths")
        yield Risk(stake, Finding(figure, Tone.BAD, f"{SHORT[name]} is {told}", text))
        return


def _coverage(material: Material) -> Iterable[Risk]:
    """The open pipeline does not cover the next target at a customary rate of winning."""
    metric, number = material.metric("pipeline_coverage"), material.number("pipeline_coverage")
    if number.value is None or not number.denominator or metric.bounds is None:
        return
    if number.value >= metric.bounds.good:
        return
    words, target = material.words, number.denominator
    stake = (target - (number.numerator or 0.0) / metric.bounds.good) / YEAR
    text = (
        f"{words.compact_money(number.numerator or 0.0)} open against a target of "
        f"{words.compact_money(target)} for {_next(material)}; "
        f"{words.number(metric.bounds.good)} times is the bound."
    )
    covered = f"{words.number(number.value, 1)}×"
    yield Risk(stake, Finding(covered, Tone.BAD, "Pipeline does not cover the next target", text))


def _plan(material: Material) -> Iterable[Risk]:
    """MRR or the average is under its plan, at stake over all that it is taken over."""
    words = material.words
    for name in ("mrr", leading(material)):
        number, plan = material.number(name), plan_value(material, name)
        if number.value is None or plan is None or is_met(material, name):
            continue
        stake = (plan - number.value) * (number.denominator or 1.0)
        metric, far = material.metric(name), against_plan(material, name).text
        text = f"{headline(metric, number.value, words)} against {headline(metric, plan, words)}"
        over = f" a month over all {metric.denominator}".replace("_", " ")
        text += f": {words.compact_money(stake)}{over if number.denominator else ' short'}"
        yield Risk(stake, Finding(far, Tone.BAD, f"{SHORT[name]} is under plan", f"{text}."))


RULES: tuple[Callable[[Material], Iterable[Risk]], ...] = (
    _past_due,
    _renewals,
    _concentration,
    _churn,
    _falling,
    _economics,
    _coverage,
    _plan,
)


def _of(material: Material, name: str, group: Group) -> float | None:
    """A value of a group that may not be there at all."""
    try:
        return material.context.numbers.one(name, material.period.label, group).value
    except KeyError:
        return None


def _next(material: Material) -> str:
    return material.period.before(-1).title
