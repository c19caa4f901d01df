"""The accounts that started together: what they keep, by age, and what they pay a user."""

from dataclasses import replace

from engine.metrics.asks import Ask, CohortRequest
from engine.period import MONTH
from engine.report.blocks import Block, Figure, Findings
from engine.report.chapter import Chapter
from engine.report.charts.columns import Bar, columns
from engine.report.charts.curves import Curve, Rank, curves
from engine.report.cohort_findings import average, newer, strays, verdicts
from engine.report.cohort_heat import heat
from engine.report.cohorts import Cohorts, cohorts
from engine.report.formats import rate_digits
from engine.report.material import Material
from engine.report.model import Section
from engine.report.span import Span
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone
from engine.report.words import DASH

#: Ages of the curves, at most, and those at which averages are told.
YEAR = 12
TOLD = (0, 1, 3, 6, 12)
_HEIGHT, _LOW = 200.0, 110.0

#: So many cohorts fit on a page; so many leave room for one more chart on the second.
_FEW, _SOME = 3, 9

_TITLES = {"arpu": "ARPU", "arpa": "ARPA", "mrr_per_acquired": "MRR per account acquired"}


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """Cohorts by fiscal quarter; by month in a pack of a month."""
    return (CohortRequest(span.period.label, by_month=span.period.length == MONTH),)


def section(material: Material) -> Section | str:
    """The cohorts' MRR with its curves, then their accounts and averages."""
    found = cohorts(material)
    if not found.names:
        return "no account has a first paying month that can be told"
    if not found.ages:
        return "no cohort is a month old yet"
    return Section("cohorts", "Cohorts", *_told(found), tuple(_blocks(found)))


def _told(found: Cohorts) -> tuple[str, str]:
    """The headline and the lead."""
    strongest = max(strays(found), key=lambda each: each.weight, default=None)
    if strongest or (strongest := next(iter(verdicts(found)), None)):
        return strongest.clause, newer(found)
    words = found.material.words
    age = max((each for each in found.ages if each <= YEAR), default=1)
    accounts, mrr = (found.value(f"{each}_retention", age) for each in ("logo", "revenue"))
    if accounts is None:
        return "What became of the accounts that started together", newer(found)
    left = f"{words.share(accounts)} of accounts"
    left += f" and {words.share(mrr)} of MRR" if mrr is not None else ""
    return f"After {age} months {left} are left; no cohort strays from that", newer(found)


def _blocks(found: Cohorts) -> list[Block]:
    """MRR with its curves fill a page; the accounts, what stands out and averages the next.

    A few cohorts fit on one page; where there are some more, another chart fills the second.
    """
    count = len(found.names)
    accounts = replace(heat(found, "logo_retention"), starts_page=count > _FEW)
    blocks: list[Block] = [heat(found, "revenue_retention"), _curves(found), accounts]
    if found_out := verdicts(found):
        told = tuple(each.finding for each in found_out)
        unit = "Differences beyond chance, by the MRR that they are about"
        blocks.append(Findings("What stands out", unit, told))
    blocks.append(_averages(found))
    return [*blocks, _starts(found)] if _FEW < count <= _SOME else blocks


def _starts(found: Cohorts) -> Figure:
    """The average in the cohorts' first month, a column each."""
    material, figure = found.material, average(found)
    bars = [
        Bar(
            found.title(cohort),
            found.value(figure, 0, cohort),
            _rate(found, figure, 0, cohort).text,
            is_reported=cohort == found.names[-1],
        )
        for cohort in found.names
    ]
    told = ", ".join(f"{bar.name} {bar.text}" for bar in bars)
    name, unit = _TITLES[figure], f"{material.words.symbol} a month, by cohort"
    svg = columns(
        bars,
        material.look,
        title=f"{name} in the first month, {unit}: {told}.",
        width=material.look.paper.measure,
        height=104,
    )
    return Figure(f"{name} in the first month", unit, svg)


def _curves(found: Cohorts) -> Figure:
    """MRR kept over the first year, a curve each cohort."""
    material = found.material
    last = min(YEAR, max(found.oldest(each) for each in found.names))
    drawn = [_curve(found, each, last) for each in found.names if found.oldest(each)]
    drawn.append(_curve(found, "", last))
    told = "; ".join(f"{one.name} {one.text}" for one in drawn if one.name)
    svg = curves(
        drawn,
        [str(age) for age in range(last + 1)],
        material.look,
        title=f"MRR kept by age in months, per cent of the first month’s, at the last age: {told}.",
        tick=lambda value: material.words.number(value * 100),
        size=(material.look.paper.measure, _LOW if len(found.names) <= _FEW else _HEIGHT),
        reference=1.0,
    )
    latest = _latest(found, last)
    accent = f"; strong: {found.title(latest)}, the latest to reach {last} months"
    unit = f"Per cent of the first month’s MRR, by age in months{accent if last > 1 else ''}"
    return Figure("MRR kept over the first year", unit, svg)


def _curve(found: Cohorts, cohort: str, last: int) -> Curve:
    values = tuple(found.value("revenue_retention", age, cohort) for age in range(last + 1))
    known = [value for value in values if value is not None]
    text = found.material.words.number(known[-1] * 100) if known else DASH
    if not cohort:
        return Curve("Average", values, text, Rank.LEADING)
    is_named = found.oldest(cohort) >= last  # others end where there are many
    rank = Rank.SECOND if cohort == _latest(found, last) else Rank.QUIET
    return Curve(found.title(cohort) if is_named else "", values, text if is_named else "", rank)


def _latest(found: Cohorts, age: int) -> str:
    """The latest cohort of that age."""
    return next(iter(reversed(found.of_age(age))), "")


def _averages(found: Cohorts) -> Table:
    """What a user of each cohort paid at some ages, and what an acquired account was worth."""
    material, figure = found.material, average(found)
    highest = max(found.oldest(each) for each in found.names)
    ages = tuple(age for age in TOLD if age <= highest)
    columns = [Column("Cohort", is_text=True), Column("Accounts")]
    for name in (figure, "mrr_per_acquired"):
        columns += [Column(f"Month {age}", _TITLES[name], opens=age == ages[0]) for age in ages]
    rows = tuple(
        Row(
            found.title(cohort),
            (
                Cell(material.words.number(found.acquired(cohort))),
                *(_rate(found, figure, age, cohort) for age in ages),
                *(_rate(found, "mrr_per_acquired", age, cohort) for age in ages),
            ),
        )
        for cohort in found.names
    )
    told = f"{_TITLES[figure]} and MRR per account acquired, by age of the cohort"
    unit = f"{material.words.symbol} a month; empty where a cohort is not yet that old"
    return Table(told, unit, tuple(columns), rows, is_close=True)


def _rate(found: Cohorts, figure: str, age: int, cohort: str) -> Cell:
    number, words = found.number(figure, age, cohort), found.material.words
    if number is None:
        return Cell("")
    if number.value is None:
        return Cell(DASH, number, Tone.MUTED)
    is_long = abs(number.value) >= 1e7
    digits = rate_digits([number.value], words)
    text = words.compact(number.value) if is_long else words.number(number.value, digits)
    return Cell(text, number)


CHAPTER = Chapter("cohorts", "Cohorts", asks, section)
