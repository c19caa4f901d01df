"""What expansion and contraction came from: the levers add up to them, as printed."""

from pathlib import Path

import pytest

from engine.edition import Edition
from engine.report.blocks import Pair
from engine.report.cases import Cases
from engine.report.context import PackContext
from engine.report.model import Section
from engine.report.pack import report
from engine.report.table import Table
from engine.settings.pack import Pack
from fixtures.stories import write_table
from tests.report.sections.conftest import Contexts, opened
from tests.report.sections.test_mix import amount

ITEMS = "billing/subscription_items"


def story(folder: Path, rows: list[dict[str, object]]) -> PackContext:
    """A pack of the levers for subscriptions as written."""
    write_table(folder / "snapshots" / "2026-10-01", ITEMS, rows)
    analysis = opened(folder)
    pack = Pack.model_validate({"name": "board", "sections": ("levers",)})
    return Edition(analysis, pack, analysis.period("2026Q3")).context()


def pages(context: PackContext) -> Section:
    return next(each for each in report(context).sections if each.anchor == "levers")


def history(section: Section) -> dict[str, list[str]]:
    found = next(block for block in section.blocks if isinstance(block, Table))
    return {row.name: [cell.text for cell in row.cells[1:]] for row in found.rows}


def test_each_lever_is_told_by_name(tmp_path: Path) -> None:
    """
    On 10 August A goes from 10 seats at 100 to 12 at 100, and B, with 10 seats, from 100 to 90.
    """
    end, start = {"valid_to": "2026-08-10"}, {"valid_from": "2026-08-10"}
    section = pages(
        story(
            tmp_path,
            [
                {"account_id": "A", "seats": 10, "amount": 1_000_00, **end},
                {"account_id": "A", "seats": 12, "amount": 1_200_00, **start},
                {"account_id": "B", "seats": 10, "amount": 1_000_00, **end},
                {"account_id": "B", "seats": 10, "amount": 900_00, **start},
            ],
        )
    )
    assert section.headline.replace("\u00a0", " ") == (
        "Accounts that stayed added $100: seats $200, less price $100"
    )
    told = {name: texts[-1] for name, texts in history(section).items()}
    assert told == {
        "Seats": "+200.00",
        "Price": "−100.00",
        "Products": "0",
        "All three": "+100.00",
        "Expansion": "+200.00",
        "Contraction": "−100.00",
        "Net growth of the base": "+5.0%",
    }


def test_one_lever_alone_is_said_to_be_alone(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"seats": 10, "amount": 1_000_00, "valid_to": "2026-08-10"},
        {"seats": 12, "amount": 1_200_00, "valid_from": "2026-08-10"},
    ]
    assert pages(story(tmp_path, rows)).headline == "Accounts that stayed added $200, all by seats"


def test_levers_add_up_to_the_movements_as_printed(counted: Contexts) -> None:
    told = {
        name: list(map(amount, texts)) for name, texts in history(pages(counted("levers"))).items()
    }
    for at in range(4):
        whole = told["All three"][at]
        assert sum(told[name][at] for name in ("Seats", "Price", "Products")) == pytest.approx(
            whole
        )
        assert told["Expansion"][at] + told["Contraction"][at] == pytest.approx(whole)


def test_groups_and_products_add_up_as_printed(counted: Contexts) -> None:
    pair = next(each for each in pages(counted("levers")).blocks if isinstance(each, Pair))
    for grid in (pair.left, pair.right):
        assert isinstance(grid, Table)
        rows = [[amount(cell.text) for cell in row.cells[:4]] for row in grid.rows]
        for row in rows:
            assert sum(row[:3]) == pytest.approx(row[3], abs=1e-6)
        for column in zip(*rows, strict=True):
            assert sum(column[:-1]) == pytest.approx(column[-1], abs=1e-6)


def test_the_lever_that_moved_most_is_marked(counted: Contexts) -> None:
    context = counted("levers")
    cases = next(each for each in pages(context).blocks if isinstance(each, Cases))
    (marked,) = (case for row in cases.rows for case in row.cases if case.is_now)
    names = {"Seats lead": "seats", "Price leads": "price", "Products lead": "product"}
    sizes = {
        title: abs(context.numbers.one(f"lever_{name}", "2026Q3").value or 0.0)
        for title, name in names.items()
    }
    assert sizes[marked.name] == max(sizes.values())


def test_where_nothing_changed_there_is_a_reason(tmp_path: Path) -> None:
    left_out = report(story(tmp_path, [{"seats": 10, "amount": 1_000_00}])).left_out
    assert left_out["Levers of expansion"] == "no account that stayed paid more or less in Q3 2026"
