"""Data quality: what was checked, what was found, and whether billing and CRM agree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.intake.outcome import Failure
from engine.metrics.model import Unit
from engine.metrics.reconciliation import Line, Outcome
from engine.metrics.reconciliation.rows import number
from engine.report.blocks import Block, Term, Terms
from engine.report.chapter import Chapter, nothing
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import plural
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone
from engine.report.words import DASH, Scale

_OUTCOMES = {Outcome.OK: "agrees", Outcome.ODD: "look", Outcome.TOLD: "told", Outcome.MISSING: DASH}
_TONES = {Outcome.OK: Tone.GOOD, Outcome.ODD: Tone.BAD}
_ALLOWED = "exactly"

#: Millimetres for figures of seven digits, and for longer ones.
_NARROW, _BROAD, _LONG = 18.0, 19.4, 1e7


def section(material: Material) -> Section | str:
    """Comparisons, what the checks found, and what was set aside."""
    blocks: list[Block] = []
    if aside := material.context.verdict.set_aside:
        terms = tuple(Term("Left out", str(each)) for each in aside)
        blocks.append(Terms("Rows set aside, in no number of this pack", terms, columns=1))
    if lines := _shown(material):
        blocks.append(_comparisons(material, lines))
    blocks += _findings(material)
    if not blocks:
        return "every row passed; what should agree is compared for the company as a whole"
    return Section("quality", "Data quality", _headline(material), _lead(material), tuple(blocks))


def _shown(material: Material) -> tuple[Line, ...]:
    """The comparisons, of the whole company: a pack of a part of it has none."""
    return () if material.context.scope else material.context.lines


def _headline(material: Material) -> str:
    rows = sum(count for _, count in material.context.tables)
    failures = len(material.context.verdict.failures)
    text = f"{material.words.number(rows)} rows checked"
    text += (
        f", {failures} {plural(failures, 'warning', 'warnings')}" if failures else ", none amiss"
    )
    compared = [line for line in _shown(material) if line.outcome in _TONES]
    if not compared:
        return text
    odd = sum(line.outcome is Outcome.ODD for line in compared)
    agree = f"all {len(compared)} comparisons agree"
    return f"{text}; " + (f"{odd} of {len(compared)} comparisons look odd" if odd else agree)


def _lead(material: Material) -> str:
    verdict = material.context.verdict
    sentences = ["Every row was held against its table’s rules before any number was made."]
    if verdict.compared_with:
        sentences.append(f"Totals were held against the snapshot of {verdict.compared_with}.")
    return " ".join(
        (*sentences, *(f"{each}." for each in map(_sentence, verdict.settings.changes)))
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _comparisons(material: Material, lines: Sequence[Line]) -> Table:
    """A row each that was made; why others were not stands below."""
    made = [line for line in lines if line.outcome is not Outcome.MISSING]
    scale, largest = _scale(material, made), max(map(abs, _amounts(made)), default=0.0)
    width = _NARROW if largest < _LONG else _BROAD
    return Table(
        "What should agree",
        f"Billing, revenue, seats and CRM, each told by two sources; money in {scale.unit}",
        (
            Column("Comparison", is_text=True, width=36),
            Column("Of what", is_text=True),
            Column("One", width=width),
            Column("Other", width=width),
            Column("Difference", width=_NARROW),
            Column("Allowed", width=13),
            Column("Outcome", width=14.6),
        ),
        tuple(_row(material, line, scale) for line in made),
        _notes(lines),
        is_close=True,
        is_fixed=True,
    )


def _scale(material: Material, lines: Iterable[Line]) -> Scale:
    """Whole amounts where all of them fit their columns; else a scale at which they do."""
    values = _amounts(lines)
    scale = material.words.scale(values, most=8)
    if scale.divisor == 1:
        return replace(scale, digits=0)
    return material.words.scale(values, most=6)


def _amounts(lines: Iterable[Line]) -> list[float]:
    return [
        value
        for line in lines
        if line.check.unit is Unit.MONEY
        for value in (line.left, line.right, line.difference)
        if value is not None
    ]


def _row(material: Material, line: Line, scale: Scale) -> Row:
    about = f"{line.check.left} – {line.check.right[0].lower()}{line.check.right[1:]}"
    figures = (_figure(material, line, side, scale) for side in ("left", "right", "difference"))
    outcome = Cell(_OUTCOMES[line.outcome], None, _TONES.get(line.outcome, Tone.MUTED))
    cells = (Cell(about, None, Tone.MUTED), *figures, Cell(_allowed(material, line)), outcome)
    return Row(line.check.title, cells)


def _figure(material: Material, line: Line, side: str, scale: Scale) -> Cell:
    found = number(line, side, material.period)
    if found.value is None:
        return Cell(DASH, found, Tone.MUTED)
    if line.check.unit is Unit.MONEY:
        return Cell(material.words.scaled(found.value, scale), found)
    return Cell(material.words.number(found.value), found)


def _allowed(material: Material, line: Line) -> str:
    tolerance = line.check.tolerance
    if tolerance is None:
        return DASH
    return material.words.share(tolerance, 0) if tolerance else _ALLOWED


def _notes(lines: Sequence[Line]) -> tuple[str, ...]:
    """What an odd one says, and which others could not be made, a note a reason."""
    odd = (
        f"{each.check.title}: {each.check.meaning} {each.check.explained_by}"
        for each in lines
        if each.outcome is Outcome.ODD
    )
    missing: dict[str, list[str]] = {}
    for each in lines:
        if each.outcome is Outcome.MISSING:
            missing.setdefault(each.reason, []).append(each.check.title)
    return (*odd, *(_left_out(titles, reason) for reason, titles in missing.items()))


def _left_out(titles: Sequence[str], reason: str) -> str:
    return f"Not compared: {', '.join(titles)}" + (f"; {reason}." if reason else ".")


def _findings(material: Material) -> list[Block]:
    failures = material.context.verdict.failures
    if not failures:
        return []
    return [
        Table(
            "What the checks found",
            "Warnings do not stop a pack; what to do stands beside each",
            (
                Column("Rule", is_text=True, width=34),
                Column("Where", is_text=True, is_name=True, width=40),
                Column("What holds for good data", is_text=True),
                Column("Rows", width=16),
            ),
            tuple(_finding(material, each) for each in failures),
            is_fixed=True,
        )
    ]


def _finding(material: Material, failure: Failure) -> Row:
    where = f"{failure.table}, {failure.column}" if failure.column else failure.table
    told = failure.hint.replace("`", "")
    if failure.examples and not material.context.scope:
        told = f"{told}. Such as: {'; '.join(failure.examples)}."
    rows = material.words.number(failure.rows) if failure.rows else DASH
    return Row(failure.rule, (Cell(where), Cell(told, None, Tone.MUTED), Cell(rows)))


CHAPTER = Chapter("quality", "Data quality", nothing, section)
