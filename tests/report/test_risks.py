"""Risks, each from numbers made for the case; figures worked out by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isnan

import polars as pl
import pytest

from engine.metrics.definitions import DEFINITIONS
from engine.metrics.numbers import SCHEMA, Numbers, group_text
from engine.report.context import PackContext
from engine.report.growth import growth
from engine.report.look import look
from engine.report.material import Material
from engine.report.planned import against_plan, is_met
from engine.report.risks import risks
from engine.report.words import Words

#: Metric, period and group (dimension, value) → numerator and denominator.
Rows = Mapping[tuple[str, str, tuple[str, str] | None], tuple[float, float | None]]
Known = Callable[[Rows], Material]

NOW, BEFORE, YEAR_AGO = "2026Q3", "2026Q2", "2025Q3"
STATUS, PLAN = ("status", "past_due"), ("scenario", "plan")
SMB, ENTERPRISE = ("segment", "SMB"), ("segment", "Enterprise")

#: A company that no rule finds anything in: 100,000 of MRR in 100 accounts, both unchanged.
QUIET: Rows = {
    (name, period, None): (value, None)
    for period in (NOW, BEFORE, YEAR_AGO)
    for name, value in (("mrr", 100_000.0), ("accounts", 100.0))
}


@pytest.fixture
def known(context: PackContext) -> Known:
    """The quiet company with those numbers; any other has no value."""

    def made(rows: Rows) -> Material:
        wanted = {**QUIET, **rows}
        for metric in DEFINITIONS:
            for period in (NOW, BEFORE, YEAR_AGO):
                wanted.setdefault((metric, period, None), (float("nan"), None))
        records = [_record(*key, *sums) for key, sums in wanted.items()]
        numbers = Numbers(pl.DataFrame(records, schema=SCHEMA))
        found = replace(context, numbers=numbers)
        return Material(found, Words("en_US", "USD"), look(context.brand, None))

    return made


def _record(
    metric: str, period: str, group: tuple[str, str] | None, top: float, below: float | None
) -> dict[str, object]:
    is_known = not isnan(top)
    return {
        "metric": metric,
        "period": period,
        "by": group[0] if group else "",
        "group": group_text({group[0]: group[1]} if group else {}),
        "numerator": top if is_known else None,
        "denominator": below,
        "value": (top / below if below else top) if is_known else None,
        "unit": DEFINITIONS[metric].unit.value,
        "reason": None if is_known else "not told",
    }


def told(material: Material) -> list[tuple[str, str, str]]:
    return [(each.figure, each.headline, each.text) for each in risks(material)]


def test_a_quiet_company_has_none(known: Known) -> None:
    assert told(known({})) == []


def test_mrr_past_due(known: Known) -> None:
    """4,000 of 100,000 is 4.0%."""
    found = told(known({("mrr", NOW, STATUS): (4_000, None), ("accounts", NOW, STATUS): (3, None)}))
    assert found == [
        ("$4.00k", "3 accounts are past due", "4.0% of MRR; unpaid, it becomes churn.")
    ]


def test_a_little_past_due_is_noise(known: Known) -> None:
    rows = {("mrr", NOW, STATUS): (400.0, None), ("accounts", NOW, STATUS): (3.0, None)}
    assert told(known(rows)) == []


def test_renewals_beyond_an_even_spread(known: Known) -> None:
    """40% due where a quarter's even share is 25%; 10% of 40,000 would go."""
    rows = {("renewals_due", NOW, None): (40_000.0, None), ("grr", NOW, None): (90.0, 100.0)}
    ((figure, headline, text),) = told(known(rows))
    assert (figure, headline) == ("40.0%", "40.0% of MRR is up for renewal in Q4 2026")
    assert text == (
        "$40.0k of MRR. At the gross retention of the last year, 90.0%, $4.00k of it would go."
    )
    assert told(known({**rows, ("renewals_due", NOW, None): (25_000.0, None)})) == []


def test_concentration_that_is_high_or_rises(known: Known) -> None:
    high = {("top10_share", NOW, None): (40_000.0, 100_000.0)}
    ((_, headline, text),) = told(known(high))
    assert headline == "Ten accounts carry 40.0% of MRR"
    assert text == "$40.0k of MRR; up to 20% is usual."
    rising = {
        ("top10_share", NOW, None): (15_000.0, 100_000.0),
        ("top10_share", YEAR_AGO, None): (12_000.0, 100_000.0),
    }
    assert told(known(rising))[0][2].startswith("+3.0 pts since Q3 2025.")
    few = {**high, ("accounts", NOW, None): (10.0, None)}
    assert told(known(few)) == []


def test_churn_that_rises(known: Known) -> None:
    """0.5 points of 100,000 over twelve months are 6,000."""
    rows = {
        ("revenue_churn", NOW, None): (1_500.0, 100_000.0),
        ("revenue_churn", YEAR_AGO, None): (1_000.0, 100_000.0),
    }
    assert told(known(rows)) == [
        (
            "1.50%",
            "Revenue churn is up",
            "1.50% a month, 1.00% a year ago; a year of the rise is $6.00k of MRR.",
        )
    ]


def test_an_average_that_falls_in_a_large_group(known: Known) -> None:
    """ARPU 100 → 90 over 600 users is 6,000; the small group and the few accounts go unsaid."""
    rows = dict[tuple[str, str, tuple[str, str] | None], tuple[float, float | None]]()
    for group, mrr, accounts in ((SMB, 54_000.0, 60.0), (ENTERPRISE, 46_000.0, 4.0)):
        rows[("mrr", NOW, group)] = rows[("mrr", BEFORE, group)] = (mrr, None)
        rows[("accounts", NOW, group)] = (accounts, None)
        rows[("arpu", NOW, group)] = (mrr, mrr / 90)
        rows[("arpu", BEFORE, group)] = (mrr, mrr / 100)
    rows[("arpu", NOW, None)] = rows[("arpu", BEFORE, None)] = (100_000.0, 1_000.0)
    assert told(known(rows)) == [
        (
            "−10.0%",
            "ARPU falls in SMB",
            "To $90.00 over 600 users with 54.0% of MRR: $6.00k a month.",
        )
    ]


def test_payback_beyond_its_bound(known: Known) -> None:
    rows = {
        ("cac", NOW, None): (60_000.0, 20.0),
        ("new_accounts", NOW, None): (20.0, None),
        ("cac_payback_months", NOW, None): (180.0, 10.0),
    }
    assert told(known(rows)) == [
        (
            "18.0 mths",
            "CAC payback is 18.0 months",
            "12 or less is good; $60.0k was spent on 20 new accounts.",
        )
    ]


def test_a_pipeline_that_does_not_cover_the_target(known: Known) -> None:
    ((figure, headline, text),) = told(
        known({("pipeline_coverage", NOW, None): (300_000.0, 200_000.0)})
    )
    assert (figure, headline) == ("1.5×", "Pipeline does not cover the next target")
    assert text == "$300k open against a target of $200k for Q4 2026; 3 times is the bound."


def test_a_plan_that_is_missed(known: Known) -> None:
    material = known({("mrr", NOW, PLAN): (125_000.0, None)})
    assert told(material) == [("−20.0%", "MRR is under plan", "$100k against $125k: $25.0k short.")]
    assert is_met(material, "mrr") is False
    assert is_met(known({("mrr", NOW, PLAN): (100_000.0, None)}), "mrr") is True
    assert is_met(known({}), "mrr") is None


def test_less_than_planned_is_met_where_less_is_better(known: Known) -> None:
    rows = {("cac", NOW, None): (90.0, 1.0), ("cac", NOW, PLAN): (100.0, None)}
    assert is_met(known(rows), "cac") is True
    assert against_plan(known(rows), "cac").text == "−10.0%"


def test_the_three_with_the_most_at_stake_in_order(known: Known) -> None:
    """25,000 of plan, 20,000 of concentration, 4,000 past due; 2,000 of churn is left out."""
    rows = {
        ("mrr", NOW, STATUS): (4_000.0, None),
        ("accounts", NOW, STATUS): (3.0, None),
        ("mrr", NOW, PLAN): (125_000.0, None),
        ("top10_share", NOW, None): (40_000.0, 100_000.0),
        ("revenue_churn", NOW, None): (1_166.0, 100_000.0),
        ("revenue_churn", YEAR_AGO, None): (1_000.0, 100_000.0),
    }
    assert [figure for figure, _, _ in told(known(rows))] == ["−20.0%", "40.0%", "$4.00k"]


def test_the_next_periods_plan_stands_outlined_after_the_reported_one(known: Known) -> None:
    material = known({("mrr", "2026Q4", PLAN): (125_000.0, None)})
    drawn = growth(material, 120)
    assert "Q4 2026 125.0 plan" in drawn.svg.partition("</title>")[0]
    assert 'fill="none" stroke' in drawn.svg
    assert "Q4 2026" not in growth(known({}), 120).svg


def test_a_period_that_still_runs_is_hatched(known: Known) -> None:
    ended = known({})
    running = Material(
        replace(ended.context, as_of=ended.period.last_day.replace(day=10)),
        ended.words,
        ended.look,
    )
    assert "still running (hatched)" in growth(running, 120).unit
    assert growth(running, 120).svg != growth(ended, 120).svg
