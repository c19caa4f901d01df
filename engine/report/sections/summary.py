"""The summary: the quarter in a sentence, eight numbers, a trend, and what moved."""

from engine.report.charts.columns import Bar, columns
from engine.report.charts.sparkline import sparkline
from engine.report.formats import headline, relative, tone
from engine.report.insights import findings
from engine.report.material import Material
from engine.report.model import Block, Figure, Findings, Section, Tile, Tiles, Tone
from engine.report.phrases import SHORT, moved, plural, size, verb, worth
from engine.report.span import labels

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


def section(material: Material) -> Section:
    """The page that is read first."""
    blocks: list[Block] = [Tiles(tuple(_tile(material, *each) for each in TILES.items()))]
    if material.value("mrr") is not None:
        blocks.append(_trend(material))
    if found := findings(material):
        unit = f"The largest movements since {material.span.previous.title}, ranked by money"
        blocks.append(Findings("What moved", unit, found))
    return Section("summary", "Summary", _headline(material), _lead(material), tuple(blocks))


def _headline(material: Material) -> str:
    previous = material.span.previous
    other = "arpu" if material.value("arpu") is not None else "arpa"
    parts = [f"{SHORT[name]} {moved(material, name, previous)}" for name in ("mrr", other)]
    return "; ".join(parts) if material.value(other) is not None else parts[0]


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
    value = material.cell(name)
    changes = tuple(each for each in material.changes(name) if each.tone is not Tone.MUTED)
    return Tile(
        label=SHORT[name],
        value=type(value)(headline(metric, number.value, material.words), number, value.tone),
        unit=unit,
        changes=changes,
        spark=sparkline(history, material.look, title=title, width=_TILE_WIDTH, height=_TILE_HEIGHT)
        if known
        else "",
        note=number.reason or ("" if changes else "nothing earlier to compare with"),
    )


def _trend(material: Material) -> Figure:
    """MRR at the end of each period, with its growth on the one before."""
    words, periods = material.words, material.span.trend
    values = material.series("mrr", periods)
    scale = words.scale(values, most=5)
    metric = material.metric("mrr")
    bars: list[Bar] = []
    for at, (period, value) in enumerate(zip(periods, values, strict=True)):
        base = values[at - 1] if at else None
        part = relative(value, base)
        bars.append(
            Bar(
                material.short(period),
                value,
                words.scaled(value, scale) if value is not None else "–",
                words.change(part) if part is not None else "",
                tone(metric, value, base) if part is not None else Tone.PLAIN,
                is_reported=period == material.period,
            )
        )
    told = ", ".join(f"{bar.name} {bar.text}" for bar in bars if bar.value is not None)
    ends = labels(periods)
    svg = columns(
        bars,
        material.look,
        title=f"MRR in {scale.unit}, {ends[0]} to {ends[-1]}: {told}.",
        width=material.look.paper.measure,
        height=126,
    )
    unit = f"{scale.unit} at the end of each period; growth on the period before"
    return Figure("Monthly recurring revenue", unit, svg)
