"""Accounts counted in buckets come to what they come to when they are counted together."""

import pickle
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.cluster.asks import Ask, whole
from engine.cluster.dealing import bucket, dealt, of_bucket
from engine.cluster.job import opened as tables_of
from engine.errors import DataError, EnvironmentFault
from engine.facts.derived import Cut
from engine.facts.keys import LABEL
from engine.metrics import sheets
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.evaluate import evaluate
from engine.period import Period
from tests.cluster.asking import QUARTER, ordered, told

POLICIES = {
    "contracts": "",
    "usage": "usage_in_mrr = true\narpu_users = 'active_users'",
    "invoices": "mrr_source = 'invoices'\nrecognition = 'months'",
    "families": "account_level = 'parent'\nfx = 'constant:2026-06'\ncohort_by = 'signed_up'",
}
IDS = ["acct_1", "acct_2", "", "é" * 40, "x" * 40 + "1", "x" * 40 + "2", None]


@pytest.mark.parametrize("rules", POLICIES.values(), ids=POLICIES)
def test_every_number_is_the_same_to_the_bit(opened, rules):
    whole, apart = (
        told(opened(f"of-{each}", f"[cluster]\nbuckets = {each}\n[policy]\n{rules}"))
        for each in (0, 2)
    )
    assert_frame_equal(whole[0], apart[0], check_exact=True)
    assert whole[1] == apart[1]


def test_what_was_not_foreseen_is_counted_when_it_is_needed(opened):
    """A book that is asked one thing after the other, by account too."""
    frames = []
    for buckets in (0, 2):
        analysis = opened(f"of-{buckets}", f"[cluster]\nbuckets = {buckets}\n")
        period, by = analysis.period("2026-09"), ("account_id",)
        frames.append(evaluate(analysis.book(period.closing, by), DEFINITIONS, period, by))
    assert_frame_equal(*map(ordered, frames), check_exact=True)


@pytest.mark.parametrize("kind", [pl.String, LABEL])
def test_an_account_is_in_one_bucket_however_its_name_is_held(kind):
    rows = pl.DataFrame({"account_id": pl.Series(IDS * 2, dtype=kind), "n": range(14)})
    parts = dealt(rows, None, 4)
    assert sorted(n for part in parts for n in part["n"]) == list(range(14))
    for place, part in enumerate(parts):
        assert_frame_equal(of_bucket(rows.lazy(), None, 4, place).collect(), part)


def test_the_bucket_of_a_name_is_the_same_on_every_machine_and_in_every_version():
    names = pl.DataFrame({"name": IDS})
    assert names.select(bucket(pl.col("name"), 1_000)).to_series().to_list() == [
        372,
        327,
        0,
        19,
        68,
        271,
        0,
    ]


def test_accounts_spread_evenly():
    names = pl.DataFrame({"name": [f"acct_{number}" for number in range(8_000)]})
    sizes = names.group_by(bucket(pl.col("name"), 8)).len()["len"]
    assert sizes.min() > 900
    assert sizes.max() < 1_100


def test_a_family_is_in_the_bucket_of_its_topmost_parent():
    rows = pl.DataFrame({"account_id": pl.Series(["a", "b", "c", "top"], dtype=LABEL)})
    roots = pl.DataFrame(
        {"account_id": ["a", "b"], "root": ["top", "top"]}, schema_overrides={"root": LABEL}
    )
    homes = {
        name: place
        for place, part in enumerate(dealt(rows, roots, 50))
        for name in part["account_id"]
    }
    assert homes["a"] == homes["b"] == homes["top"] != homes["c"]
    place = homes["top"]
    assert of_bucket(rows.lazy(), roots, 50, place).collect().height == 3


def test_sums_that_have_no_room_are_an_error_and_never_wrap():
    ask = Ask.of(("g",), sheets.state, ())
    part = pl.DataFrame({"g": ["a"], "mrr": [2**62]})
    with pytest.raises(DataError, match="too large to be added up"):
        whole(ask, [part, part])


def test_cuts_of_other_months_are_other_asks():
    cuts = [Cut(("stage",), range(month, month + 1)) for month in (5, 6)]
    first, second = (Ask.of(cut, sheets.state, (cut,)) for cut in cuts)
    assert first != second
    assert pickle.loads(pickle.dumps(first)) == first


def test_errors_travel_with_all_their_parts():
    error = DataError("rule", "what", where="there", note="why", hint="do")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (DataError, str(error))


def test_other_versions_than_the_jobs_are_refused(opened):
    job = _job(opened)
    with pytest.raises(EnvironmentFault, match=r"polars 0\.1"):
        tables_of(replace(job, key="other", stack=(job.stack[0], "polars 0.1", job.stack[2])))


def test_a_snapshot_that_a_worker_does_not_see_is_told(opened):
    job = _job(opened)
    away = {name: (f"/nowhere/{name}.parquet",) for name in job.snapshot.tables}
    with pytest.raises(EnvironmentFault, match="does not see the snapshot"):
        tables_of(replace(job, key="away", snapshot=replace(job.snapshot, tables=away)))


def _job(opened):
    return opened("any", "[cluster]\nbuckets = 2\n").book(Period.parse(QUARTER).closing)._job
