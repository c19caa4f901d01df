"""Laws that hold for every company: parts add up, roll-forwards close, order does not matter."""

import itertools
import random
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.metrics.bridge import EFFECTS
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.evaluate import definition, evaluate, sums
from engine.metrics.shift import shift
from engine.period import Period
from tests.properties.two_years import book, lines, months, numbers, some_items
from tests.random_company import lines as any_lines

SOME = settings(max_examples=25, deadline=None)
PERIODS = [f"{year}Q{n}" for year in (2025, 2026) for n in range(1, 5)] + ["2025", "2026"]
periods = st.sampled_from(PERIODS).map(Period.parse)
longer = st.sampled_from(PERIODS[1:8] + PERIODS[9:]).map(Period.parse)
some_lines = st.lists(st.one_of(lines(), any_lines()), max_size=5)
OF_ACCOUNTS = ("segment", "region", "cohort", "stage", "mrr_band", "account_id")
OF_ITEMS = ("product", "plan", "billing_unit", "interval", "currency", "status")
dimensions = st.lists(
    st.sampled_from(OF_ACCOUNTS + OF_ITEMS), min_size=1, max_size=3, unique=True
).map(tuple)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx", "transfer")
MOVES = [f"mrr_{kind}" for kind in KINDS]
STATES = ("mrr", "arr", "paid_seats", "free_users", "users", *MOVES)
REVENUES = ("recurring_revenue", "usage_revenue", "one_time_revenue")
REDUCTIONS = ("discounts", "credits", "refunds")
LEVERS = ("lever_seats", "lever_price", "lever_product")
#: Every additive metric, and the dimensions by which it cannot be had.
NOT_CARRIED = {
    **dict.fromkeys(STATES, frozenset[str]()),
    **dict.fromkeys((*REVENUES, *REDUCTIONS), frozenset({"billing_unit", "interval", "status"})),
    **dict.fromkeys(LEVERS, frozenset(OF_ITEMS) - {"product"}),
}


@SOME
@given(some_items, some_lines, periods, dimensions)
def test_groups_of_what_is_additive_add_up_to_the_total(rows, line_rows, period, by):
    """To the micro-unit, over one dimension or several, wherever the tables carry them."""
    facts = book(period, by, item_rows=rows, line_rows=line_rows)
    whole = evaluate(facts, NOT_CARRIED, period)
    parts = evaluate(facts, NOT_CARRIED, period, by)
    for metric, total in whole.select("metric", "value").iter_rows():
        own = parts.filter(metric=metric)["value"]
        if NOT_CARRIED[metric] & {*by}:
            assert own.null_count() == own.len(), metric
        else:
            assert sum(map(micro, own)) == micro(total), metric


def test_the_definitions_say_what_adds_up():
    """What is held to add up above is marked so, and no ratio or count of accounts is."""
    assert all(DEFINITIONS[name].is_additive for name in NOT_CARRIED)
    divided = [metric for metric in DEFINITIONS.values() if metric.denominator]
    assert not any(metric.is_additive for metric in divided)
    counts = ("accounts", "new_accounts", "churned_accounts", "reactivated_accounts")
    assert not any(DEFINITIONS[name].is_additive for name in (*counts, "arpa_median"))


def micro(value: float) -> int:
    return round(value * 1_000_000)


@SOME
@given(some_items, longer, dimensions.filter(lambda by: not {"stage"} & {*by}))
def test_every_group_rolls_forward_from_quarter_to_quarter_and_year_to_year(rows, period, by):
    """Opening MRR and all movements are closing MRR; transfers sum to zero."""
    before = period.before()
    opening = numbers(book(before, by, item_rows=rows), ["mrr"], before, by)["mrr"]
    facts = book(period, by, item_rows=rows)
    found = numbers(facts, ["mrr", *MOVES], period, by)
    groups = {*opening, *itertools.chain(*found.values())}
    if "cohort" in by:  # an account that had not paid yet had no cohort, and no MRR
        groups = {group for group in groups if '"cohort":"Unknown"' not in group}
    for group in groups:
        moved = sum(found[move].get(group, 0) for move in MOVES)
        assert opening.get(group, 0) + moved == found["mrr"].get(group, 0), group
    assert sum(found["mrr_transfer"].values()) == 0


@settings(max_examples=10, deadline=None)
@given(some_items, some_lines, periods, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, line_rows, period, chance: random.Random):
    """Every metric, by segment and channel, to the last bit."""
    by = ("segment", "channel")
    answers = []
    for _ in range(2):
        facts = book(period, by, item_rows=rows, line_rows=line_rows, mrr_source="subscriptions")
        answers.append(evaluate(facts, DEFINITIONS, period, by))
        rows, line_rows = [*rows], [*line_rows]
        chance.shuffle(rows)
        chance.shuffle(line_rows)
    assert answers[0].equals(answers[1], null_equal=True)


@SOME
@given(
    some_items,
    st.sampled_from(["arpu", "arppu", "arpu_annual", "paid_share", "arpa", "nrr"]),
    st.sampled_from(["segment", "product", "cohort", "currency", "account_id"]),
    st.tuples(months, months),
)
def test_a_bridge_closes_on_the_metrics_own_totals_and_flips_with_its_periods(
    rows, metric, dimension, over
):
    facts = book(max(over, key=lambda each: each.closing), (dimension,), item_rows=rows)
    wanted = definition(metric, facts.policy)
    summed = partial(sums, facts)
    try:
        there, back = (
            shift(summed, wanted, (dimension,), *pair).ratio for pair in (over, over[::-1])
        )
    except UsageError:
        return
    ends = [evaluate(facts, [metric], period)["value"].item() for period in over]
    assert [float(there.start), float(there.end)] == pytest.approx(ends, rel=1e-12)
    assert sum(there.effects.values(), Fraction(0)) == there.end - there.start
    swapped = dict(zip(EFFECTS, ("rate", "mix", "exited", "entered", "unattached"), strict=True))
    assert all(there.effects[name] == -back.effects[other] for name, other in swapped.items())
