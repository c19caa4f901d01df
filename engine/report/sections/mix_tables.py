"""The tables of a mix-shift: groups by effects, and the same bridge over other spans and cuts."""

from collections.abc import Sequence

from engine.metrics.bridge import EFFECTS
from engine.period import Period
from engine.report.blocks import Term, Terms
from engine.report.material import Material
from engine.report.phrases import SHORT
from engine.report.sections.mix_drivers import weights
from engine.report.shifts import NAMES, Bridge, Member, Printed, bridge, printed
from engine.report.table import Cell, Column, Row, RowKind, Table
from engine.report.tone import Tone
from engine.report.words import DASH

#: As many groups as have a row of their own; the rest share one.
MOST = 9

_MEANINGS = {
    "rate": "What each {one} changed by itself: prices, plans, discounts and free users. "
    "At the mean of both mixes.",
    "mix": "What {below} moving between dear and cheap groups did, had every {one} "
    "kept its {name}.",
    "entered": "Groups without {below} before, measured against the {name} of the rest.",
    "exited": "Groups without {below} now, measured against the {name} of the rest.",
    "unattached": "MRR in groups without {below}, such as add-ons, spread over all {below}.",
}


def meanings(material: Material, found: Bridge) -> Terms:
    """Each effect in a line."""
    below = material.metric(found.metric).denominator.replace("_", " ")
    facts = {"one": material.dimension, "below": below, "name": SHORT[found.metric]}
    return Terms(
        "What the steps mean",
        tuple(Term(NAMES[name], text.format(**facts)) for name, text in _MEANINGS.items()),
        columns=1,
    )


def by_group(material: Material, found: Bridge, amounts: Printed) -> Table:
    """Groups by effects; every row and every column adds up as printed."""
    order = sorted(
        range(len(found.members)), key=lambda at: (-sum(map(abs, amounts.members[at])), at)
    )
    shown, rest = order[:MOST], order[MOST:]
    if len(rest) == 1:
        shown, rest = order, []
    kept = [at for at in range(len(EFFECTS)) if any(row[at] for row in amounts.members) or at < 2]
    rows = [_row(material, found, amounts, at, kept) for at in shown]
    rows += [_others(material, found, amounts, rest, kept)] if rest else []
    rows.append(_total(material, found, amounts, kept))
    below = material.metric(found.metric).denominator.replace("_", " ")
    name, before, now = SHORT[found.metric], found.against.title, material.period.title
    columns = [
        Column(before, f"Share of {below}"),
        Column(now, f"Share of {below}"),
        Column(before, name, opens=True),
        Column(now, name),
        *(Column(NAMES[EFFECTS[at]], f"Effect on {name}", opens=at == kept[0]) for at in kept),
        Column("Together", f"Effect on {name}"),
    ]
    return Table(
        f"{name} by {material.dimension} and effect",
        f"{amounts.scale.unit}; rows and columns of effects add up as printed",
        (Column(material.dimension.capitalize(), is_text=True, is_name=True), *columns),
        tuple(rows),
        is_close=len(rows) > 7,
    )


def _row(material: Material, found: Bridge, amounts: Printed, at: int, kept: Sequence[int]) -> Row:
    member, units = found.members[at], amounts.members[at]
    group = {material.context.dimension: member.name}
    shares = weights(material, found, group)
    cells = [
        _share(material, shares.before),
        _share(material, shares.now),
        _rate(material, found, amounts, member, is_before=True),
        _rate(material, found, amounts, member, is_before=False),
        *(_effect(material, amounts, units[each], member, each) for each in kept),
        _effect(material, amounts, sum(units)),
    ]
    return Row(material.name(group), tuple(cells))


def _share(material: Material, part: float) -> Cell:
    return Cell(material.words.share(part), value=part)


def _rate(
    material: Material, found: Bridge, amounts: Printed, member: Member, *, is_before: bool
) -> Cell:
    group = {material.context.dimension: member.name}
    number = material.number(found.metric, found.against if is_before else None, group)
    if number.value is None:
        return Cell(DASH, number, Tone.MUTED)
    return Cell(material.words.scaled(number.value, amounts.scale), number)


def _effect(
    material: Material, amounts: Printed, units: int, member: Member | None = None, at: int = 0
) -> Cell:
    """A signed amount; nothing at all is a dash."""
    number = member.effects[at] if member else None
    if not units:
        return Cell(DASH if number is None or not number.value else "0", number, Tone.MUTED)
    text = amounts.signed(units, material.words)
    if number is not None:
        return Cell(text, number)
    return Cell(text, None, Tone.GOOD if units > 0 else Tone.BAD, amounts.value(units))


def _others(
    material: Material, found: Bridge, amounts: Printed, rest: Sequence[int], kept: Sequence[int]
) -> Row:
    groups = [{material.context.dimension: found.members[at].name} for at in rest]
    shares = [weights(material, found, group) for group in groups]
    sums = [sum(amounts.members[at][each] for at in rest) for each in kept]
    whole = sum(sum(amounts.members[at]) for at in rest)
    cells = [
        _share(material, sum(each.before for each in shares)),
        _share(material, sum(each.now for each in shares)),
        Cell(DASH, None, Tone.MUTED),
        Cell(DASH, None, Tone.MUTED),
        *(
            Cell(amounts.signed(units, material.words), value=amounts.value(units))
            for units in sums
        ),
        _effect(material, amounts, whole),
    ]
    return Row(f"{len(rest)} others", tuple(cells))


def _total(material: Material, found: Bridge, amounts: Printed, kept: Sequence[int]) -> Row:
    words = material.words
    cells = [
        _share(material, 1.0),
        _share(material, 1.0),
        Cell(amounts.text(amounts.ends[0], words), found.start),
        Cell(amounts.text(amounts.ends[1], words), found.end),
        *(Cell(amounts.signed(amounts.effects[at], words), found.effects[at]) for at in kept),
        _effect(material, amounts, amounts.ends[1] - amounts.ends[0]),
    ]
    return Row("Total", tuple(cells), RowKind.TOTAL)


def comparisons(material: Material, metrics: Sequence[str]) -> Table:
    """The bridges since the period before and since a year ago, and over cohorts, a row each."""
    spans = [(against, material.context.dimension) for against in material.span.compared]
    spans.append((material.span.previous, "cohort"))
    rows = [
        (each, against, dimension, found)
        for each in metrics
        for against, dimension in dict.fromkeys(spans)
        if (found := bridge(material, each, against, dimension))
    ]
    made = [printed(found, material.words) for *_, found in rows]
    kept = [at for at in range(len(EFFECTS)) if any(one.effects[at] for one in made) or at < 2]
    table_rows = [
        Row(_label(metric, against, dimension), _bridge_cells(material, found, one, kept))
        for (metric, against, dimension, found), one in zip(rows, made, strict=True)
    ]
    return Table(
        "The same over other spans, and by cohort",
        f"{material.words.symbol} a month; start plus effects is end, as printed",
        (
            Column("", is_text=True),
            Column("Start"),
            *(Column(NAMES[EFFECTS[at]]) for at in kept),
            Column("End"),
            Column("Change"),
        ),
        tuple(table_rows),
        _newcomers(material, rows, made),
        is_close=True,
    )


def _label(metric: str, against: Period, dimension: str) -> str:
    return f"{SHORT[metric]} since {against.title}, by {dimension.replace('_', ' ')}"


def _bridge_cells(
    material: Material, found: Bridge, one: Printed, kept: Sequence[int]
) -> tuple[Cell, ...]:
    words = material.words
    change = one.ends[1] - one.ends[0]
    return (
        Cell(one.text(one.ends[0], words), found.start),
        *(_plain(material, one, found, at) for at in kept),
        Cell(one.text(one.ends[1], words), found.end),
        _effect(material, one, change),
    )


def _plain(material: Material, one: Printed, found: Bridge, at: int) -> Cell:
    units = one.effects[at]
    if not found.effects[at].value:
        return Cell(DASH, found.effects[at], Tone.MUTED)
    return Cell(one.signed(units, material.words), found.effects[at])


def _newcomers(
    material: Material, rows: Sequence[tuple[str, Period, str, Bridge]], made: Sequence[Printed]
) -> tuple[str, ...]:
    """What customers did to each average who first paid in the period."""
    clauses: list[str] = []
    for (metric, _, dimension, _), one in zip(rows, made, strict=True):
        units = one.effects[EFFECTS.index("entered")]
        if dimension == "cohort" and units:
            did = "added" if units > 0 else "took"
            end = "to" if units > 0 else "off"
            clauses.append(f"{did} {one.money(units, material.words)} {end} {SHORT[metric]}")
    if not clauses:
        return ()
    told = " and ".join(clauses)
    return (f"By cohort, what entered are customers who came in {material.period.title}: {told}.",)
