"""The largest new accounts."""

from engine.report.holders import Holder, holders, share_cell
from engine.report.material import Material
from engine.report.table import Cell, Column, Row, Table
from engine.report.words import DASH

#: Accounts listed.
MOST = 5


def arrivals(material: Material) -> tuple[Table, ...]:
    """The largest new accounts, with the part of all new MRR that each is."""
    shown, total = _won(material), material.value("mrr_new")
    if len(shown) < 2:
        return ()
    scale = material.words.scale([each.value for each in shown], most=6)
    rows = tuple(
        Row(
            each.name,
            (
                Cell(each.group.get(material.context.dimension, DASH)),
                Cell(material.words.scaled(each.value, scale), each.number),
                share_cell(material, each.value, total),
            ),
        )
        for each in shown
    )
    unit = f"{scale.unit} of new MRR in {material.period.title}"
    columns = (
        Column("Account", is_text=True, is_name=True),
        Column(material.dimension.capitalize(), is_text=True),
        Column("New MRR"),
        Column("Share"),
    )
    return (Table("Largest new accounts", unit, columns, rows, is_close=True),)


def _won(material: Material) -> tuple[Holder, ...]:
    """The accounts with the most new MRR."""
    return holders(material, "mrr_new", None, material.context.dimension)[:MOST]
