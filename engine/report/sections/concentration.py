"""On how few accounts the business rests: the largest ones, and accounts by their size."""

import re
from collections.abc import Sequence

from engine.metrics.asks import Ask
from engine.metrics.model import Number
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Figure
from engine.report.chapter import Chapter
from engine.report.charts.columns import Bar, columns
from engine.report.formats import figure, relative
from engine.report.halves import WIDTH, Halves
from engine.report.holders import BY, Holder, holders, share_cell, spoken
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import STILL, worth
from engine.report.sections.concentration_bands import BAND, bands
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

TOP = 10

#: How far down an account may have stood a period ago for its change to be known.
_BEFORE = 100
_PERIODS, _FEWEST = 5, 3
_NAME = 260.0  # of a headline’s two lines


def asks(span: Span, _dimension: str) -> tuple[Ask, ...]:
    """The largest accounts now and before, their share over time, and accounts by size."""
    now, before = (span.period.label,), (span.previous.label,)
    return (
        Request(("mrr", "accounts", "arpa", "arpa_median", "top10_share"), labels(span.history)),
        Request(("mrr",), now, (*BY, "cohort"), TOP),
        Request(("mrr",), before, BY, _BEFORE),
        Request(("mrr", "accounts", "arpa"), now, (BAND,)),
    )


def section(material: Material) -> Section | str:
    """The page of the ten largest accounts and of all by size."""
    mrr, largest = material.value("mrr"), _largest(material)
    if not largest or mrr is None or mrr <= 0:
        return material.why(("top10_share",)) or "what single accounts pay cannot be told"
    if len(largest) < _FEWEST:
        return f"fewer than {_FEWEST} accounts pay"
    left = _without(material, largest)
    blocks = (_ranking(material, largest), Halves(_trend(material), left), *bands(material))
    text = _headline(material, largest)
    return Section("concentration", "Concentration", text, _lead(material), blocks)


def _largest(material: Material) -> tuple[Holder, ...]:
    return tuple(each for each in holders(material, "mrr", None, "cohort") if each.value > 0)[:TOP]


def _headline(material: Material, largest: Sequence[Holder]) -> str:
    """What the ten largest carry, which way that moved, and what the largest alone would cost."""
    words, mrr = material.words, material.value("mrr") or 0.0
    name = spoken(material.look.typeface.fitted(largest[0].name, _NAME, 18, 600))
    first = f"{name} alone carries {words.share(largest[0].value / mrr)}"
    share = material.value("top10_share")
    if share is None or (material.value("accounts") or 0) <= TOP:
        return f"{first} of MRR"
    carried = f"The ten largest accounts carry {words.share(share)} of MRR"
    return f"{carried}{_moved(material, share)}; {first}"


def _moved(material: Material, share: float) -> str:
    before = material.base("top10_share", material.span.previous)
    if before is None or abs(share - before) < STILL:
        return ""
    points = material.words.points(abs(share - before)).lstrip("+").replace(" ", "\u00a0")
    return f", {'up' if share > before else 'down'} {points}"


def _lead(material: Material) -> str:
    """How far the typical account is from the average, and what the small ones carry."""
    median, mean = material.value("arpa_median"), material.value("arpa")
    if median is None or not mean or mean <= 0 or (material.value("accounts") or 0) < 2:
        return ""
    return (
        f"Half of the accounts pay {worth(material, 'arpa_median')} a month or less, the average "
        f"account {worth(material, 'arpa')}: the more these differ, the more hangs on large ones."
    )


def _ranking(material: Material, largest: Sequence[Holder]) -> Table:
    """The largest accounts with what they are of the whole, one after the other and together."""
    mrr, before = material.number("mrr"), _before(material)
    scale = material.words.scale([mrr.value], most=7)
    rows, reached = list[Row](), 0.0
    for at, each in enumerate(largest, 1):
        reached += each.value
        cells = (
            Cell(material.words.number(at), None, Tone.MUTED),
            Cell(material.words.scaled(each.value, scale), each.number),
            share_cell(material, each.value, mrr.value),
            share_cell(material, reached, mrr.value),
            _change(material, each, before),
            Cell(_since(material, each)),
        )
        rows.append(Row(each.name, cells))
    total = (
        Cell(""),
        material.cell("mrr", scale=scale),
        share_cell(material, mrr.value, mrr.value),
    )
    change = material.change_cell("mrr", material.span.previous)
    rows.append(Row("All accounts", (*total, Cell(""), change, Cell("")), RowKind.TOTAL))
    names = ("Rank", "MRR", "Share", "Cumulative", "Change", "Pays since")
    count = "ten" if len(largest) == TOP else material.words.number(len(largest))
    return Table(
        f"The {count} largest accounts",
        f"MRR in {scale.unit}; change since {material.span.previous.title}, currency included",
        (Column("Account", is_text=True, is_name=True), *(Column(each) for each in names)),
        tuple(rows),
        is_close=True,
    )


def _before(material: Material) -> dict[str, Number]:
    previous = material.span.previous
    return {each.account: each.number for each in holders(material, "mrr", previous)}


def _change(material: Material, each: Holder, before: dict[str, Number]) -> Cell:
    """The change since the period before; an account of this period is new."""
    base = before.get(each.account)
    part = relative(each.value, base.value if base else None)
    if part is not None:
        tone = Tone.PLAIN if abs(part) < STILL else Tone.GOOD if part > 0 else Tone.BAD
        return Cell(material.words.change(part), None, tone)
    started = _cohort(material, each)
    is_new = started is not None and started.closing > material.span.previous.closing
    return Cell("new" if is_new else DASH, None, Tone.MUTED)


def _cohort(material: Material, each: Holder) -> Period | None:
    label = each.group.get("cohort", "")
    if not re.fullmatch(r"\d{4}(Q[1-4]|-\d\d)", label):
        return None
    return Period.parse(label, material.period.fiscal_year_start)


def _since(material: Material, each: Holder) -> str:
    cohort = _cohort(material, each)
    return cohort.title if cohort else DASH


def _trend(material: Material) -> Figure:
    """The share of the ten largest, a column a period."""
    periods = material.span.trend[-_PERIODS:]
    bars = [
        Bar(
            material.short(period),
            value,
            material.words.share(value),
            is_reported=period == material.period,
        )
        for period in periods
        if (value := material.value("top10_share", period)) is not None
    ]
    told = ", ".join(f"{bar.name} {bar.text}" for bar in bars)
    svg = columns(
        bars,
        material.look,
        title=f"Share of MRR that the ten largest accounts carry: {told}.",
        width=round(material.look.paper.measure * WIDTH, 1),
        height=128,
    )
    return Figure("Share of the ten largest accounts", "Part of MRR at the end of each period", svg)


def _without(material: Material, largest: Sequence[Holder]) -> Table:
    """What would be left without the largest account, the three and the ten largest."""
    mrr, accounts = material.value("mrr") or 0.0, material.value("accounts") or 0.0
    scale = material.words.scale([mrr], most=7)
    rows = [_left(material, "With all", mrr, accounts, scale, RowKind.TOTAL)]
    for count, name in ((1, "the largest"), (3, "three"), (TOP, "ten")):
        if count <= len(largest) and count < accounts:
            gone = sum(each.value for each in largest[:count])
            rows.append(_left(material, f"Without {name}", mrr - gone, accounts - count, scale))
    heads = ("MRR", "", "ARPA", "")
    unit = f"MRR in {scale.unit}, ARPA in {material.words.symbol}; each with its change"
    columns_ = (Column("", is_text=True), *(Column(each) for each in heads))
    return Table("If the largest left", unit, columns_, tuple(rows))


def _left(
    material: Material,
    name: str,
    mrr: float,
    accounts: float,
    scale: Scale,
    kind: RowKind = RowKind.PLAIN,
) -> Row:
    """MRR and ARPA of that many accounts, with the change from today’s."""
    words, whole, today = material.words, material.value("mrr"), material.value("arpa")
    arpa = mrr / accounts
    is_today = kind is RowKind.TOTAL
    cells = (
        Cell(words.scaled(mrr, scale), material.number("mrr") if is_today else None),
        _fall(material, relative(mrr, whole), is_today=is_today),
        Cell(
            figure(material.metric("arpa"), arpa, words),
            material.number("arpa") if is_today else None,
        ),
        _fall(material, relative(arpa, today), is_today=is_today),
    )
    return Row(name, cells, kind)


def _fall(material: Material, part: float | None, *, is_today: bool) -> Cell:
    if is_today or part is None:
        return Cell("")
    return Cell(material.words.change(part), None, Tone.BAD if part < 0 else Tone.PLAIN)


CHAPTER = Chapter("concentration", "Concentration", asks, section)
