"""Unit economics: what an account costs to win, what it brings, and when it has paid back."""

from dataclasses import replace

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.benchmarks import FEW, LTV_CAC, PAYBACK_MONTHS
from engine.report.blocks import Block, Panels
from engine.report.chapter import Chapter
from engine.report.course import Held, Line, course, lived, panels
from engine.report.material import Material, spoken
from engine.report.model import Section
from engine.report.phrases import plural, priced
from engine.report.sections.economics_equation import (
    NEW,
    equation,
    told_by_lead,
    warning,
)
from engine.report.sections.economics_findings import bought
from engine.report.sections.economics_groups import chart, table
from engine.report.sections.economics_sources import Source, has_spend, sources
from engine.report.span import Span, labels
from engine.report.table import Table

TOTALS = (
    "cac",
    "cac_user",
    "cac_payback_months",
    "cac_payback_months_user",
    "ltv",
    "ltv_user",
    "ltv_cac",
    "ltv_cac_user",
    "new_accounts",
    "mrr_new",
    "mrr",
    "arpa",
    "arpu",
    "gross_margin",
    "logo_churn",
)
GROUPED = (
    "cac",
    "cac_payback_months",
    "ltv",
    "ltv_cac",
    "new_accounts",
    "mrr_new",
    "mrr",
    "arpa",
    "gross_margin",
    "logo_churn",
)

#: Where accounts come from, as spend and accounts both may say.
SOURCES = ("channel", "campaign", "vendor")

#: A table of at most so many rows fits below those of the page before the course.
_SHORT = 6


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """Cost and value in every period; of the reported one also by where accounts came from."""
    here = (span.period.label,)
    dimensions = dict.fromkeys((*SOURCES, dimension))
    return (
        Request(TOTALS, labels(span.history)),
        Request(("arpa",), labels(span.history), ("stage",)),
        *(Request(GROUPED, here, (each,)) for each in dimensions),
        *(Request(("arpa",), here, ("stage", each)) for each in dimensions if each != "stage"),
    )


def section(material: Material) -> Section | str:
    """How cost and value come about and went, and what each part of the spend bought."""
    if material.value("cac") is None and material.value("ltv") is None:
        return material.why(("cac", "ltv"))
    return Section(
        "economics",
        "Unit economics",
        _headline(material),
        _lead(material),
        tuple(_blocks(material)),
    )


def _blocks(material: Material) -> list[Block]:
    """The company first; then where accounts came from; then all the figures."""
    found = {each: sources(material, each) for each in SOURCES if has_spend(material, each)}
    leading = next((each for each in SOURCES if len(found.get(each, ())) > 1), "")
    blocks: list[Block] = [equation(material)]
    history = _panels(material)
    if history:
        blocks.append(history)
    if leading:
        if findings := bought(material, found[leading]):
            blocks.append(findings)
        drawn = chart(material, leading, found[leading])
        drawn = replace(drawn, starts_page=history is not None)
        blocks += [drawn, table(material, found[leading])]
    dimension = material.context.dimension
    if dimension not in SOURCES and len(own := sources(material, dimension)) > 1:
        blocks.append(table(material, own))
    others = [found[each] for each in found if each != leading]
    tables = [table(material, each, is_whole=False) for each in others if _is_named(each)]
    short = [each for each in tables if len(each.rows) <= _SHORT]
    fits = 0 < len(found.get(leading, ())) <= _SHORT + 2
    figures = _course(material, starts_page=fits and history is not None)
    return [*blocks, *short, figures, *(each for each in tables if each not in short)]


def _is_named(found: tuple[Source, ...]) -> bool:
    return any(not each.is_unnamed for each in found)


def _headline(material: Material) -> str:
    """What a new account costs, when it has paid back, and where that takes longest."""
    words, cac = material.words, material.value("cac")
    if cac is None and (spend := material.number("cac").numerator):
        return f"{words.compact_money(spend)} was spent, and no account won"
    if cac is None:
        ltv = material.value("ltv") or 0.0
        return f"An account brings {priced(words, ltv)} of gross profit until it leaves"
    new = material.value("new_accounts") or 0.0
    if new < FEW:
        spend = words.compact_money(material.number("cac").numerator or 0.0)
        accounts = f"{words.number(new)} new {plural(new, 'account', 'accounts')}"
        return f"{spend} won {accounts}: too few to read a cost from"
    text = f"A new account costs {priced(words, cac)}"
    payback = material.value("cac_payback_months")
    if payback is None:
        return text
    text += f" and pays back in {words.number(payback, 1)} months"
    slow = _slowest(material, payback)
    return f"{text}; {slow}" if slow else text


def _slowest(material: Material, payback: float) -> str:
    """The source that takes longest to pay back, if that is too long and longer than the rest."""
    leading = next((each for each in SOURCES if has_spend(material, each)), SOURCES[0])
    read = {
        each.name: value
        for each in sources(material, leading)
        if each.is_read
        and (value := material.value("cac_payback_months", None, each.group)) is not None
    }
    name = max(read, key=lambda each: (read[each], each), default="")
    if not name or read[name] <= max(PAYBACK_MONTHS, payback):
        return ""
    return f"{spoken(name)} takes {material.words.number(read[name], 1)}"


def _lead(material: Material) -> str:
    if told_by_lead(material):
        return f"What accounts cost to win is not known here: {material.why(('cac',))}."
    return warning(material)


def _panels(material: Material) -> Panels | None:
    """CAC, payback and LTV/CAC over the trend's periods; None where there is only one period."""
    costs = (
        Held("cac", "CAC"),
        Held("cac_payback_months", "CAC payback", "months", PAYBACK_MONTHS),
        Held("ltv_cac", "LTV/CAC", "times", LTV_CAC),
    )
    has_cost = material.value("cac") is not None
    held = (
        costs
        if has_cost
        else (
            Held("ltv", "LTV"),
            Held("arpa", "ARPA"),
            Held("logo_churn", "Churn a month", "%", is_small=True),
        )
    )
    known = [each for each in held if material.value(each.metric) is not None]
    periods = lived(material, [each.metric for each in known])
    if not known or len(periods) < 2:
        return None
    unit = f"Change since {material.span.previous.title}; each on a scale of its own, from zero"
    if not has_cost:
        return panels(material, "Value, and what it is made of", unit, known, periods)
    unit += f"; dotted: {PAYBACK_MONTHS:.0f} months of payback, {LTV_CAC:.0f} times CAC"
    return panels(material, "Cost, payback and return", unit, known, periods)


def _course(material: Material, *, starts_page: bool) -> Table:
    """The figures over time; those of a single period are in the equation, but for a user's."""
    symbol = material.words.symbol
    accounts = (
        Line("cac", "Spend", is_top=True),
        Line("new_accounts", "New accounts"),
        Line("cac", "CAC"),
        Line("arpa", f"ARPA of new accounts, {symbol}", NEW),
        Line("cac_payback_months", "Payback, months"),
        Line("arpa", f"ARPA of all accounts, {symbol}"),
        Line("gross_margin", "Gross margin"),
        Line("logo_churn", "Churn a month", digits=2),
        Line("ltv", "LTV"),
        Line("ltv_cac", "LTV/CAC"),
    )
    users = (
        Line("cac_user", "CAC a user"),
        Line("ltv_user", "LTV a user"),
        Line("ltv_cac_user", "LTV/CAC a user"),
        Line("cac_payback_months_user", "Payback a user, months"),
    )
    periods = lived(material, ("cac", "ltv", "new_accounts"))
    has_course = len(periods) > 1 or material.value("ltv_user") is None
    return course(
        material,
        "An account and a user, period by period" if has_course else "What a user costs and brings",
        "Spend and new accounts over the period; all else on its last day",
        (*accounts, *users) if has_course else users,
        periods,
        starts_page=starts_page,
        said=told_by_lead(material),
    )


CHAPTER = Chapter("economics", "Unit economics", asks, section)
