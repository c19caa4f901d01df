"""What moved between two random companies: causes, groups and accounts make the change exactly."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.restatement import Ends, Rules, Side, restated
from engine.money import Rates
from engine.period import Period
from engine.policy import Policy
from fixtures.stories import table_frame
from tests.random_company import ACCOUNTS, RATES, book, items, lines

SOME = settings(max_examples=5, deadline=None)
PERIOD = Period.parse("2026Q2")
ADDITIVE = ("mrr", "mrr_new", "mrr_churn", "recurring_revenue")
RATIOS = ("arpa", "arpu", "quick_ratio")
METRICS = (*ADDITIVE, *RATIOS, "accounts", "arpa_median")

#: Six rows by identifier, each in either export or in both, the same or another one.
tables = st.tuples(
    st.lists(st.one_of(st.none(), items()), min_size=6, max_size=6),
    st.lists(st.one_of(st.none(), lines()), min_size=4, max_size=4),
)


def side(company, rates=RATES, accounts=ACCOUNTS):
    """The company's tables, counted by the default policy."""
    item_rows, line_rows = (
        [{**row, key: str(n)} for n, row in enumerate(rows) if row]
        for key, rows in zip(("item_id", "line_id"), company, strict=True)
    )
    sources = book(item_rows, line_rows, PERIOD).sources
    found = {
        (code, year * 12 + month - 1): Fraction(rate) for (code, year, month), rate in rates.items()
    }
    return Side(
        replace(
            sources,
            rates=Rates("USD", found),
            accounts=table_frame("crm/accounts", accounts).lazy(),
        ),
        Rules(Policy()),
    )


#: B was Enterprise all the time; C has a segment after all; D is not known any more.
OTHERS = [
    *ACCOUNTS[:2],
    {"account_id": "B", "segment": "Enterprise"},
    {"account_id": "C", "segment": "SMB"},
]
DEARER = {key: str(Fraction(rate) * 2) if key[2] > 3 else rate for key, rate in RATES.items()}


def moved(before, after):
    (found,) = restated(
        Ends(side(before), side(after, DEARER, OTHERS), frozenset(), date(2026, 6, 30)),
        (PERIOD,),
        METRICS,
        ("segment",),
    )
    return found


@SOME
@given(tables, tables)
def test_the_causes_make_the_change(before, after):
    found = moved(before, after)
    for row in (*found.metrics, *found.groups):
        if row.change is not None:
            assert sum(row.causes.values()) == row.change


@SOME
@given(tables, tables)
def test_groups_and_accounts_make_each_cause(before, after):
    """Of every sum and every ratio of two, in total and for each cause alone."""
    found = moved(before, after)
    for metric in (*ADDITIVE, *RATIOS):
        whole = found.one(metric)
        if whole.change is None:
            continue
        for every in (found.groups, found.accounts):
            rows = [row for row in every if row.metric == metric]
            for cause in found.causes:
                parts = [row.contributions.get(cause, 0) for row in rows]
                assert sum(parts) == whole.causes.get(cause, 0), (metric, cause)


@SOME
@given(tables, tables)
def test_swapping_the_snapshots_flips_the_sign(before, after):
    ends = side(before), side(after, DEARER, OTHERS)
    (there,), (back,) = (
        restated(Ends(*pair, frozenset(), date(2026, 6, 30)), (PERIOD,), METRICS, accounts=False)
        for pair in (ends, ends[::-1])
    )
    for row in there.metrics:
        other = back.one(row.metric)
        assert (row.was, row.now) == (other.now, other.was)
        assert row.change is None or row.change == -other.change


@SOME
@given(tables)
def test_a_company_does_not_differ_from_itself(company):
    same = side(company)
    (found,) = restated(
        Ends(same, same, frozenset(), date(2026, 6, 30)), (PERIOD,), METRICS, ("segment",)
    )
    assert found.causes == ()
    assert all(row.was == row.now for row in found.metrics)
    assert found.rows == {}
