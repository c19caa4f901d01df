"""The summary: the quarter in a sentence, eight numbers, a trend, and what moved."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Block, Figure, Finding, Findings, Tile, Tiles
from engine.report.chapter import Chapter
from engine.report.charts.columns import Bar, columns
from engine.report.charts.sparkline import sparkline
from engine.report.formats import headline, relative, tone
from engine.report.insights import findings
from engine.report.material import Material
from engine.report.measures import COUNTS, MONTHLY, MOVES, STATES
from engine.report.mix import mix_shift
from engine.report.model import Section
from engine.report.phrases import SHORT, moved, plural, size, verb, worth
from engine.report.span import Span, labels
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: The tiles, with the line under each number.
TILES = {
    "mrr": "recurring revenue a month",
    "arpu": "recurring revenue a user",
    "arpa": "recurring revenue an account",
    "arppu": "recurring revenue a paid seat",
    "accounts": "that pay",
    "users": "paid and free",
    "paid_seats": "user seats paid for",
    "seats_per_account": "paid seats an account",
}
_TILE_WIDTH, _TILE_HEIGHT = 112.0, 26.0
_SPARK_MONTHS = 13

#: Lines of findings under a headline of one line and a lead of three.
_LINES = 8


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """States of each period and month; movements in total and by group."""
    compared = labels((span.period, *span.compared))
    return (
        Request((*STATES, *MOVES, *COUNTS), labels(span.history)),
        Request(MONTHLY, labels(span.months)),
        Request((*STATES, *MOVES, *COUNTS), compared, (dimension,)),
    )


def section(material: Material) -> Section:
    """The page that is read first."""
    blocks: list[Block] = [Tiles(tuple(_tile(material, *each) for each in TILES.items()))]
    if material.value("mrr") is not None:
        blocks.append(_trend(material))
    first, lead = _headline(material), _lead(material)
    if found := _fitting(material, findings(material), first, lead):
        unit = f"The largest movements since {material.span.previous.title}, ranked by money"
        blocks.append(Findings("What moved", unit, found))
    return Section("summary", "Summary", first, lead, tuple(blocks))


def _fitting(
    material: Material, found: tuple[Finding, ...], first: str, lead: str
) -> tuple[Finding, ...]:
    """As many findings as the page bears under a headline and a lead of their length."""
    face, measure = material.look.typeface, material.look.paper.measure
    room = _LINES
    room -= 2 * (len(face.lines(first, measure, 18, 600, most=9)) - 1)
    room -= len(face.lines(lead, measure * 0.88, 10.5, most=9)) - 3
    kept: list[Finding] = []
    for each in found:
        text = f"{each.headline}. {each.text}"
        room -= len(face.lines(text, measure * 0.86, 9.25, 500, most=9))
        kept.extend([each] if room >= 0 else [])
    return tuple(kept)


def _headline(material: Material) -> str:
    previous = material.span.previous
    other = "arpu" if material.value("arpu") is not None else "arpa"
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
        holding = f" with {worth(material, 'paid_seats')} paid seats" if seats is not None else ""
        sentences.append(f"At the period’s end there are {who}{holding}.")
    if material.context.notes:
        sentences.append("The rules of counting have changed since: see Definitions.")
    return " ".join(sentences)


_GAINS = ("mrr_new", "mrr_reactivation", "mrr_expansion")
_LOSSES = ("mrr_contraction", "mrr_churn")


def _tile(material: Material, name: str, unit: str) -> Tile:
    number, metric = material.number(name), material.metric(name)
    history = material.series(name, material.span.months)[-_SPARK_MONTHS:]
    months = material.span.months[-_SPARK_MONTHS:]
    known = [value for value in history if value is not None]
    ends = [headline(metric, value, material.words) for value in (known[:1] + known[-1:])]
    first, last = material.words.month(months[0].start), material.words.month(months[-1].start)
    title = f"{metric.title}, {first} to {last}: " + (" to ".join(ends) or "no values")
    changes = material.changes(name) if number.value is not None else ()
    return Tile(
        label=SHORT[name],
        value=Cell(headline(metric, number.value, material.words), number),
        unit=unit,
        changes=changes,
        spark=sparkline(history, material.look, title=title, width=_TILE_WIDTH, height=_TILE_HEIGHT)
        if known
        else "",
        note=number.reason or ("" if changes else "nothing earlier to compare with"),
    )


def _trend(material: Material) -> Figure:
    """MRR at the end of each period, with its growth on the one before."""
    periods = material.span.trend
    values = material.series("mrr", periods)
    scale = material.words.scale(values, most=5)
    bars = [
        _bar(material, period, values[at], values[at - 1] if at else None, scale)
        for at, period in enumerate(periods)
    ]
    told = ", ".join(f"{bar.name} {bar.text}" for bar in bars if bar.value is not None)
    svg = columns(
        bars,
        material.look,
        title=f"MRR at the end of each period in {scale.unit}: {told}.",
        width=material.look.paper.measure,
        height=126,
    )
    unit = f"{scale.unit} at the end of each period; growth on the period before"
    return Figure("Monthly recurring revenue", unit, svg)


def _bar(
    material: Material, period: Period, value: float | None, base: float | None, scale: Scale
) -> Bar:
    part = relative(value, base)
    return Bar(
        material.short(period),
        value,
        DASH if value is None else material.words.scaled(value, scale),
        "" if part is None else material.words.change(part),
        Tone.PLAIN if part is None else tone(material.metric("mrr"), value, base),
        is_reported=period == material.period,
    )


CHAPTER = Chapter("summary", "Summary", asks, section)
