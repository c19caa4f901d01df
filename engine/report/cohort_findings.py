"""What the cohorts say: who holds better or worse than all, and by how much, beyond chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from engine.report.blocks import Finding
from engine.report.cohorts import FEW, Cohorts
from engine.report.phrases import plural
from engine.report.tone import Tone
from engine.report.words import Words

NARROW = "\u00a0"

#: Ages at which cohorts are compared, the telling one first.
READ = (12, 6, 3, 1)

#: A share of accounts is told apart from all by two standard errors, one of MRR by so many
#: points; a first ARPU by such a part of the one before.
_ERRORS, _POINTS, _STEP = 2.0, 0.05, 0.05
_NEWEST, _MOST = 4, 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding with the money that it is about, and the clause that a headline takes."""

    weight: float
    clause: str
    finding: Finding


def verdicts(cohorts: Cohorts) -> tuple[Verdict, ...]:
    """What is beyond chance, the most money first."""
    found = sorted((*strays(cohorts), *_first(cohorts)), key=lambda each: -each.weight)
    return tuple(found[:_MOST])


def strays(cohorts: Cohorts) -> Iterator[Verdict]:
    """Cohorts whose MRR or accounts hold better or worse than those of all at the same age."""
    mixed = cohorts.every[:1] if cohorts.is_first_mixed else ()
    for cohort in cohorts.names:
        if cohorts.acquired(cohort) < FEW or cohort in mixed:
            continue  # too few to say, or not of one age
        age = next((each for each in READ if cohorts.number("acquired", each, cohort)), None)
        if age is None:
            continue
        of_each = [
            each
            for figure in ("revenue_retention", "logo_retention")
            if (each := _stray(cohorts, figure, cohort, age))
        ]
        yield from sorted(of_each, key=lambda each: -each.weight)[:1]


def _stray(cohorts: Cohorts, figure: str, cohort: str, age: int) -> Verdict | None:
    own, all_ = cohorts.value(figure, age, cohort), cohorts.value(figure, age)
    if own is None or all_ is None:
        return None
    difference, accounts = own - all_, cohorts.acquired(cohort)
    is_of_accounts = figure == "logo_retention"
    noise = _ERRORS * sqrt(max(all_ * (1 - all_), 0.0) / accounts) if is_of_accounts else _POINTS
    if abs(difference) <= noise:
        return None
    words, what = cohorts.material.words, "accounts" if is_of_accounts else "first MRR"
    side = "above" if difference > 0 else "below"
    points = words.points(abs(difference)).lstrip("+")
    clause = (
        f"The {cohorts.title(cohort)} cohort kept {words.share(own)} of its {what} {_after(age)}, "
        f"{points.replace(' ', NARROW)} {side} average"
    )
    text = f"{words.number(accounts)}{NARROW}accounts."
    amount = abs(difference) * (cohorts.value("mrr", 0, cohort) or 0.0)
    tone = Tone.GOOD if difference > 0 else Tone.BAD
    return Verdict(amount, clause, Finding(words.points(difference), tone, clause, text))


def _after(age: int) -> str:
    if age == 12:
        return "a year on"
    return f"{age} {plural(age, 'month', 'months')} on"


def _first(cohorts: Cohorts) -> Iterator[Verdict]:
    """The latest cohort's first ARPU (or ARPA) against that of the cohort before."""
    if len(cohorts.names) < 2:
        return
    before, latest = cohorts.names[-2:]
    figure = average(cohorts)
    old, new = cohorts.value(figure, 0, before), cohorts.value(figure, 0, latest)
    if min(cohorts.acquired(before), cohorts.acquired(latest)) < FEW or not old or new is None:
        return
    part = new / old - 1
    if old <= 0 or abs(part) < _STEP:
        return
    words, unit = cohorts.material.words, "a user" if figure == "arpu" else "an account"
    far = words.change(part)
    clause = (
        f"Accounts that started in {cohorts.title(latest)} pay {_rate(words, new)} {unit} at "
        f"first, {far.lstrip('+−<>')} {'more' if part > 0 else 'less'} than those of "
        f"{cohorts.title(before)}"
    )
    weight = abs(part) * (cohorts.value("mrr", 0, latest) or 0.0)
    tone = Tone.GOOD if part > 0 else Tone.BAD
    text = f"{words.number(cohorts.acquired(latest))}{NARROW}accounts."
    yield Verdict(weight, clause, Finding(far, tone, clause, text))


def average(cohorts: Cohorts) -> str:
    """The average that a cohort is told by: ARPU, or ARPA where seats are not known."""
    known = (cohorts.value("arpu", 0, each) for each in cohorts.names)
    return "arpu" if any(each is not None for each in known) else "arpa"


def _rate(words: Words, value: float) -> str:
    return words.money(value) if abs(value) < 1e5 else words.compact_money(value)


def newer(cohorts: Cohorts) -> str:
    """Whether the four newest cohorts of an age hold accounts better than all of that age."""
    for age in READ[1:]:
        newest = [each for each in cohorts.of_age(age) if each != cohorts.every[0]][-_NEWEST:]
        all_ = cohorts.value("logo_retention", age)
        accounts = sum(cohorts.acquired(each) for each in newest)
        if len(newest) == _NEWEST and all_ is not None and accounts >= FEW:
            return _compared(cohorts, newest, age, all_)
    return ""


def _compared(cohorts: Cohorts, newest: list[str], age: int, all_: float) -> str:
    """Four cohorts taken together against all, by two standard errors."""
    accounts = sum(cohorts.acquired(each) for each in newest)
    kept = sum(cohorts.value("active", age, each) or 0.0 for each in newest) / accounts
    noise = _ERRORS * sqrt(max(all_ * (1 - all_), 0.0) / accounts)
    did = (
        "no better or worse" if abs(kept - all_) <= noise else "better" if kept > all_ else "worse"
    )
    shares = [cohorts.value("logo_retention", age, each) or 0.0 for each in newest]
    words = cohorts.material.words
    held = f"{words.share(min(shares))} to {words.share(max(shares))}"
    return (
        f"The four newest cohorts that are old enough hold {did} than the average: "
        f"{_after(age)} they kept {held} of their accounts, all cohorts {words.share(all_)}."
    )
