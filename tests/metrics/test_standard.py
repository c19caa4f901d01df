"""When a value is good, to be watched or bad, and that the definitions' words say the same."""

import re

import pytest

from engine.metrics.definitions import DEFINITIONS
from engine.metrics.standard import Standing, in_words, rule, standing

GOOD, WATCH, BAD = Standing.GOOD, Standing.WATCH, Standing.BAD
BOUNDED = [metric for metric in DEFINITIONS.values() if metric.bounds]


@pytest.mark.parametrize(
    ("metric", "value", "verdict"),
    [
        ("nrr", 1.0, GOOD),
        ("nrr", 0.95, WATCH),
        ("nrr", 0.9, WATCH),
        ("nrr", 0.899, BAD),
        ("ltv_cac", 3.0, GOOD),
        ("ltv_cac", 1.0, WATCH),
        ("ltv_cac", 0.5, BAD),
        ("cac_payback_months", 12.0, GOOD),
        ("cac_payback_months", 24.0, WATCH),
        ("cac_payback_months", 24.1, BAD),
        ("logo_churn", 0.01, GOOD),
        ("logo_churn", 0.031, BAD),
        ("net_revenue_churn", -0.002, GOOD),
        ("pipeline_coverage", 2.9, WATCH),
        ("top10_share", 0.4, BAD),
    ],
)
def test_bounds_decide_whatever_the_value_was_before(
    metric: str, value: float, verdict: Standing
) -> None:
    for bases in ((), (0.0, 0.0), (1e9, 1e9)):
        assert standing(DEFINITIONS[metric], value, bases) is verdict


@pytest.mark.parametrize(
    ("metric", "bases", "verdict"),
    [
        ("arpu", (90.0, 80.0), GOOD),
        ("arpu", (110.0, 120.0), BAD),
        ("arpu", (90.0, 120.0), WATCH),
        ("arpu", (100.01, 80.0), WATCH),  # no change to speak of is not better
        ("arpu", (90.0, None), GOOD),
        ("arpu", (None, None), None),
        ("churned_accounts", (110.0, 120.0), GOOD),
        ("churned_accounts", (90.0, 80.0), BAD),
        ("renewals_due", (90.0, 80.0), None),
        ("mrr_fx", (90.0, 80.0), None),
    ],
)
def test_without_bounds_both_comparisons_decide(
    metric: str, bases: tuple[float | None, ...], verdict: Standing | None
) -> None:
    assert standing(DEFINITIONS[metric], 100.0, bases) is verdict


def test_no_value_has_no_standing() -> None:
    assert standing(DEFINITIONS["nrr"], None, (1.0,)) is None


@pytest.mark.parametrize("metric", BOUNDED, ids=lambda metric: metric.id)
def test_the_words_of_a_definition_name_its_bounds(metric) -> None:
    assert metric.bounds
    for bound in (metric.bounds.good, metric.bounds.bad):
        said = in_words(metric, bound)
        alone = rf"(?<![\d.]){re.escape(said)}(?![\d.]*\d)"
        assert re.search(alone, metric.good), said
        assert said in rule(metric)


@pytest.mark.parametrize("metric", BOUNDED, ids=lambda metric: metric.id)
def test_the_good_bound_lies_on_the_better_side(metric) -> None:
    assert metric.bounds
    assert (metric.bounds.good > metric.bounds.bad) == metric.higher_is_better


def test_the_bounds_of_a_years_churn_are_the_months_compounded() -> None:
    """1 − (1 − 1%)¹² = 11.4%, 1 − (1 − 3%)¹² = 30.6%."""
    month, year = DEFINITIONS["logo_churn"].bounds, DEFINITIONS["annual_logo_churn"].bounds
    assert month
    assert year
    for a_month, a_year in ((month.good, year.good), (month.bad, year.bad)):
        assert a_year == pytest.approx(1 - (1 - a_month) ** 12, abs=5e-4)
