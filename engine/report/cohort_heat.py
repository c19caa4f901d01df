"""Retention by cohort and age as a heat table."""

from engine.metrics.model import Number
from engine.report.cohorts import MOST, Cohorts
from engine.report.heat import Heat, HeatCell, HeatRow, brand_ground, signed_ground
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import DASH

_TITLES = {"revenue_retention": "MRR kept, by cohort", "logo_retention": "Accounts kept, by cohort"}
_UNITS = {
    "revenue_retention": "Per cent of the first month’s MRR: blue above 100, orange below",
    "logo_retention": "Per cent of the accounts acquired that still pay; the darker, the more",
}

#: The widest and the narrowest range that the colours are spread over.
_WIDEST, _NARROWEST = 0.5, 0.05


def heat(found: Cohorts, figure: str) -> Heat:
    """The share kept, a row each cohort, the oldest first, and that of all below."""
    material, ages = found.material, found.ages
    scale = material.words.scale([found.value("mrr", 0, cohort) for cohort in found.names], most=4)
    reach = _reach(found, figure)
    rows = [
        HeatRow(
            found.title(cohort),
            (
                Cell(material.words.number(found.acquired(cohort))),
                Cell(material.words.scaled(found.value("mrr", 0, cohort) or 0.0, scale)),
            ),
            tuple(_cell(found, figure, age, cohort, reach) for age in ages),
        )
        for cohort in found.names
    ]
    everyone = tuple(_cell(found, figure, age, "", reach) for age in ages)
    rows.append(HeatRow("Average", (Cell(""), Cell("")), everyone, is_average=True))
    return Heat(
        _TITLES[figure],
        f"{_UNITS[figure]}; first MRR in {scale.unit}",
        "Cohort",
        ("Accounts", "First MRR"),
        "Age in months",
        tuple(str(age) for age in ages),
        tuple(rows),
        _notes(found) if figure == "revenue_retention" else (),
    )


def _reach(found: Cohorts, figure: str) -> float:
    """How far from 100% the colours go."""
    values = [
        abs(value - 1)
        for cohort in found.names
        for age in found.ages
        if (value := found.value(figure, age, cohort)) is not None
    ]
    return min(max(max(values, default=0.0), _NARROWEST), _WIDEST)


def _cell(found: Cohorts, figure: str, age: int, cohort: str, reach: float) -> HeatCell:
    """Coloured by the share; one of a cohort that is not of that age stays empty."""
    number = found.number(figure, age, cohort)
    if number is None:
        return HeatCell()
    return HeatCell(_text(found, number), _ground(found, figure, number.value, reach))


def _text(found: Cohorts, number: Number) -> Cell:
    if number.value is None:
        return Cell(DASH, number, Tone.MUTED)
    return Cell(found.material.words.number(number.value * 100), number)


def _ground(found: Cohorts, figure: str, value: float | None, reach: float) -> str:
    palette = found.material.look.palette
    if value is None:
        return palette.wash
    if figure == "logo_retention":
        return brand_ground(1 - (1 - value) / reach, palette)
    return signed_ground((value - 1) / reach, palette)


def _notes(found: Cohorts) -> tuple[str, ...]:
    """Which cohorts the average is of, and what the first one holds."""
    first_note = (
        "Empty: the cohort is not of that age yet. Average: all that are, weighted by their size; "
        "MRR as reported, exchange rates included."
    )
    notes = [first_note]
    if len(found.every) > MOST:
        count = len(found.every)
        notes[0] += f" The latest {MOST} of {count} cohorts are shown; all {count} are averaged."
    first = found.every[0]
    if found.is_first_mixed:
        notes.append(
            f"{found.title(first)} is the first on record: it also holds accounts that paid before "
            "records begin, so it weighs heavily and its true ages are higher."
        )
    return tuple(notes)
