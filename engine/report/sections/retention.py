"""What stays: retention and churn over time, by group, and by single account."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.blocks import LEFT, Block, Card, Cards, Figure, Pair
from engine.report.chapter import Chapter
from engine.report.charts.curves import Curve, Rank, curves
from engine.report.formats import headline
from engine.report.holders import BY
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import moved, spelled
from engine.report.sections.retention_accounts import accounts
from engine.report.sections.retention_tables import by_group, over_time
from engine.report.sections.retention_words import lead
from engine.report.span import Span, labels
from engine.report.table import Cell
from engine.report.words import DASH

RATES = (
    "nrr",
    "grr",
    "logo_churn",
    "annual_logo_churn",
    "revenue_churn",
    "net_revenue_churn",
)
LOST = ("mrr_churn", "mrr_contraction", "mrr_expansion")
MOST = 14
_HEIGHT = 150.0
_CURVES = {"nrr": "NRR", "grr": "GRR", "logo_churn": "Accounts", "revenue_churn": "MRR"}


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """Rates over time and by group; the accounts behind them; what is at risk."""
    now, by_account = (span.period.label,), BY
    compared = labels((span.period, *span.compared))
    return (
        Request((*RATES, "mrr"), labels(span.history)),
        Request(("nrr", "grr", "logo_churn", "revenue_churn", "mrr"), compared, (dimension,)),
        Request(("renewals_due", "churned_accounts", *LOST), now),
        Request(("renewals_due",), now, (dimension,)),
        Request(("mrr",), now, ("status",)),
        Request(("mrr",), now, tuple(dict.fromkeys(("status", dimension)))),
        Request(LOST, now, by_account, MOST),
        Request(("renewals_due",), now, by_account, MOST),
    )


def section(material: Material) -> Section | str:
    """Trends with their definitions, then groups, accounts and what is at risk."""
    if material.value("nrr") is None and not material.value("logo_churn"):
        return material.why(("nrr", "logo_churn")) or "no account was there to be kept"
    blocks: list[Block] = [
        pair
        for names in (("nrr", "grr"), ("logo_churn", "revenue_churn"))
        if (pair := _pair(material, names))
    ]
    listed = accounts(material, is_brief=not blocks)
    blocks += [over_time(material), *by_group(material), *listed]
    return Section("retention", "Retention", _headline(material), lead(material), tuple(blocks))


def _headline(material: Material) -> str:
    names = [name for name in ("nrr", "grr") if material.value(name) is not None]
    named = {"nrr": "NRR", "grr": "GRR", "logo_churn": "Monthly account churn"}
    clauses = [
        f"{named[name]} {moved(material, name, material.span.previous)}"
        for name in names or ("logo_churn",)
    ]
    return "; ".join(clauses)


def _pair(material: Material, names: tuple[str, str]) -> Pair | None:
    """Two rates over time on one scale, each defined beside them."""
    known = [name for name in names if _is_curve(material, name)]
    if not known:
        return None
    cards = Cards(tuple(_card(material, name) for name in known))
    return Pair(_trend(material, known, is_kept=names[0] == "nrr"), cards)


def _is_curve(material: Material, name: str) -> bool:
    """Whether there is more than a point to draw."""
    return sum(each is not None for each in material.series(name, material.span.trend)) > 1


def _trend(material: Material, names: list[str], *, is_kept: bool) -> Figure:
    words, periods, paper = material.words, material.span.trend, material.look.paper
    drawn = [_curve(material, name, at) for at, name in enumerate(names)]
    told = "; ".join(_told(material, name, one) for name, one in zip(names, drawn, strict=True))
    svg = curves(
        drawn,
        [material.short(period) for period in periods],
        material.look,
        title=f"{told}.",
        tick=lambda value: words.share(value, 0 if is_kept else 1),
        size=(round(paper.measure * LEFT, 1), _HEIGHT),
        reference=1.0 if is_kept else None,
    )
    if is_kept:
        about = "Part of the MRR of a year before, with expansion (NRR) and before it (GRR)"
        return Figure("Revenue kept over a year", about, svg)
    listing = " and of ".join(
        _CURVES[name] if name != "logo_churn" else "accounts" for name in names
    )
    about = f"Part of {listing} lost a month, mean of {material.context.policy.churn_months} months"
    return Figure("Churn a month", about, svg)


def _told(material: Material, name: str, one: Curve) -> str:
    """The curve in words, for who cannot see it."""
    points = [
        f"{period.title} {_worth(material, name, value)}"
        for period, value in zip(material.span.trend, one.values, strict=True)
        if value is not None
    ]
    return f"{one.name}: {', '.join(points)}"


def _curve(material: Material, name: str, at: int) -> Curve:
    values = material.series(name, material.span.trend)
    text = _worth(material, name, material.value(name))
    return Curve(_CURVES[name], values, text, Rank.SECOND if at else Rank.LEADING)


def _worth(material: Material, name: str, value: float | None) -> str:
    if value is None:
        return DASH
    if name in {"logo_churn", "revenue_churn"}:
        return material.words.share(value, 2)
    return headline(material.metric(name), value, material.words)


def _card(material: Material, name: str) -> Card:
    metric, number = material.metric(name), material.number(name)
    return Card(
        title=metric.title,
        value=Cell(_worth(material, name, number.value), number),
        unit="of a year before" if name in {"nrr", "grr"} else "a month",
        formula="",
        meaning=f"{spelled(metric.formula)[0].upper()}{spelled(metric.formula)[1:]}.",
        changes=material.changes(name),
    )


CHAPTER = Chapter("retention", "Retention", asks, section)
