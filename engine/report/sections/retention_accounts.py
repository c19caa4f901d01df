"""The accounts behind retention: the largest losses and gains, renewals ahead, and late payers."""

from collections.abc import Mapping, Sequence

from engine.metrics.model import Number
from engine.report.blocks import Block
from engine.report.halves import Halves
from engine.report.holders import Holder, holders, share_cell
from engine.report.material import TOTAL, Group, Material
from engine.report.table import Cell, Column, Row, RowKind, Table, without_empty_columns
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

#: Accounts listed, with renewals below and without; and where all of it is to fit on one page.
_MOST, _ALONE, _BRIEF = 8, 14, 5
LATE = "past_due"


def accounts(material: Material, *, is_brief: bool = False) -> tuple[Block, ...]:
    """What there is of: losses beside gains, renewals beside what is at risk by group.

    Args:
        is_brief: For a company without a history, whose page has no charts above.
    """
    listed = _BRIEF if is_brief else _MOST
    ahead = _beside(_renewals(material, listed), _at_risk(material, listed))
    most = listed if ahead else _ALONE
    losses = {"mrr_churn": "Left", "mrr_contraction": "Shrank"}
    moved = _beside(
        _movers(material, "Losses", losses, most),
        _movers(material, "Expansions", {"mrr_expansion": "Grew"}, most),
    )
    return (*moved, *ahead)


def _beside(left: Table | None, right: Table | None) -> list[Block]:
    if left and right:
        return [Halves(left, right)]
    return [each for each in (left, right) if each]


def _movers(material: Material, title: str, kinds: Mapping[str, str], most: int) -> Table | None:
    """The accounts whose MRR moved most, with the part of all such movements that each is."""
    found = [each for metric in kinds for each in holders(material, metric) if each.value]
    shown = sorted(found, key=lambda each: (-abs(each.value), each.account))[:most]
    if not shown:
        return None
    total = sum(material.value(metric) or 0.0 for metric in kinds)
    scale = material.words.scale([each.value for each in shown], most=6)
    rows = tuple(_mover(material, each, kinds, total, scale) for each in shown)
    heads = ("Account", *([""] if len(kinds) > 1 else []), "MRR", "Share")
    unit = f"{scale.unit} of MRR in {material.period.title}; share of all {title.lower()}"
    return _listed(f"Largest {title.lower()}", unit, heads, rows)


def _mover(
    material: Material, each: Holder, kinds: Mapping[str, str], total: float, scale: Scale
) -> Row:
    text = material.words.signed(each.value / scale.divisor, scale.digits)
    kind = [Cell(kinds[each.number.metric], None, Tone.MUTED)] if len(kinds) > 1 else []
    amount = Cell(text, each.number, Tone.GOOD if each.value > 0 else Tone.BAD)
    return Row(each.name, (*kind, amount, share_cell(material, abs(each.value), abs(total))))


def _listed(title: str, unit: str, heads: Sequence[str], rows: tuple[Row, ...]) -> Table:
    """A table of accounts; its second column may hold words."""
    name, *others = heads
    columns = [Column(name, is_text=True, is_name=True)]
    columns += [Column(each, is_text=not each) for each in others]
    return Table(title, unit, tuple(columns), rows, is_close=True)


def _renewals(material: Material, most: int) -> Table | None:
    """The largest accounts whose term ends in the next period."""
    shown = holders(material, "renewals_due")[:most]
    if not shown:
        return None
    mrr, total = material.value("mrr"), material.number("renewals_due")
    scale = material.words.scale([each.value for each in shown], most=6)
    rows = [_renewal(material, each, mrr, scale) for each in shown]
    if total.value is not None:
        text = material.words.scaled(total.value, scale)
        cells = (Cell(text, total), share_cell(material, total.value, mrr))
        rows.append(Row("All renewals due", cells, RowKind.TOTAL))
    following = material.period.before(-1).title
    unit = f"{scale.unit} of MRR whose term ends in {following}; share of all MRR"
    return _listed("Largest renewals ahead", unit, ("Account", "MRR", "Share"), tuple(rows))


def _renewal(material: Material, each: Holder, mrr: float | None, scale: Scale) -> Row:
    text = material.words.scaled(each.value, scale)
    return Row(each.name, (Cell(text, each.number), share_cell(material, each.value, mrr)))


def _at_risk(material: Material, most: int) -> Table | None:
    """Renewals due and MRR that is past due, a row each group; one group's stand beside it."""
    ranked = sorted(material.groups, key=lambda group: -_due(material, group))
    if len(ranked) < 2:
        return None
    groups = (*ranked[:most], TOTAL)
    risks = {at: _risks(material, group) for at, group in enumerate(groups)}
    values = [each.value for numbers in risks.values() for each in numbers if each]
    if not any(values):
        return None
    scale = material.words.scale(values, most=6)
    rows = tuple(
        Row(
            material.name(group) if group else "Total",
            tuple(
                cell
                for number in risks[at]
                for cell in _risk(material, number, material.value("mrr", None, group), scale)
            ),
            RowKind.PLAIN if group else RowKind.TOTAL,
        )
        for at, group in enumerate(groups)
    )
    heads = [Column(material.dimension.capitalize(), is_text=True, is_name=True)]
    for name in (f"Due {material.period.before(-1).title}", "Past due"):
        heads += [Column("MRR", name, opens=True), Column("Share", name)]
    title = f"At risk by {material.dimension}"
    unit = f"{scale.unit} of MRR up for renewal or past due; share of the group’s MRR"
    notes = (f"The {most} with most renewals of {len(ranked)}.",) if len(ranked) > most else ()
    table = Table(title, unit, tuple(heads), rows, notes, is_close=True)
    return without_empty_columns(table)


def _due(material: Material, group: Group) -> float:
    return material.value("renewals_due", None, group) or 0.0


def _risk(
    material: Material, number: Number | None, mrr: float | None, scale: Scale
) -> tuple[Cell, Cell]:
    if number is None or number.value is None:
        return Cell(DASH, number, Tone.MUTED), Cell(DASH, None, Tone.MUTED)
    text = material.words.scaled(number.value, scale)
    return Cell(text, number), share_cell(material, number.value, mrr)


def _risks(material: Material, group: Group) -> tuple[Number, Number | None]:
    """What is up for renewal, and what is past due: a dash where there is none of it."""
    numbers, late = material.context.numbers, {"status": LATE} | dict(group)
    try:
        found = numbers.one("mrr", material.period.label, late)
    except KeyError:
        found = None
    return material.number("renewals_due", None, group), found if found and found.value else None
