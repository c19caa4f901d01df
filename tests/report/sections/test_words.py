"""Commentary, glossary, appendix and definitions as chapters of a pack."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from engine.metrics.definitions import DEFINITIONS
from engine.report.actions import Actions
from engine.report.blocks import Terms
from engine.report.context import PackContext
from engine.report.dictionary import Dictionary
from engine.report.halves import Halves
from engine.report.html import html
from engine.report.model import Report, Section
from engine.report.pack import report
from engine.report.pdf import pdf
from engine.report.prose import Prose
from engine.report.remarks import Commentary, Remarks
from engine.report.table import Cell, Table

NOW = """Author: Ana Ruiz
# Price held
We **won** [Atlas](https://example.com).

## Actions
- [ ] Raise the price (Ana, 2026-11-15)
- [ ] Pay for expansion (Ben, 2026-09-15)
- [x] Visit everybody (Ben, 2026-08-31)
- keep this one
"""
BEFORE = "- [ ] Visit everybody (Ben, 2026-08-31)\n- [ ] Move to euros\n"


def commented(context: PackContext, now: str | None, before: str | None = None) -> Report:
    remarks = [
        None if text is None else Remarks(f"notes/{at}.md", text, "0")
        for at, text in (("2026Q3", now), ("2026Q2", before))
    ]
    commentary = Commentary("notes/2026Q3.md", remarks[0], remarks[1])
    return report(replace(context, commentary=commentary))


def chapter(finished: Report, anchor: str) -> Section:
    return next(each for each in finished.sections if each.anchor == anchor)


def found(section: Section, kind: type) -> list:
    return [each for each in section.blocks if isinstance(each, kind)]


@pytest.fixture(scope="module")
def context(counted) -> PackContext:
    return counted(
        "commentary", "appendix", "glossary", "definitions", dimensions=("segment", "region")
    )


@pytest.fixture(scope="module")
def finished(context) -> Report:
    return commented(context, NOW, BEFORE)


def test_the_words_stand_under_their_author_without_the_actions(finished) -> None:
    section = chapter(finished, "commentary")
    (prose,) = found(section, Prose)
    assert section.headline == "“Price held”"
    assert (prose.author, prose.source) == ("Ana Ruiz", "notes/2026Q3.md")
    assert prose.markup == (
        '<p>We <strong>won</strong> <a href="https://example.com">Atlas</a>.</p>'
        "<h3>Actions</h3><ul><li>keep this one</li></ul>"
    )


def test_a_heading_over_nothing_but_actions_goes_with_them(context) -> None:
    section = chapter(
        commented(context, "a\n\n# Actions\n\n- [ ] A\n\n## More\n\n- [ ] B"), "commentary"
    )
    assert found(section, Prose)[0].markup == "<p>a</p>"


def test_actions_stand_with_owner_day_and_state(finished) -> None:
    fresh, followed, *_ = found(chapter(finished, "commentary"), Actions)
    assert [(row.text, row.owner, row.due, row.state.value) for row in fresh.rows] == [
        ("Raise the price", "Ana", "Nov 15, 2026", "Open"),
        ("Pay for expansion", "Ben", "Sep 15, 2026", "Overdue"),
    ]
    assert [(row.text, row.owner, row.due, row.state.value) for row in followed.rows] == [
        ("Visit everybody", "Ben", "Aug 31, 2026", "Done"),
        ("Move to euros", "–", "–", "Open"),
    ]
    assert "without an owner" in followed.notes[0]
    assert fresh.notes == ()


def test_the_lead_counts_them(finished) -> None:
    lead = chapter(finished, "commentary").lead
    assert lead == ("2 actions: 1 open and 1 overdue. Of 2 from Q2 2026, 1 done and 1 open.")


def test_what_became_of_an_action_has_room(finished) -> None:
    assert html(finished).count('class="text room"') == 2


def test_a_page_with_little_on_it_has_empty_lines_for_what_will_be_agreed(context) -> None:
    short = found(chapter(commented(context, "All went well."), "commentary"), Actions)
    long = found(
        chapter(commented(context, "\n\n".join(["words " * 60] * 9)), "commentary"), Actions
    )
    assert [each.is_blank for each in short] == [True]
    assert long == []


def test_a_headline_is_cut_between_words(context) -> None:
    section = chapter(commented(context, f"# {'word ' * 60}\n\na"), "commentary")
    assert section.headline.endswith("word…”")
    assert len(section.headline) < 170


def test_without_the_file_the_pack_says_which_one_it_misses(context) -> None:
    finished = commented(context, None, BEFORE)
    assert finished.left_out["Commentary"] == "no notes/2026Q3.md"


@pytest.mark.parametrize("text", ["", "\n\n", "Author: Ana\n", "# \n", "## Actions"])
def test_an_empty_file_is_said_to_be_empty(context, text) -> None:
    assert commented(context, text).left_out["Commentary"] == "notes/2026Q3.md is empty"


def test_a_pack_that_names_no_file_says_so_only_if_it_asks_for_the_chapter(context) -> None:
    assert "Commentary" in report(context).left_out
    assert "Commentary" not in report(replace(context, sections=("glossary",))).left_out


def test_the_glossary_is_of_this_pack_in_order(finished, context) -> None:
    (terms,) = found(chapter(finished, "glossary"), Terms)
    names = [term.name for term in terms.terms]
    assert names == sorted(names, key=str.casefold)
    assert {"ARPU", "MRR", "Transfer"} <= set(names)
    assert not {"Cohort", "NRR", "Mix", "LTV"} & set(names)


def test_the_appendix_has_every_group_month_and_the_largest_accounts(finished, context) -> None:
    section = chapter(finished, "appendix")
    by_segment, by_region, by_month = found(section, Table)
    (accounts,) = found(section, Halves)
    groups = context.numbers.groups("segment", period="2026Q3")
    assert {row.name for row in by_segment.rows} == {"Total", *(each["segment"] for each in groups)}
    assert by_region.rows[-1].name == "Total"
    assert len(by_month.rows) == 24
    assert len(accounts.left.rows) + len(accounts.right.rows) == 40


def test_the_appendixs_cells_are_the_tidy_tables(finished, context) -> None:
    cells = [
        cell
        for table in found(chapter(finished, "appendix"), Table)
        for row in table.rows
        for cell in row.cells
    ]
    assert len(cells) > 300
    for cell in cells:
        assert isinstance(cell, Cell)
        assert cell.number
        one = context.numbers.one(cell.number.metric, cell.number.period, dict(cell.number.group))
        assert cell.number == one


def test_every_column_of_the_appendix_holds_what_is_in_it(finished) -> None:
    for table in found(chapter(finished, "appendix"), Table):
        assert table.is_fixed
        assert all(column.width > 0 for column in table.columns[1:])
        assert sum(column.width for column in table.columns) < 174


def test_all_metrics_of_the_pack_are_defined_in_their_families(finished, context) -> None:
    (dictionary,) = found(chapter(finished, "definitions"), Dictionary)
    titles = {each.title for family in dictionary.families for each in family.metrics}
    used = set(context.numbers.frame["metric"]) & set(DEFINITIONS)
    assert titles == {DEFINITIONS[name].title for name in used}


def test_a_metric_says_when_it_is_good(counted) -> None:
    (dictionary,) = found(
        chapter(report(counted("retention", "definitions")), "definitions"), Dictionary
    )
    judged = {each.title: each.judged for family in dictionary.families for each in family.metrics}
    assert judged["Net revenue retention"] == "Good from 100%, bad below 90%"


def test_the_pages_are_set_without_a_warning_and_hold_the_words(finished) -> None:
    reader = PdfReader(pdf_stream(finished))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for words in ("Ana Ruiz", "Raise the price", "What became of it", "The 20 largest accounts"):
        assert words in text


def pdf_stream(finished: Report) -> io.BytesIO:
    return io.BytesIO(pdf(html(finished)))
