"""The summary: the quarter in a sentence, eight numbers, what moved, what threatens, the trend."""

from dataclasses import replace

from engine.metrics.asks import Ask, PlanRequest, ShiftRequest
from engine.metrics.numbers import Request
from engine.report.blocks import Block, Brief, Finding, Findings, Tiles
from engine.report.chapter import Chapter
from engine.report.growth import growth
from engine.report.insights import findings, leading, set_aside
from engine.report.judged import judging
from engine.report.material import Material
from engine.report.measures import COUNTS, JUDGED, MONTHLY, MOVES, STATES
from engine.report.mix import mix_shift
from engine.report.model import Section
from engine.report.phrases import SHORT, moved, plural, size, verb, worth
from engine.report.risks import risks
from engine.report.span import Span, labels
from engine.report.tiles import passed_over, tile, tiled

#: Heights in points of what stands on the page, for the chart takes what they leave.
_HEADLINE, _LEAD, _TILES, _LIST, _CHART, _LINE = 22.5, 16.0, 112.0, 45.0, 47.0, 12.0
_SHORTEST, _TALLEST, _SLACK = 74.0, 190.0, 6.0


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """States of each period and month; movements in total and by group; plans and bridges."""
    compared = labels((span.period, *span.compared))
    coming = span.period.before(-1)
    ends = (span.previous.label, span.period.label)
    return (
        Request((*STATES, *MOVES, *COUNTS, *JUDGED), labels(span.history)),
        Request(MONTHLY, labels(span.months)),
        Request((*STATES, *MOVES, *COUNTS), compared, (dimension,)),
        Request(("renewals_due", "pipeline_coverage"), compared),
        Request(("mrr", "accounts"), (span.period.label,), ("status",)),
        *(ShiftRequest(name, dimension, *ends) for name in ("arpu", "arpa")),
        PlanRequest(labels((*span.trend, coming))),
    )


def section(material: Material) -> Section:
    """The page that is read first."""
    shown = tiled(material)
    note = " ".join((judging(material), *passed_over(material)))
    tiles = Tiles(tuple(tile(material, name) for name in shown), (note,))
    blocks: list[Block] = [tiles]
    first, lead = _headline(material), _lead(material)
    if material.value("mrr") is not None:
        brief, height = _fitted(material, first, lead, tiles)
        blocks += [brief, growth(material, height)]
    return Section("summary", "Summary", first, lead, tuple(blocks))


def _brief(material: Material) -> Brief:
    """What moved, beside what threatens."""
    since = material.span.previous.title
    found, aside = findings(material), set_aside(material)
    notes = (aside,) if aside else ()
    if not found:
        notes = ("No movement beyond noise: 0.1% of the MRR before.", *notes)
    dangers = risks(material)
    none = () if dangers else (_NO_RISK,)
    return Brief(
        (
            Findings("What moved", f"Since {since}, ranked by money", found, notes),
            Findings("What to watch", "Ranked by the money at stake", dangers, none),
        )
    )


def _fitted(material: Material, first: str, lead: str, tiles: Tiles) -> tuple[Brief, float]:
    """As many findings as leave room for the chart, and its height."""
    brief = _brief(material)
    while (room := _room(material, first, lead, tiles, brief)) < _SHORTEST:
        longest = max(brief.lists, key=lambda each: _list_height(material, each))
        if len(longest.findings) < 2:
            break
        shorter = replace(longest, findings=longest.findings[:-1])
        brief = Brief(tuple(shorter if each is longest else each for each in brief.lists))
    return brief, max(_SHORTEST, min(room, _TALLEST))


def _room(material: Material, first: str, lead: str, tiles: Tiles, brief: Brief) -> float:
    """Height of the chart: what the texts above leave of the page."""
    face, paper = material.look.typeface, material.look.paper
    used = len(face.lines(first, paper.measure * 0.97, 18, 600, most=9)) * _HEADLINE + 8
    used += len(face.lines(lead, min(paper.measure, 436) * 0.97, 10.5, most=9)) * _LEAD + 16
    used += -(-len(tiles.tiles) // 4) * _TILES
    used += sum(10 * len(face.lines(each, paper.measure, 7, most=9)) for each in tiles.notes)
    used += max(_list_height(material, each) for each in brief.lists) + _LIST + _CHART
    return paper.live_height - used - _SLACK


def _list_height(material: Material, found: Findings) -> float:
    return sum(_height(material, each) for each in found.findings) + 26.0 * len(found.notes)


def _height(material: Material, finding: Finding) -> float:
    """A finding's height in its half of the page."""
    face, width = material.look.typeface, (material.look.paper.measure - 23) / 2 - 54
    text = f"{finding.headline}. {finding.text}"
    return 10 + _LINE * len(face.lines(text, width * 0.97, 8.5, 500, most=12))


def _headline(material: Material) -> str:
    previous, other = material.span.previous, leading(material)
    parts = [f"{SHORT[name]} {moved(material, name, previous)}" for name in ("mrr", other)]
    alone = " on\u00a0mix\u00a0alone" if mix_shift(material, other) else ""
    return "; ".join(parts) + alone if material.value(other) is not None else parts[0]


def _lead(material: Material) -> str:
    """Where the growth came from, and who pays."""
    words, sentences = material.words, list[str]()
    gained = sum(max(material.value(name) or 0.0, 0.0) for name in _GAINS)
    lost = -sum(min(material.value(name) or 0.0, 0.0) for name in _LOSSES)
    if gained or lost:
        sentences.append(
            f"New business and expansion added {words.compact_money(gained)} of MRR; "
            f"contraction and churn took {words.compact_money(lost)}."
        )
    year_ago = material.span.year_ago
    if len(material.span.compared) > 1 and material.relative("mrr", year_ago) is not None:
        part = material.relative("mrr", year_ago) or 0.0
        far = size(material, "mrr", year_ago)
        sentences.append(f"Since {year_ago.title}, MRR {verb(part)} {far}.")
    accounts, seats = material.value("accounts"), material.value("paid_seats")
    if accounts is not None:
        who = f"{worth(material, 'accounts')} paying {plural(accounts, 'account', 'accounts')}"
        holding = f" with {worth(material, 'paid_seats')} paid seats" if seats else ""
        sentences.append(f"At the period’s end there are {who}{holding}.")
    if material.context.notes:
        sentences.append("The rules of counting have changed since: see Definitions.")
    return " ".join(sentences)


_NO_RISK = (
    "No rule found one: past due, renewals, concentration, churn, averages, acquisition cost, "
    "pipeline and plan were looked at."
)
_GAINS = ("mrr_new", "mrr_reactivation", "mrr_expansion")
_LOSSES = ("mrr_contraction", "mrr_churn")

CHAPTER = Chapter("summary", "Summary", asks, section)
