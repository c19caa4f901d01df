"""What customers cost and bring by where they came from: a chart, and a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.report.benchmarks import FEW, LTV_CAC, PAYBACK_MONTHS, TOO_FEW
from engine.report.charts.strips import Mark, Strip, strips
from engine.report.material import NO_GROUP, Material
from engine.report.sections.economics_sources import RATES, Source, rate
from engine.report.strips import SHARE, Strips, beside
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

MOST = 12
_ROOMY, _CLOSE = 25.0, 19.0


def chart(material: Material, dimension: str, found: Sequence[Source]) -> Strips:
    """What each part of the spend bought, and how it stands to what readers hold it against."""
    shown, name = found[:MOST], dimension.replace("_", " ")
    rates = (
        _strip(material, shown, "cac_payback_months", ("CAC payback", "months"), PAYBACK_MONTHS),
        _strip(material, shown, "ltv_cac", ("LTV/CAC", "times"), LTV_CAC),
    )
    columns = (_shares(material, found, shown), *(each for each in rates if _says(each)))
    row = _ROOMY if len(shown) <= 8 else _CLOSE
    told = "; ".join(_told(material, each) for each in shown)
    svg = strips(
        columns,
        material.look,
        title=f"Spend and what it bought by {name}: {told}.",
        width=round(material.look.paper.measure * SHARE, 1),
        row=row,
    )
    rest = len(found) - len(shown)
    return Strips(
        f"Spend, payback and return by {name}",
        f"{material.period.title}, the largest spend first"
        + (f"; the {len(shown)} largest of {len(found)}" if rest else ""),
        beside(material.look, [each.name for each in shown]),
        row,
        svg,
    )


def _says(strip: Strip) -> bool:
    return any(mark.value is not None for marks in strip.rows for mark in marks)


def _shares(material: Material, found: Sequence[Source], shown: Sequence[Source]) -> Strip:
    spend, mrr = sum(each.cost for each in found), sum(each.mrr for each in found)
    rows = tuple(
        (_share(material, each.cost, spend), _share(material, each.mrr, mrr)) for each in shown
    )
    return Strip("Share of the whole", "", rows, is_bars=True, swatches=("spend", "new MRR"))


def _share(material: Material, value: float, whole: float) -> Mark:
    if whole <= 0:
        return Mark(None, DASH)
    return Mark(value / whole, material.words.share(value / whole, 0))


def _strip(
    material: Material, shown: Sequence[Source], name: str, about: tuple[str, str], limit: float
) -> Strip:
    rows = tuple((_mark(material, each, name, limit),) for each in shown)
    named = f"{limit:.0f} {about[1]}"
    return Strip(*about, rows, reference=limit, named=named)


def _mark(material: Material, source: Source, name: str, limit: float) -> Mark:
    cell = rate(material, source, name)
    value = cell.number.value if cell.number else None
    if value is None:
        return Mark(None, cell.text)
    is_bad = (value < limit) == material.metric(name).higher_is_better
    return Mark(value, cell.text, Tone.BAD if is_bad else Tone.PLAIN)


def _told(material: Material, source: Source) -> str:
    words = material.words
    payback, ratio = (rate(material, source, each) for each in ("cac_payback_months", "ltv_cac"))
    return (
        f"{source.name}: {words.compact_money(source.cost)} for {words.number(source.new)} "
        f"new accounts, payback in months {payback.text}, LTV/CAC {ratio.text}"
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """A column: a metric of the group, or with a stage of its new accounts."""

    metric: str
    title: str
    heading: str
    stage: str = ""
    opens: bool = False


_SPENT, _NEW, _ALL = "New business", "A new account", "All accounts"
_FIRST = (
    _Measure("spend", "Spend", _SPENT),
    _Measure("new_accounts", "Accounts", _SPENT),
    _Measure("mrr_new", "New MRR", _SPENT),
    _Measure("cac", "CAC", _NEW, opens=True),
    _Measure("arpa", "ARPA", _NEW, stage="new"),
    _Measure("cac_payback_months", "Payback", _NEW),
)
_RATIO = _Measure("ltv_cac", "LTV/CAC", _ALL)
_WHOLE = (
    _Measure("arpa", "ARPA", _ALL, opens=True),
    _Measure("gross_margin", "Margin", _ALL),
    _Measure("logo_churn", "Churn", _ALL),
    _Measure("ltv", "LTV", _ALL),
)


def table(material: Material, found: Sequence[Source], *, is_whole: bool = True) -> Table:
    """A row a source, the dearest first; what lies beyond the first dozen in one row.

    Args:
        is_whole: With what all accounts of the group bring, not only the new ones.
    """
    measures = (*_FIRST, *(_WHOLE if is_whole else ()), _RATIO)
    name = found[0].dimension.replace("_", " ")
    money = [value for each in found for value in (each.cost, each.mrr)]
    scale = material.words.scale(money, most=6)
    rows = _rows(material, found, measures, scale)
    numbers = [cell.number for row in rows for cell in row.cells if cell.number]
    reasons = (each for each in numbers if each.reason and "not recorded" in each.reason)
    made = Table(
        f"By {name}",
        f"Spend and new MRR in {scale.unit}; CAC, ARPA and LTV in {material.words.symbol}; "
        "payback in months; churn a month",
        (
            Column(name.capitalize(), is_text=True, is_name=True),
            *(Column(each.title, each.heading, opens=each.opens) for each in measures),
        ),
        tuple(rows),
        (*_notes(found, name), *material.reasons(reasons)),
        is_close=len(rows) > 4,
    )
    return without_empty_columns(made)


def _rows(
    material: Material, found: Sequence[Source], measures: Sequence[_Measure], scale: Scale
) -> list[Row]:
    """The dearest, all others of a name together, and what has no name."""
    named = [each for each in found if not each.is_unnamed]
    shown = named if len(named) <= MOST + 1 else named[:MOST]
    rows = [_row(material, each, measures, scale) for each in shown]
    if rest := named[len(shown) :]:
        rows.append(_rest(material, rest, measures, scale))
    return [*rows, *(_row(material, each, measures, scale) for each in found if each.is_unnamed)]


def _notes(found: Sequence[Source], name: str) -> tuple[str, ...]:
    """What the marks in the table mean, each only where it is used."""
    said: list[str] = []
    if any(each.is_few and each.spend and not each.is_unnamed for each in found):
        said.append(f"{TOO_FEW.capitalize()}: fewer than {FEW} new accounts to read a rate from.")
    if any(each.is_unnamed and each.spend for each in found):
        said.append(f"Spend that names no {name} is in no {name}’s cost.")
    return (" ".join(said),) if said else ()


def _row(material: Material, source: Source, measures: Sequence[_Measure], scale: Scale) -> Row:
    return Row(source.name, tuple(_cell(material, source, each, scale) for each in measures))


def _cell(material: Material, source: Source, measure: _Measure, scale: Scale) -> Cell:
    words, name = material.words, measure.metric
    if name in RATES:
        return rate(material, source, name)
    if name == "spend":
        number = material.number("cac", None, source.group)
        is_known = source.spend is not None
        return Cell(words.scaled(source.cost, scale) if is_known else DASH, number)
    group = {"stage": measure.stage, **source.group} if measure.stage else source.group
    number = material.number(name, None, group)
    if number.value is None:
        return Cell(DASH, None if number.reason == NO_GROUP else number, Tone.MUTED)
    if name == "logo_churn":
        return Cell(words.share(number.value, 2), number)
    if name == "arpa":
        is_long = abs(number.value) >= 1e7
        return Cell(words.compact(number.value) if is_long else words.number(number.value), number)
    return material.cell(name, None, group, scale if name == "mrr_new" else None)


def _rest(
    material: Material, rest: Sequence[Source], measures: Sequence[_Measure], scale: Scale
) -> Row:
    """The sums of all others; a rate of theirs would say nothing of any of them."""
    words = material.words
    is_known = any(each.spend is not None for each in rest)
    sums = {
        "spend": words.scaled(sum(each.cost for each in rest), scale) if is_known else DASH,
        "new_accounts": words.number(sum(each.new for each in rest)),
        "mrr_new": words.scaled(sum(each.mrr for each in rest), scale),
    }
    cells = (Cell(sums.get(each.metric, ""), None, Tone.MUTED) for each in measures)
    return Row(f"{len(rest)} others", tuple(cells), RowKind.PART)
