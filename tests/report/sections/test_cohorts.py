"""The chapter on cohorts: blank where a cohort is too young, judged only beyond chance."""

import re
from dataclasses import replace

import polars as pl
import pytest

from engine.brand import Brand
from engine.metrics.numbers import SCHEMA, Numbers, group_text
from engine.period import Period
from engine.report.blocks import Findings, Table
from engine.report.cohort_findings import strays, verdicts
from engine.report.cohorts import MOST, cohorts
from engine.report.colour import contrast
from engine.report.context import PackContext
from engine.report.heat import Heat, brand_ground, signed_ground
from engine.report.html import html
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Section
from engine.report.pack import report
from engine.report.palette import palette
from engine.report.sections.cohorts import section
from engine.report.words import Words
from tests.report.sections.conftest import Contexts

UNITS = {"acquired": "count", "active": "count", "mrr": "money"}


def material(context: PackContext) -> Material:
    words = Words(context.locale, context.currency)
    return Material(context, words, look(context.brand, context.brand_folder, context.paper))


@pytest.fixture(scope="module")
def context(counted: Contexts) -> PackContext:
    return counted("cohorts")


@pytest.fixture(scope="module")
def chapter(context: PackContext) -> Section:
    made = section(material(context))
    assert isinstance(made, Section)
    return made


def heats(chapter: Section) -> list[Heat]:
    return [block for block in chapter.blocks if isinstance(block, Heat)]


def told(context: PackContext, rows: dict[tuple[str, str, int], float]) -> PackContext:
    """The context with these cohort figures alone: figure, cohort ("" for all) and age."""
    made = [
        {
            "metric": f"cohort_{figure}",
            "period": context.period.label,
            "by": "cohort,age" if cohort else "age",
            "group": group_text({**({"cohort": cohort} if cohort else {}), "age": str(age)}),
            "numerator": value,
            "denominator": None,
            "value": value,
            "unit": UNITS.get(figure, "ratio" if "retention" in figure else "money/month"),
            "reason": None,
        }
        for (figure, cohort, age), value in rows.items()
    ]
    return replace(context, numbers=Numbers(pl.DataFrame(made, schema=SCHEMA)))


def invented(kept: float, accounts: int = 100) -> dict[tuple[str, str, int], float]:
    """Five cohorts of a year's age, the fourth keeping another share than the other four."""
    rows: dict[tuple[str, str, int], float] = {}
    names = ("2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3")
    for name in names:
        own = kept if name == "2025Q2" else 0.8
        for age in range(13):
            share = 1.0 if age == 0 else own
            rows |= {
                ("acquired", name, age): accounts,
                ("active", name, age): accounts * share,
                ("mrr", name, age): 1000.0 * share,
                ("arpu", name, age): 50.0,
                ("logo_retention", name, age): share,
                ("revenue_retention", name, age): 1.0,
                ("logo_retention", "", age): 1.0 if age == 0 else 0.8,
                ("revenue_retention", "", age): 1.0,
            }
    return rows


def test_every_figure_of_a_heat_table_is_in_the_tidy_table(
    chapter: Section, context: PackContext
) -> None:
    known = set(context.numbers.frame.select("metric", "group", "value").iter_rows())
    cells = [each.cell for heat in heats(chapter) for row in heat.rows for each in row.cells]
    shown = [cell for cell in cells if cell is not None and cell.number]
    assert len(shown) > 100
    for cell in shown:
        assert cell.number
        assert (cell.number.metric, group_text(dict(cell.number.group)), cell.number.value) in known
        assert cell.text == material(context).words.number((cell.number.value or 0) * 100)


def test_a_cohort_that_is_too_young_has_empty_cells(context: PackContext, chapter: Section) -> None:
    markup = html(report(context))
    row = next(each for each in re.findall(r"<tr.*?</tr>", markup) if ">Q2 2026</th>" in each)
    assert row.endswith("<td></td>" * 10 + "</tr>")
    newest = next(row for row in heats(chapter)[0].rows if row.name == "Q3 2026")
    assert all(each.cell is None for each in newest.cells)


def test_rows_are_never_ragged(chapter: Section) -> None:
    for heat in heats(chapter):
        assert {len(row.cells) for row in heat.rows} == {len(heat.heads)}
        assert {len(row.sizes) for row in heat.rows} == {len(heat.sizes)}


def test_at_most_thirteen_cohorts_and_twelve_ages_are_shown(chapter: Section) -> None:
    for heat in heats(chapter):
        assert len(heat.rows) <= MOST + 1
        assert len(heat.heads) <= 12


def test_the_average_row_is_the_one_over_all_cohorts(
    chapter: Section, context: PackContext
) -> None:
    for heat, figure in zip(heats(chapter), ("revenue", "logo"), strict=True):
        average = heat.rows[-1]
        assert average.is_average
        cell = average.cells[heat.heads.index("12")].cell
        wanted = context.numbers.one(f"cohort_{figure}_retention", "2026Q3", {"age": "12"})
        assert cell is not None
        assert cell.number == wanted


@pytest.mark.parametrize("primary", ["#0b3c5d", "#ffd400", "#c8102e", "#111111", "#f4f4f4"])
def test_text_stands_out_on_every_ground(primary: str) -> None:
    colours = palette(Brand(name="Acme", primary=primary))
    parts = [step / 6 for step in range(-6, 7)]
    grounds = [ground(part, colours) for part in parts for ground in (brand_ground, signed_ground)]
    assert all(contrast(ground, colours.ink) >= 4.5 for ground in grounds)
    assert len({signed_ground(part, colours) for part in parts}) >= 12


def test_a_cohort_beyond_two_standard_errors_is_named(context: PackContext) -> None:
    """Of 100 accounts at 80%, two standard errors are 8 points: 68% is beyond, 73% is not."""
    found = strays(cohorts(material(told(context, invented(0.68)))))
    assert [each.finding.figure for each in found] == ["−12.0 pts"]
    assert not list(strays(cohorts(material(told(context, invented(0.73))))))


def test_a_small_cohort_is_not_judged(context: PackContext) -> None:
    assert not verdicts(cohorts(material(told(context, invented(0.2, accounts=15)))))


def test_the_headline_says_by_how_much_the_cohort_differs(context: PackContext) -> None:
    made = section(material(told(context, invented(0.68))))
    assert isinstance(made, Section)
    words = made.headline.replace("\u00a0", " ")
    assert (
        words == "The Q2 2025 cohort kept 68.0% of its accounts a year on, 12.0 pts below average"
    )
    assert any(isinstance(block, Findings) for block in made.blocks)


def test_without_a_stray_the_headline_says_so(context: PackContext) -> None:
    made = section(material(told(context, invented(0.8))))
    assert isinstance(made, Section)
    assert made.headline == (
        "After 12 months 80.0% of accounts and 100.0% of MRR are left; no cohort strays from that"
    )
    assert "hold no better or worse than the average" in made.lead


def test_a_lower_start_of_the_newest_cohort_is_told(context: PackContext) -> None:
    rows = invented(0.8) | {("arpu", "2025Q3", 0): 40.0}
    found = verdicts(cohorts(material(told(context, rows))))
    assert [each.finding.figure for each in found] == ["−20.0%"]
    assert "pay $40.00 a user at first, 20.0% less than those of Q2 2025" in found[0].clause


def test_averages_stand_by_age_and_cohort(chapter: Section, context: PackContext) -> None:
    table = chapter.blocks[-1]
    assert isinstance(table, Table)
    row = next(row for row in table.rows if row.name == "Q1 2025")
    at = next(n for n, column in enumerate(table.columns) if column.title == "Month 6") - 1
    value = context.numbers.one("cohort_arpu", "2026Q3", {"cohort": "2025Q1", "age": "6"}).value
    assert row.cells[at].text == f"{value:,.2f}"


def test_a_pack_of_a_month_has_cohorts_of_months(counted: Contexts) -> None:
    made = section(material(counted("cohorts", period="2026-09")))
    assert isinstance(made, Section)
    assert heats(made)[0].rows[0].name == "Sep ’25"
    assert heats(made)[0].heads == tuple(str(age) for age in range(1, 13))


def test_no_cohorts_give_a_reason(context: PackContext) -> None:
    none = replace(context, numbers=Numbers(pl.DataFrame(schema=SCHEMA)))
    assert section(material(none)) == "no account has a first paying month that can be told"
    first = {("acquired", "2026Q3", 0): 5.0, ("mrr", "2026Q3", 0): 5.0}
    assert section(material(told(context, first))) == "no cohort is a month old yet"


def test_a_pack_within_a_region_has_that_region_s_cohorts(
    counted: Contexts, context: PackContext
) -> None:
    part = cohorts(material(counted("cohorts", filters={"region": "DACH"})))
    whole = cohorts(material(context))
    acquired = sum(part.acquired(each) for each in part.every)
    assert 0 < acquired < sum(whole.acquired(each) for each in whole.every)
    assert isinstance(section(part.material), Section)


def test_a_cohort_is_called_by_its_fiscal_quarter(context: PackContext) -> None:
    fiscal = replace(context, period=Period.parse("2026Q3", 2))
    assert cohorts(material(fiscal)).title("2026Q1") == "Q1 2026"
