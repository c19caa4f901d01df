"""A table's columns that can be relied on, for its rows to be counted."""

from dataclasses import replace

import polars as pl

from engine.cache import Cache
from engine.intake.checked import Checked
from engine.intake.parts import parts
from engine.intake.read import canonical, named_faults, scan
from engine.intake.snapshot import Snapshot
from engine.intake.spellings import NAMES
from schemas.canonical import TABLES


def whole(snapshot: Snapshot, name: str, cache: Cache) -> Checked:
    """All rows of the table, in the parts that they are counted by.

    Raises:
        UnreadableError: Its files cannot be read as one table.
    """
    columns = TABLES[name].columns
    with named_faults(name):
        checked = reliable(name, canonical(scan(snapshot, name), columns))
        found = tuple(checked.found)
        shaped = (
            replace(each, frame=canonical(each.frame, columns).select(found))
            for each in parts(snapshot, name, cache)
        )
        return replace(checked, parts=tuple(shaped), cache=cache)


def reliable(name: str, frame: pl.LazyFrame) -> Checked:
    """The table's canonical columns, and those extra texts that are named like one elsewhere."""
    table, found = TABLES[name], frame.collect_schema()
    own = [each.name for each in table.columns if each.name in found]
    names = [each for each in NAMES if found.get(each) == pl.String and each not in own]
    key = tuple(each for each in table.key or own[:3] if each in found)
    return Checked(name, frame.select(*own, *names), key)
