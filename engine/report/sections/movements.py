"""How MRR came from the last period's end to this one's, and over the last four periods."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.blocks import Block, Figure
from engine.report.chapter import Chapter
from engine.report.charts.waterfall import Step, cut, waterfall
from engine.report.formats import figure, relative
from engine.report.holders import BY
from engine.report.material import Material
from engine.report.measures import COUNTS, MOVES
from engine.report.model import Section
from engine.report.phrases import plural, unbroken
from engine.report.rollforward import (
    MOVEMENTS,
    RollForward,
    movement_tone,
    printed,
    roll_forward,
)
from engine.report.sections.arrivals import MOST, arrivals
from engine.report.sections.movement_history import quick_ratios, recent_bridges
from engine.report.span import Span, labels
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.words import DASH

_COUNTS = {
    "new_accounts": ("New", 1),
    "reactivated_accounts": ("Reactivated", 1),
    "churned_accounts": ("Churned", -1),
}
_NOTES = {
    "mrr_new": "new_accounts",
    "mrr_reactivation": "reactivated_accounts",
    "mrr_churn": "churned_accounts",
}


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """Movements of the recent periods, and the states between them."""
    ends = labels((span.recent[0].before(), *span.recent))
    return (
        Request(("mrr", "accounts"), ends),
        Request((*MOVES, *COUNTS, "quick_ratio"), labels(span.recent)),
        Request(("quick_ratio",), labels(span.trend)),
        Request(("mrr_new",), (span.period.label,), (*BY, dimension), MOST),
    )


def section(material: Material) -> Section | str:
    """The bridge, and the roll-forward of the last four periods."""
    roll = roll_forward(material, material.period, names=tuple(MOVEMENTS))
    if roll.values is None:
        return material.why(("mrr", *MOVEMENTS))
    blocks: list[Block] = [_bridge(material, roll), _history(material)]
    bridged = recent_bridges(material, _living(material))
    if bridged and (further := (*quick_ratios(material), *arrivals(material))):
        blocks += [*bridged, *further]  # either alone would leave its page near empty
    return Section("movements", "MRR movements", _headline(material, roll), "", tuple(blocks))


def _headline(material: Material, roll: RollForward) -> str:
    words = material.words
    moves = [each.value or 0.0 for each in roll.movements if each.metric != "mrr_fx"]
    gained, lost = sum(each for each in moves if each > 0), -sum(each for each in moves if each < 0)
    net = (roll.closing.value or 0.0) - (roll.opening.value or 0.0)
    if not roll.opening.value:
        return f"The first {words.compact_money(net)} of MRR, from nothing at the start"
    did = "grew" if net > 0 else "shrank" if net < 0 else "stood still"
    amount = f" by {words.compact_money(abs(net))}" if net else ""
    return (
        f"MRR {did}{amount}: {words.compact_money(gained)} gained, {words.compact_money(lost)} lost"
    )


def _bridge(material: Material, roll: RollForward) -> Figure:
    words, previous = material.words, material.span.previous
    scale = words.scale(roll.values or (), most=5)
    cells = printed(roll, words, scale)
    steps = [
        Step(previous.title, roll.opening.value or 0.0, cells[0].text, is_total=True),
        *(
            _step(material, cell, name, roll)
            for cell, name in zip(cells[1:-1], MOVEMENTS.values(), strict=True)
        ),
        Step(material.period.title, roll.closing.value or 0.0, cells[-1].text, is_total=True),
    ]
    told = "; ".join(f"{step.name} {step.text}" for step in steps)
    floor = cut(steps)
    parts = [scale.unit, "movements as part of the opening"]
    parts += [f"axis cut at {words.number(floor / scale.divisor)}"] if floor else []
    svg = waterfall(
        steps,
        material.look,
        title=f"MRR bridge in {scale.unit}: {told}.",
        width=material.look.paper.measure,
        height=236,
    )
    title = f"MRR bridge, {previous.title} to {material.period.title}"
    return Figure(title, "; ".join(parts), svg)


def _step(material: Material, cell: Cell, name: str, roll: RollForward) -> Step:
    number = cell.number
    value = (number.value if number else None) or 0.0
    part = relative((roll.opening.value or 0.0) + value, roll.opening.value)
    return Step(
        name,
        value,
        ("+" if value > 0 else "") + cell.text,
        tone=movement_tone(number) if number else Tone.PLAIN,
        share=material.words.change(part) if part is not None and value else "",
        note=_note(material, number.metric if number else ""),
    )


def _note(material: Material, movement: str) -> str:
    if movement not in _NOTES:
        return ""
    count = material.value(_NOTES[movement])
    if count is None:
        return ""
    return f"{material.words.compact(count)} {plural(count, 'account', 'accounts')}"


def _history(material: Material) -> Table:
    """The roll-forward of the last four periods, a column each."""
    periods = _living(material)
    rolls = [roll_forward(material, period, names=tuple(MOVEMENTS)) for period in periods]
    scale = material.words.scale([number.value for roll in rolls for number in roll.numbers])
    cells = [printed(roll, material.words, scale) for roll in rolls]
    names = ("Opening MRR", *MOVEMENTS.values(), "Closing MRR")
    kinds = (RowKind.TOTAL, *(RowKind.PART for _ in MOVEMENTS), RowKind.TOTAL)
    rows = [
        Row(name, (_meaning(material, at), *(column[at] for column in cells)), kind)
        for at, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    rows += [_growth(material, rolls), _quick(material, periods), *_accounts(material, periods)]
    missing = material.reasons(number for roll in rolls for number in roll.numbers)
    return Table(
        "Roll-forward of MRR and of paying accounts",
        f"{scale.unit}, and number of accounts; opening plus movements is closing",
        (
            Column("", is_text=True, width=30),
            Column("What counts", is_text=True),
            *(
                Column(unbroken(period.title), is_reported=period == material.period)
                for period in periods
            ),
        ),
        tuple(rows),
        missing,
        is_rolling=True,
    )


def _living(material: Material) -> tuple[Period, ...]:
    """The recent periods, from the first that has MRR."""
    recent = material.span.recent
    values = material.series("mrr", recent)
    return tuple(each for each, value in zip(recent, values, strict=True) if value is not None)


def _meaning(material: Material, at: int) -> Cell:
    """The definition beside a movement's name."""
    movements = tuple(MOVEMENTS)
    text = material.metric(movements[at - 1]).meaning if 0 < at <= len(movements) else ""
    return Cell(text, None, Tone.MUTED)


def _growth(material: Material, rolls: list[RollForward]) -> Row:
    cells = [Cell("Closing over opening MRR", None, Tone.MUTED)]
    for roll in rolls:
        part = relative(roll.closing.value, roll.opening.value)
        tone = _growth_tone(part)
        text = material.words.change(part) if part is not None else DASH
        cells.append(Cell(text, None, tone, part))
    return Row("Growth", tuple(cells))


def _quick(material: Material, periods: tuple[Period, ...]) -> Row:
    cells = (material.cell("quick_ratio", period) for period in periods)
    return Row("Quick ratio", (Cell("MRR won over MRR lost", None, Tone.MUTED), *cells))


def _growth_tone(part: float | None) -> Tone:
    """Good for growth, bad for shrinking."""
    if part is None:
        return Tone.MUTED
    return Tone.GOOD if part > 0 else Tone.BAD if part < 0 else Tone.PLAIN


def _accounts(material: Material, periods: tuple[Period, ...]) -> list[Row]:
    def count(metric: str, period: Period, sign: int = 1) -> Cell:
        number = material.number(metric, period)
        value = None if number.value is None else number.value * sign
        text = figure(material.metric(metric), value, material.words)
        turned = value if sign < 0 else None
        return Cell(text, number, Tone.MUTED if value is None else Tone.PLAIN, turned)

    def row(name: str, metric: str, told: str, kind: RowKind, sign: int = 1) -> Row:
        cells = (count(metric, period, sign) for period in periods)
        return Row(name, (Cell(told, None, Tone.MUTED), *cells), kind)

    opening = tuple(count("accounts", period.before()) for period in periods)
    return [
        Row("Opening accounts", (Cell(""), *opening), RowKind.TOTAL),
        *(
            row(name, metric, material.metric(metric).meaning, RowKind.PART, sign)
            for metric, (name, sign) in _COUNTS.items()
        ),
        row("Closing accounts", "accounts", "", RowKind.TOTAL),
    ]


CHAPTER = Chapter("movements", "MRR movements", asks, section)
