"""A pack of one region ties to the whole: every number is that region's row."""

import json

import polars as pl
import pytest

from engine.analysis import Analysis
from engine.config import read
from engine.metrics.asks import CohortRequest, PlanRequest, RankingRequest, ShiftRequest
from engine.metrics.numbers import Request
from engine.metrics.scope import within
from fixtures.company import write_company

METRICS = ("mrr", "arpu", "accounts", "nrr", "mrr_new", "mrr_transfer", "cac", "logo_churn")
SCOPE = {"region": "DACH"}


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("scope")
    write_company(folder / "snapshots", accounts=200)
    (folder / "quarterdeck.toml").write_text('[workspace]\nsnapshots = "snapshots"\n')
    return Analysis.open(read(folder / "quarterdeck.toml"))


def test_totals_within_a_region_are_its_row_of_the_whole(analysis: Analysis) -> None:
    inner = analysis.numbers([Request(METRICS, ("2026Q3",))], SCOPE)
    whole = analysis.numbers([Request(METRICS, ("2026Q3",), ("region",))])
    row = whole.filter(pl.col("group") == json.dumps(SCOPE, separators=(",", ":")))
    figures = ["metric", "numerator", "denominator", "value", "reason"]
    assert inner.select(figures).equals(row.select(figures))
    assert set(inner["group"]) == {"{}"}
    assert set(inner["by"]) == {""}


def test_groups_within_a_region_add_up_to_its_total(analysis: Analysis) -> None:
    asks = [Request(("mrr",), ("2026Q3",)), Request(("mrr",), ("2026Q3",), ("segment",))]
    found = analysis.numbers(asks, SCOPE)
    parts = found.filter(pl.col("by") == "segment")["value"].sum()
    assert parts == pytest.approx(found.filter(pl.col("by") == "")["value"].item(), abs=1e-6)


def test_a_bridge_within_a_region_closes_between_its_own_ends(analysis: Analysis) -> None:
    asks = [
        ShiftRequest("arpu", "segment", "2026Q2", "2026Q3"),
        Request(("arpu",), ("2026Q2", "2026Q3")),
    ]
    found = analysis.numbers(asks, SCOPE)
    ends = found.filter(pl.col("by") == "").sort("period")["value"].to_list()
    bridge = found.filter(pl.col("by") == "dimension,effect")
    effect = dict(
        zip(bridge["group"].str.json_path_match("$.effect"), bridge["value"], strict=True)
    )
    assert sum(effect.values()) == pytest.approx(ends[1] - ends[0], abs=1e-9)


def test_cohorts_within_a_region_are_the_cohorts_of_its_accounts(analysis: Analysis) -> None:
    inner = analysis.numbers([CohortRequest("2026Q3")], SCOPE)
    whole = analysis.numbers([CohortRequest("2026Q3", ("region",))])
    start = whole.filter(
        pl.col("metric") == "cohort_acquired",
        pl.col("group").str.json_path_match("$.region") == "DACH",
        pl.col("group").str.json_path_match("$.age") == "0",
    )
    own = inner.filter(
        pl.col("metric") == "cohort_acquired",
        pl.col("group").str.json_path_match("$.age") == "0",
    )
    assert own["value"].to_list() == start["value"].to_list()
    assert not inner.filter(pl.col("by") == "age").is_empty()


def test_what_the_export_has_no_column_for_is_answered_by_nothing(analysis: Analysis) -> None:
    asks = [
        Request(("mrr",), ("2026Q3",)),
        Request(("mrr",), ("2026Q3",), ("territory",)),
        CohortRequest("2026Q3", ("territory",)),
        ShiftRequest("arpu", "territory", "2026Q2", "2026Q3"),
        RankingRequest("arpu", ("territory", "segment"), "2026Q2", "2026Q3"),
        PlanRequest(("1999",)),
    ]
    found = analysis.numbers(asks)
    assert set(found["by"]) == {"", "dimension,effect", "ratio,dimension,effect"}
    labels = found["group"].str.json_path_match("$.dimension").drop_nulls()
    assert set(labels) == {"segment"}


def test_only_the_groups_at_both_ends_are_kept(analysis: Analysis) -> None:
    by = ("account_id", "name")
    every = analysis.numbers([Request(("mrr",), ("2026Q3",), by)])
    kept = analysis.numbers([Request(("mrr",), ("2026Q3",), by, 3)])
    values = sorted(value for value in every["value"] if value)
    assert sorted(kept["value"]) == [*values[:3], *values[-3:]]


@pytest.mark.parametrize("label", ['a"b', "a,b", "é", "a}", ""])
def test_labels_of_a_scope_may_be_anything(label: str) -> None:
    texts = [
        json.dumps({"x": each, **inner}, ensure_ascii=False, separators=(",", ":"))
        for each in (label, label + "z")
        for inner in ({}, {"y": 'q"'})
    ]
    rows = pl.DataFrame({"by": ["x", "x,y"] * 2, "group": texts})
    kept = within(rows, {"x": label})
    assert [json.loads(text) for text in kept["group"]] == [{}, {"y": 'q"'}]
    assert kept["by"].to_list() == ["", "y"]
