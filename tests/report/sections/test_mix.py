"""Why an average moved: the page adds up as printed, and says of each group what it did."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.edition import Edition
from engine.report.blocks import Findings, Pair
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Section
from engine.report.pack import report
from engine.report.pdf import pdf
from engine.report.table import Row, Table
from engine.settings.pack import Pack
from fixtures.stories import write_table
from tests.report.sections.conftest import Contexts, opened

#: Users and ARPU before and after, of the contract's worked example.
EXAMPLE = {
    "SMB": ((60, 20), (90, 22)),
    "MM": ((30, 100), (30, 95)),
    "ENT": ((10, 400), (15, 420)),
    "LEGACY": ((20, 50), None),
    "SELF": (None, (45, 10)),
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> PackContext:
    """The worked example as subscriptions that change on 1 August."""
    folder = tmp_path_factory.mktemp("example")
    rows: list[dict[str, object]] = []
    for name, (before, after) in EXAMPLE.items():
        for end, span in ((before, ("2026-01-01", "2026-08-01")), (after, ("2026-08-01", None))):
            if end:
                seats, arpu = end
                terms = {"valid_from": span[0], "valid_to": span[1]}
                paid = {"seats": seats, "amount": seats * arpu * 100}
                rows.append({"account_id": name, **paid, **terms})
    snapshot = folder / "snapshots" / "2026-10-01"
    write_table(snapshot, "billing/subscription_items", rows)
    accounts = [{"account_id": name, "segment": name} for name in EXAMPLE]
    write_table(snapshot, "crm/accounts", accounts)
    analysis = opened(folder)
    pack = Pack.model_validate({"name": "board", "sections": ("mix",)})
    return Edition(analysis, pack, analysis.period("2026Q3")).context()


def pages(context: PackContext, name: str = "Mix by segment") -> Section:
    return next(each for each in report(context).sections if each.name == name)


def tables(section: Section) -> Iterable[Table]:
    return (block for block in section.blocks if isinstance(block, Table))


def table(section: Section, ending: str) -> Table:
    return next(each for each in tables(section) if each.title.endswith(ending))


def amount(text: str) -> float:
    plain = text.replace("−", "-").replace(",", "").removesuffix("%")
    return 0.0 if plain == "–" else float(plain)


def amounts(row: Row, start: int) -> list[float]:
    return [amount(cell.text) for cell in row.cells[start:]]


def test_the_contracts_example_is_printed_as_the_contract_has_it(example: PackContext) -> None:
    section = pages(example)
    total = table(section, "and effect").rows[-1]
    assert [cell.text for cell in total.cells] == [
        *("100.0%", "100.0%", "76.67", "64.33"),
        *("+2.07", "−1.63", "−18.11", "+5.33", "−12.34"),
    ]
    assert section.headline.replace("\u00a0", " ") == (
        "ARPU fell $12.34 to $64.33: entrants took off $18.11, exits added $5.33"
    )


def test_what_came_and_went_is_said_of_the_groups_that_did(example: PackContext) -> None:
    told = next(block for block in pages(example).blocks if isinstance(block, Findings))
    first, second = told.findings[:2]
    assert (first.figure, first.headline) == ("−$18.11", "SELF is new, with 25% of users")
    assert (second.figure, second.headline) == ("+$5.33", "LEGACY is gone, with 17% of users")
    assert "below that of the rest" in first.text


def test_a_mix_effect_is_told_by_the_shares_that_made_it(example: PackContext) -> None:
    """Among the groups that last SMB went from 60 of 100 users to 90 of 135."""
    told = next(block for block in pages(example).blocks if isinstance(block, Findings))
    smb = next(each for each in told.findings if "SMB" in each.headline and "Mix" in each.text)
    assert smb.headline == "SMB holds 67% of the users of each segment that lasts, up from 60%"
    assert smb.text == "Mix: its ARPU lies below the average."


@pytest.mark.parametrize("dimension", ["segment", "campaign", "region"])
def test_rows_and_columns_add_up_as_printed(counted: Contexts, dimension: str) -> None:
    context = counted("mix", dimensions=(dimension,))
    grid = table(pages(context, f"Mix by {dimension}"), "and effect")
    *groups, total = [amounts(row, 4) for row in grid.rows]
    for row in (*groups, total):
        assert sum(row[:-1]) == pytest.approx(row[-1], abs=1e-9)
    for column, whole in zip(zip(*groups, strict=True), total, strict=True):
        assert sum(column) == pytest.approx(whole, abs=1e-9)
    before, after = amounts(grid.rows[-1], 2)[:2]
    assert after - before == pytest.approx(total[-1], abs=1e-9)


def test_every_span_adds_up_as_printed(counted: Contexts) -> None:
    for row in table(pages(counted("mix")), "by cohort").rows:
        start, *effects, end, change = amounts(row, 0)
        assert start + sum(effects) == pytest.approx(end, abs=1e-9)
        assert end - start == pytest.approx(change, abs=1e-9)


def test_numbers_of_cells_are_in_the_tidy_table(counted: Contexts) -> None:
    context = counted("mix")
    cells = [cell for each in tables(pages(context)) for row in each.rows for cell in row.cells]
    numbers = [cell.number for cell in cells if cell.number]
    assert len(numbers) > 30
    for number in numbers:
        assert context.numbers.one(number.metric, number.period, dict(number.group)) == number


def test_a_second_cut_has_its_own_effects(counted: Contexts) -> None:
    """Both cuts end where the other does, by other steps."""
    both = counted("mix", dimensions=("segment", "region"))
    alone = counted("mix", dimensions=("region",))
    one, other = pages(both, "Mix by region"), pages(alone, "Mix by region")
    assert table(one, "and effect").rows == table(other, "and effect").rows
    assert one.headline == other.headline != pages(both).headline


@pytest.mark.parametrize("dimension", ["segment", "region"])
@pytest.mark.parametrize("ratio", ["arpu", "arpa"])
def test_mrr_is_bridged_for_each_ratio_and_cut(
    counted: Contexts, ratio: str, dimension: str
) -> None:
    """Several bridges share MRR; each is found by the ratio and the cut that it belongs to."""
    numbers = counted("mix", dimensions=("segment", "region")).numbers
    key = {"ratio": ratio, "dimension": dimension}
    effects = ("volume", "rate", "mix", "entered", "exited", "unattached")
    steps = [numbers.one("mrr", "2026Q2..2026Q3", {**key, "effect": each}) for each in effects]
    start, end = (numbers.one("mrr", each).value or 0.0 for each in ("2026Q2", "2026Q3"))
    assert start + sum(each.value or 0.0 for each in steps) == pytest.approx(end)


def test_cuts_that_explain_most_stand_first(counted: Contexts) -> None:
    blocks = pages(counted("mix")).blocks
    pair = next(block for block in blocks if isinstance(block, Pair) and block.is_even)
    told = pair.left.svg.split("</title>")[0]
    shares = [
        float(part.rpartition(" ")[2].rstrip("%.")) for part in told.split(": ")[-1].split(";")
    ]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"filters": {"region": "nowhere"}}, "no account has a segment"),
        ({"period": "2023Q4"}, "has nothing to compare with"),
    ],
)
def test_without_two_groups_or_two_dates_there_is_a_reason(
    counted: Contexts, changes: dict[str, object], reason: str
) -> None:
    assert reason in report(counted("mix", **changes)).left_out["Mix by segment"]


def test_a_pack_of_one_region_is_bridged_within_it(counted: Contexts) -> None:
    context = counted("mix", filters={"region": "DACH"})
    total = table(pages(context), "and effect").rows[-1].cells
    assert total[3].number == context.numbers.one("arpu", "2026Q3")
    assert sum(amounts(table(pages(context), "and effect").rows[-1], 4)[:-1]) == pytest.approx(
        amount(total[3].text) - amount(total[2].text), abs=1e-9
    )


def test_a_company_without_seats_is_told_by_account(counted: Contexts) -> None:
    """Without ARPU the bridge is that of ARPA."""
    context = counted("mix")
    frame = context.numbers.frame
    lacking = type(context.numbers)(frame.filter(frame["metric"] != "arpu"))
    section = pages(replace(context, numbers=lacking, scope={"region": "any"}))
    assert section.headline.startswith("ARPA ")


def test_the_pages_are_set(counted: Contexts, tmp_path: Path) -> None:
    assert pdf(html(report(counted("mix")))).startswith(b"%PDF")
