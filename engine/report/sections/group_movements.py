"""The period's roll-forward of MRR by group, transfers between groups included."""

from engine.report.material import Material
from engine.report.model import Cell, Column, Row, RowKind, Table
from engine.report.rollforward import MOVEMENTS, TRANSFER, RollForward, printed, roll_forward
from engine.report.words import Scale


def roll_forward_by_group(material: Material) -> Table:
    """The period's roll-forward, a row each group."""
    names = {**MOVEMENTS, **TRANSFER}
    rolls = [
        roll_forward(material, material.period, group, names=tuple(names))
        for group in material.groups
    ]
    total = roll_forward(material, material.period, names=tuple(names))
    kept = tuple(
        at for at, name in enumerate(names) if any(roll.moved(name) for roll in (*rolls, total))
    )
    scale = material.words.scale([each.value for roll in (*rolls, total) for each in roll.numbers])
    rows = [
        Row(material.name(group), _kept(printed(roll, material.words, scale), kept))
        for group, roll in zip(material.groups, rolls, strict=True)
    ]
    rows.append(Row("Total", _kept(printed(total, material.words, scale), kept), RowKind.TOTAL))
    titles = tuple(names.values())
    return Table(
        f"Roll-forward by {material.context.dimension}",
        f"{scale.unit}, {material.period.title}; {_transfer_note(names, kept)}",
        (
            Column(material.context.dimension.capitalize(), is_text=True),
            Column("Opening"),
            *(Column(titles[at]) for at in kept),
            Column("Closing"),
        ),
        tuple(rows),
        _rounding_note(rolls, total, scale),
        is_close=len(rows) > 12,
    )


def _kept(cells: tuple[Cell, ...], kept: tuple[int, ...]) -> tuple[Cell, ...]:
    return (cells[0], *(cells[at + 1] for at in kept), cells[-1])


def _transfer_note(names: dict[str, str], kept: tuple[int, ...]) -> str:
    moved = any(tuple(names)[at] in TRANSFER for at in kept)
    return "transfers between groups add up to zero" if moved else "each row adds up"


def _rounding_note(rolls: list[RollForward], total: RollForward, scale: Scale) -> tuple[str, ...]:
    unit = scale.divisor / 10**scale.digits
    closings = sum(round((roll.closing.value or 0.0) / unit) for roll in rolls)
    is_off = closings != round((total.closing.value or 0.0) / unit)
    return (
        ("Rounded amounts; columns may differ from the total by the last digit.",) if is_off else ()
    )
