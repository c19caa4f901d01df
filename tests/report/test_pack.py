"""The report as a value: what it looks up, what it shows, what it leaves out."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

import pytest

from engine.metrics.model import Number
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.context import PackContext
from engine.report.dictionary import Defined
from engine.report.model import Report, Section
from engine.report.pack import asks, report
from engine.report.table import Cell, Table
from engine.report.words import DASH

Invent = Callable[..., PackContext]


def parts(value: object, kind: type) -> Iterator[object]:
    """Everything of that kind inside a report."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for each in value:
            yield from parts(each, kind)
    elif is_dataclass(value):
        for each in fields(value):
            yield from parts(getattr(value, each.name), kind)


def summary(made: Report) -> Section:
    """The first chapter after the contents."""
    return next(each for each in made.sections if each.anchor == "summary")


def cells(made: Report) -> list[Cell]:
    return [each for each in parts(made.sections, Cell) if isinstance(each, Cell)]


def test_every_number_printed_is_in_the_tidy_table(context: PackContext) -> None:
    known = context.numbers
    found = [cell.number for cell in cells(report(context)) if cell.number]
    assert len(found) > 300
    for number in found:
        if number.value is not None:
            assert known.one(number.metric, number.period, dict(number.group)) == number


@pytest.mark.parametrize("period", ["2026Q3", "2026-09", "2026"])
@pytest.mark.parametrize("history", [1, 3, 5, 27])
def test_a_pack_asks_for_all_that_it_looks_up(period: str, history: int, invent: Invent) -> None:
    """Any length of period and of history; a lookup of what was not asked for is a KeyError."""
    made = report(invent(period=Period.parse(period), history=history))
    assert summary(made).headline.startswith("MRR")


#: What chapters cut by of themselves, whatever the pack is cut by.
OWN = {
    *("account_id", "name", "status", "stage", "cohort"),
    *("channel", "campaign", "vendor", "kind", "owner", "product", "mrr_band"),
}


def test_requests_name_only_metrics_that_are_defined(context: PackContext) -> None:
    for request in asks(Period.parse("2026Q3"), ("region",)):
        if isinstance(request, Request):
            assert set(request.metrics) <= set(context.definitions)
            assert len(set(request.periods)) == len(request.periods)
            assert set(request.by) <= {"region", *OWN}


def test_missing_seats_are_said_not_shown_as_zero(invent: Invent) -> None:
    names = ("paid_seats", "free_users", "users", "arpu", "arppu", "arpu_annual", "paid_share")
    why = "billing exports no seats"
    made = report(invent(missing=dict.fromkeys((*names, "seats_per_account"), why)))
    tiles = summary(made).blocks[0]
    shown = {tile.label: tile.value.text for tile in tiles.tiles}  # type: ignore[union-attr]
    assert DASH not in shown.values()
    assert "ARPU" not in shown
    assert any("Average revenue per user" in note and why in note for note in tiles.notes)  # type: ignore[union-attr]
    assert "ARPA" in summary(made).headline
    assert any(why in note for table in parts(made, Table) for note in table.notes)  # type: ignore[attr-defined]


def test_sections_without_any_data_are_left_out_with_the_reason(invent: Invent) -> None:
    why = "billing exports nothing that counts"
    context = invent()
    made = report(invent(missing=dict.fromkeys(context.definitions, why)))
    names = [section.name for section in made.sections]
    assert "Summary" in names
    assert not {"Scorecard", "MRR movements", "Averages", "Trend"} & set(names)
    assert made.left_out["MRR movements"] == why
    assert made.left_out["By segment"] == "no account has a segment"


def test_one_group_is_no_comparison(invent: Invent, company: object) -> None:
    only = company.segments[:1]  # type: ignore[attr-defined]
    left_out = report(invent(segments=only)).left_out
    assert left_out["By segment"] == "all accounts are in one segment, Enterprise"


def test_the_first_quarter_has_nothing_to_compare_with(invent: Invent) -> None:
    made = report(invent(history=3))
    assert summary(made).headline == "MRR is $1.08m; ARPU is $98.54"
    tiles = summary(made).blocks[0].tiles  # type: ignore[union-attr]
    assert {tile.note for tile in tiles} == {"nothing earlier to compare with"}


def test_every_metric_of_the_pack_is_defined_in_it(context: PackContext) -> None:
    definitions = report(context).sections[-1]
    names = {each.title for each in parts(definitions, Defined) if isinstance(each, Defined)}
    used = set(context.numbers.frame["metric"])
    assert {context.definitions[name].title for name in used} <= names


def test_tables_have_a_cell_for_every_column(invent: Invent) -> None:
    for history in (1, 27):
        for table in parts(report(invent(history=history)), Table):
            widths = {len(row.cells) for row in table.rows}  # type: ignore[attr-defined]
            assert widths == {len(table.columns) - 1}  # type: ignore[attr-defined]


def test_the_report_names_what_it_was_made_from(context: PackContext) -> None:
    made = report(context)
    for trace in (
        context.snapshot,
        context.policy.fingerprint,
        context.definitions_fingerprint,
        context.run_id,
    ):
        assert trace in made.footer


def test_a_number_keeps_its_two_sums(context: PackContext) -> None:
    arpu = next(
        cell.number
        for cell in cells(report(context))
        if cell.number and cell.number.metric == "arpu" and cell.number.value
    )
    assert isinstance(arpu, Number)
    assert arpu.numerator is not None
    assert arpu.denominator is not None
    assert arpu.value == arpu.numerator / arpu.denominator
