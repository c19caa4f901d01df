"""The period's roll-forward of MRR by group, transfers between groups included."""

from engine.report.material import TOTAL, Group, Material
from engine.report.rollforward import MOVEMENTS, TRANSFER, RollForward, printed, roll_forward, units
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.words import Scale

NAMES = {**MOVEMENTS, **TRANSFER}


def roll_forward_by_group(material: Material) -> Table:
    """The period's roll-forward, a row each group; movements that none had are left out."""
    rolls = [_roll(material, group) for group in (*material.groups, TOTAL)]
    kept = [name for name in NAMES if any(roll.moved(name) for roll in rolls)]
    scale = material.words.scale([each.value for roll in rolls for each in roll.numbers])
    names = [*(material.name(group) for group in material.groups), "Total"]
    rows = tuple(
        Row(
            name,
            _kept(printed(roll, material.words, scale), kept),
            RowKind.TOTAL if roll is rolls[-1] else RowKind.PLAIN,
        )
        for name, roll in zip(names, rolls, strict=True)
    )
    about = "transfers between groups add up to zero" if TRANSFER.keys() & kept else "rows add up"
    return Table(
        f"Roll-forward by {material.dimension}",
        f"{scale.unit}, {material.period.title}; {about}",
        (
            Column(material.dimension.capitalize(), is_text=True, is_name=True),
            *(Column(title) for title in ("Opening", *(NAMES[name] for name in kept), "Closing")),
        ),
        rows,
        _rounding_note(rolls, scale),
        is_close=len(rows) > 12,
    )


def _roll(material: Material, group: Group) -> RollForward:
    return roll_forward(material, material.period, group, names=tuple(NAMES))


def _kept(cells: tuple[Cell, ...], kept: list[str]) -> tuple[Cell, ...]:
    middle = (cell for name, cell in zip(NAMES, cells[1:-1], strict=True) if name in kept)
    return (cells[0], *middle, cells[-1])


def _rounding_note(rolls: list[RollForward], scale: Scale) -> tuple[str, ...]:
    """Said only where it shows: rows add up as printed, so a column may not."""
    columns = zip(*(units(roll, scale) for roll in rolls if roll.values is not None), strict=True)
    is_off = any(sum(column[:-1]) != column[-1] for column in columns)
    return ("Rounded so that rows add up; columns may be off by the last digit.",) if is_off else ()
