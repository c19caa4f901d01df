"""The engine agrees, to the micro-unit, with an independent computation of the contract."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.evaluate import evaluate
from engine.period import Period
from tests.oracle import Oracle, last_day
from tests.random_company import RATES, book, by_group, items, lines, segment

SOME = settings(max_examples=40, deadline=None)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "fx", "transfer")
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")
months = st.integers(2, 10).map(lambda month: Period.parse(f"2026-{month:02}"))
CUTS = {
    (): lambda item, day: (),
    ("segment",): lambda item, day: (segment(item["account_id"], day),),
    ("product",): lambda item, day: (item["product"],),
    ("segment", "product"): lambda item, day: (
        segment(item["account_id"], day),
        item["product"],
    ),
}
cuts = st.sampled_from(list(CUTS))


def label(by: tuple[str, ...], group: tuple[str, ...]) -> str:
    return json.dumps(dict(zip(by, group, strict=True)), separators=(",", ":"))


@SOME
@given(st.lists(items(), min_size=1, max_size=8), months, cuts)
def test_states(rows, month, by):
    """MRR, accounts, seats and free users on the last day, by any dimensions."""
    complete = _complete(rows)
    day = month.last_day
    oracle = Oracle(RATES)
    found = evaluate(
        book(rows, [], month, *by), ["mrr", "accounts", "paid_seats", "free_users"], month, by
    )
    expected = {}
    for account in oracle.totals(complete, day, day, CUTS[by]).values():
        for group, mrr in account.items():
            values = expected.setdefault(label(by, group), [0, 0, 0, 0])
            values[0] += mrr
            values[1] += mrr > 0
    for item in oracle.live(complete, day):
        values = expected[label(by, CUTS[by](item, day))]
        values[2] += item["seats"] * (oracle.mrr_of(item, day) > 0)
        values[3] += item["seats"] * (item["amount"] == item["discount"])
    for place, metric in enumerate(("mrr", "accounts", "paid_seats", "free_users")):
        values = by_group(found, metric)
        factor = 1 if metric == "mrr" else 1_000_000
        known = {group: each[place] * factor for group, each in expected.items()}
        assert {g: v for g, v in values.items() if v} == {g: v for g, v in known.items() if v}


@SOME
@given(st.lists(items(), min_size=1, max_size=8), months, cuts)
def test_movements(rows, month, by):
    """Every kind, the exchange-rate effect, transfers and counts, group by group."""
    oracle = Oracle(RATES)
    year, number = month.first_day.year, month.first_day.month
    expected = oracle.movements(_complete(rows), year, number, CUTS[by])
    metrics = [*(f"mrr_{kind}" for kind in KINDS), *COUNTS]
    found = evaluate(book(rows, [], month, *by), metrics, month, by)
    for metric in metrics:
        factor = 1_000_000 if metric in COUNTS else 1
        name = metric.removeprefix("mrr_")
        known = {label(by, group): kinds[name] * factor for group, kinds in expected.items()}
        values = by_group(found, metric)
        assert {g: v for g, v in values.items() if v} == {g: v for g, v in known.items() if v}


@SOME
@given(
    st.lists(lines(), min_size=1, max_size=8),
    months,
    st.sampled_from(["days", "months", "invoice_date"]),
)
def test_recognised_revenue(rows, month, rule):
    """Each line's months, under each rule, converted at each month's rate."""
    oracle = Oracle(RATES)
    here = month.first_day.year, month.first_day.month
    kinds = ("recurring", "usage", "one_time")
    known = dict.fromkeys(kinds, 0)
    for line in _complete(rows, service=True):
        known[line["charge_type"]] += _within_2026(oracle, line, rule).get(here, 0)
    metrics = [f"{kind}_revenue" for kind in kinds]
    found = evaluate(book([], rows, month, recognition=rule), metrics, month)
    assert [by_group(found, metric)["{}"] for metric in metrics] == list(known.values())


def _within_2026(oracle: Oracle, line, rule):
    """The line's months; rates end with 2026, so a later part is worth what December says."""
    rates = {**oracle.rates}
    for year in (2027, 2028):
        for (code, _, month), rate in RATES.items():
            rates[code, year, month] = rate
    return Oracle(rates).recognised(line, rule)


def _complete(rows, *, service=False):
    """The rows with what the stories fill in."""
    table = "billing/invoice_lines" if service else "billing/subscription_items"
    from fixtures.stories import table_frame

    return table_frame(table, rows).to_dicts()


def test_the_oracle_itself_knows_a_months_end():
    """Guards the guard."""
    assert last_day(2028, 2) == date(2028, 2, 29)
    assert last_day(2026, 12) == date(2026, 12, 31)
