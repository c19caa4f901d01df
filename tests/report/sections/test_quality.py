"""What was checked, and whether billing and CRM agree."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.intake.outcome import Failure
from engine.intake.set_aside import SetAside
from engine.metrics.reconciliation import Outcome
from engine.metrics.reconciliation.rows import SIDES
from engine.report.context import PackContext
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Cell, Table
from engine.settings.severities import Severity


@pytest.fixture(scope="module")
def context(counted: Callable[..., PackContext]) -> PackContext:
    return counted("quality")


def quality(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "quality")


def cells(section: Section) -> list[Cell]:
    tables = [block for block in section.blocks if hasattr(block, "rows")]
    return [cell for table in tables for row in table.rows for cell in row.cells]


def test_every_comparison_is_in_the_tidy_table(context: PackContext) -> None:
    numbers = [cell.number for cell in cells(quality(context)) if cell.number]
    assert len(numbers) == len(SIDES) * len(context.lines) > 30
    for number in numbers:
        found = context.numbers.one(number.metric, number.period, dict(number.group))
        assert found.value == number.value


def test_an_odd_comparison_is_named_with_what_explains_it(context: PackContext) -> None:
    odd = replace(context.lines[3], outcome=Outcome.ODD)
    section = quality(replace(context, lines=(*context.lines[:3], odd, *context.lines[4:])))
    assert "1 of" in section.headline
    assert "look odd" in section.headline
    notes = [note for block in section.blocks for note in getattr(block, "notes", ())]
    assert any(odd.check.explained_by in note for note in notes)


def test_what_the_checks_found_stands_with_what_to_do(context: PackContext) -> None:
    failure = Failure(
        "crm/accounts", "gap", "valid_from", 2, Severity.WARNING, ("A: hole",), "f", "no holes"
    )
    aside = SetAside("billing/invoice_lines", "nulls", "amount", 3, {"USD": Decimal("12.50")})
    verdict = replace(context.verdict, failures=(failure,), set_aside=(aside,))
    section = quality(replace(context, verdict=verdict))
    assert "1 warning" in section.headline
    words = " ".join(cell.text for cell in cells(section))
    assert "no holes. Such as: A: hole." in words
    assert "3 rows worth USD 12.50" in str(section.blocks[0])


def test_a_pack_of_a_part_tells_nothing_of_the_others(counted: Callable[..., PackContext]) -> None:
    inner = counted("quality", filters={"region": "DACH"})
    assert "quality" not in {each.anchor for each in report(inner).sections}
    assert "company as a whole" in report(inner).left_out["Data quality"]
    assert not inner.numbers.frame["metric"].eq("reconciliation").any()


def test_what_could_not_be_compared_is_named_below_and_takes_no_row(context: PackContext) -> None:
    gone = [
        replace(each, outcome=Outcome.MISSING, reason="no such table", left=None, right=None)
        for each in context.lines[:2]
    ]
    section = quality(replace(context, lines=(*gone, *context.lines[2:])))
    table = section.blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == len(context.lines) - 2
    titles = ", ".join(each.check.title for each in gone)
    assert f"Not compared: {titles}; no such table." in table.notes


def test_amounts_too_long_for_their_columns_are_told_in_a_larger_unit(context: PackContext) -> None:
    huge = [replace(each, left=4.3e10, right=4.3e10, difference=0.0) for each in context.lines]
    table = quality(replace(context, lines=tuple(huge))).blocks[0]
    assert isinstance(table, Table)
    assert table.unit.endswith("money in $ million")
    assert table.rows[0].cells[1].text == "43,000.0"
