"""``qbr diff``: what it is asked, and how it answers."""

import json
from dataclasses import asdict

import polars as pl
import pytest

from engine.metrics.definitions import DEFINITIONS
from engine.policy import Policy

ITEMS, OPPORTUNITIES = "billing/subscription_items", "crm/opportunities"
JULY, OCTOBER = "2026-07-01", "2026-10-01"
BASE = [{"item_id": "1", "seats": 10}, {"item_id": "2", "account_id": "B", "seats": 10}]
LATE = {"item_id": "3", "account_id": "C", "amount": 50_00, "valid_from": "2026-06-10"}


@pytest.fixture
def firm(company):
    """Two snapshots; the later one knows of C, which had begun in June."""
    company({ITEMS: BASE}, as_of=JULY)
    return company({ITEMS: [*BASE, LATE]}, as_of=OCTOBER)


def record(firm, policy, definitions=(), pack="board", run="abc", period="2026Q2"):
    """A run of the quarter on the first snapshot, as far as its manifest is looked at."""
    folder = firm.folder / "out" / period / pack / f"{JULY}-{run}"
    folder.mkdir(parents=True)
    found = {name: asdict(each.under(policy)) for name, each in DEFINITIONS.items()}
    manifest = {
        "run_id": run,
        "pack": {"name": pack},
        "snapshot": {"as_of": JULY},
        "period": {"label": period},
        "policy": policy.model_dump(mode="json") | {"fingerprint": policy.fingerprint},
        "definitions": found | dict(definitions),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_the_document_has_the_shape_of_the_readme(firm):
    status, out, err = firm.ask(
        "diff", JULY, OCTOBER, "--metric", "mrr", "--by", "segment", "--format", "json"
    )
    assert (status, err) == (0, "")
    policy = {"name": "default", "version": 1, "fingerprint": Policy().fingerprint}
    moved = {"late": 50}
    row = {"metric": "mrr", "was": 200, "is": 250, "change": 50, "causes": moved}
    tail = {"unit": "money", "reason": None}
    given = {"contribution": 50, "contributions": moved}
    account = {"account": "C", "name": "Account C", "was": 0, "is": 50}
    assert json.loads(out) == {
        "period": "2026Q2",
        "from": JULY,
        "to": OCTOBER,
        "policy": {"from": policy, "to": policy},
        "metrics": [row | tail],
        "groups": [row | {"group": {"segment": "SMB"}} | given | tail],
        "accounts": [row | account | given | tail],
        "rows": {"late": {ITEMS: 1}},
        "notes": [],
    }


def test_the_table_tells_totals_causes_groups_and_accounts(firm):
    status, out, _ = firm.ask("diff", JULY, OCTOBER, "--metric", "mrr,arpa", "--by", "segment")
    assert status == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["mrr", "200.00", "250.00", "+50.00", "+50.00", "money"] in lines
    assert ["arpa", "100.00", "83.33", "-16.67", "-16.67", "money/month"] in lines
    assert f"late: lines booked late (1 of {ITEMS})" in out
    assert ["SMB", "200.00", "250.00", "+50.00", "+50.00", "money"] in lines
    assert ["C", "Account", "C", "0.00", "50.00", "+50.00", "+50.00", "money"] in lines


def test_nothing_moved_is_said(company):
    for day in (JULY, OCTOBER):
        firm = company({ITEMS: BASE}, as_of=day)
    status, out, _ = firm.ask("diff", JULY, OCTOBER, "--by", "segment")
    assert status == 0
    assert "Every metric is what it was." in out
    assert "No group moved." in out


def test_all_metrics_are_told_unless_some_are_named(firm):
    _, out, _ = firm.ask("diff", JULY, OCTOBER, "--format", "json")
    assert [each["metric"] for each in json.loads(out)["metrics"]] == list(DEFINITIONS)


def test_csv_and_parquet_hold_a_row_a_cause(firm, tmp_path):
    arguments = ("diff", JULY, OCTOBER, "--metric", "mrr")
    _, out, _ = firm.ask(*arguments, "--format", "csv")
    rows = pl.read_csv(out.encode(), schema_overrides={"group": pl.String, "name": pl.String})
    assert rows.select("scope", "group", "cause", "change").rows() == [
        ("total", "{}", "all", 50.0),
        ("total", "{}", "late", 50.0),
        ("account", "C", "all", 50.0),
        ("account", "C", "late", 50.0),
    ]
    file = tmp_path / "moved.parquet"
    assert firm.ask(*arguments, "--format", "parquet", "--output", str(file))[0] == 0
    assert pl.read_parquet(file).select(rows.columns).rows() == rows.rows()


def test_a_table_can_go_into_a_file(firm, tmp_path):
    file = tmp_path / "moved.txt"
    status, out, _ = firm.ask("diff", JULY, OCTOBER, "--metric", "mrr", "--output", str(file))
    assert (status, out) == (0, "")
    assert "+50.00" in file.read_text()


def test_what_the_periods_run_was_counted_by_is_a_cause(firm):
    """The pack of the quarter had ARPU over accounts; now it is over users."""
    record(firm, Policy(name="old", arpu_users="accounts"))
    status, out, err = firm.ask("diff", JULY, OCTOBER, "--metric", "arpu,mrr", "--format", "json")
    assert status == 0, err
    arpu, mrr = json.loads(out)["metrics"]
    assert (arpu["was"], arpu["is"]) == (100, 250 / 21)
    assert arpu["causes"].keys() == {"definitions", "late"}
    assert mrr["causes"] == {"definitions": 0, "late": 50}
    assert "counted as its run was: policy old, version 1" in err


def test_a_definition_that_was_another_one_is_a_cause(firm):
    """ARPA was over paid seats when the pack was made."""
    old = asdict(DEFINITIONS["arpa"]) | {"denominator": "paid_seats"}
    record(firm, Policy(), {"arpa": old})
    _, out, _ = firm.ask("diff", JULY, OCTOBER, "--metric", "arpa", "--format", "json")
    (row,) = json.loads(out)["metrics"]
    assert (row["was"], row["is"]) == (10, pytest.approx(250 / 3))
    assert row["causes"]["definitions"] > 0


def test_a_definition_that_nothing_counts_any_more_is_todays(firm):
    old = asdict(DEFINITIONS["arpa"]) | {"denominator": "heads_of_old"}
    record(firm, Policy(), {"arpa": old})
    _, out, _ = firm.ask("diff", JULY, OCTOBER, "--metric", "arpa", "--format", "json")
    (row,) = json.loads(out)["metrics"]
    assert (row["was"], row["causes"].keys()) == (100, {"late"})


def test_a_named_policy_wins_over_the_recorded_one(firm):
    record(firm, Policy(name="old", arpu_users="accounts"))
    arguments = ("diff", JULY, OCTOBER, "--metric", "arpu", "--format", "json")
    _, out, _ = firm.ask(*arguments, "--policy-a", "default")
    assert json.loads(out)["metrics"][0]["was"] == 10


def test_a_run_can_be_named_by_its_folder(firm):
    """It says snapshot, period and rules."""
    folder = record(firm, Policy(name="old", arpu_users="accounts"), period="2026-06")
    arguments = ("--metric", "arpu", "--format", "json")
    status, out, err = firm.ask("diff", str(folder), OCTOBER, *arguments)
    assert status == 0, err
    document = json.loads(out)
    assert (document["period"], document["from"]) == ("2026-06", JULY)
    assert document["metrics"][0]["was"] == 100


def test_the_default_period_is_one_that_both_know(firm):
    for pair in ((JULY, OCTOBER), (OCTOBER, JULY)):
        _, out, _ = firm.ask("diff", *pair, "--metric", "mrr", "--format", "json")
        assert json.loads(out)["period"] == "2026Q2"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((JULY, OCTOBER, "--period", "2026Q3"), "--partial"),
        ((JULY, "2026-08-01"), "no snapshot of 2026-08-01"),
        (("yesterday", OCTOBER), "not a date"),
        ((JULY, OCTOBER, "--metric", "mr"), "did you mean `mrr`"),
        ((JULY, OCTOBER, "--by", "segmnt"), "did you mean `segment`"),
        ((JULY, OCTOBER, "--policy-a", "stripy"), "no policy"),
        ((JULY, OCTOBER, "--format", "parquet"), "--output"),
    ],
)
def test_a_wrong_argument_is_one_message_and_status_2(firm, arguments, word):
    status, out, err = firm.ask("diff", *arguments)
    assert (status, out) == (2, "")
    assert word in err
    assert "Traceback" not in err


def test_a_snapshot_that_does_not_hold_is_status_3(company):
    company({ITEMS: [{"seats": -1}]}, as_of=JULY)
    firm = company({ITEMS: BASE}, as_of=OCTOBER)
    status, out, err = firm.ask("diff", JULY, OCTOBER)
    assert (status, out) == (3, "")
    assert JULY in err


def test_a_dimension_that_only_one_export_has_starts_from_unknown(company, tmp_path):
    from fixtures.stories import write_table

    company({ITEMS: BASE}, as_of=JULY)
    firm = company({ITEMS: BASE}, as_of=OCTOBER)
    rows = [{"account_id": "A", "tier": "Gold"}, {"account_id": "B", "tier": None}]
    folder = tmp_path / "snapshots" / OCTOBER
    write_table(folder, "crm/accounts", rows, extra={"tier": pl.String})
    arguments = ("--metric", "mrr", "--by", "tier", "--format", "json")
    status, out, err = firm.ask("diff", JULY, OCTOBER, *arguments)
    assert status == 0, err
    groups = {each["group"]["tier"]: each["causes"] for each in json.loads(out)["groups"]}
    assert groups == {"Gold": {"accounts": 100}, "Unknown": {"accounts": -100}}


def test_columns_of_another_type_in_one_export_are_compared_as_text(company, tmp_path):
    from fixtures.stories import write_table

    for day, kind, value in ((JULY, pl.Int64, 7), (OCTOBER, pl.String, "7")):
        firm = company({ITEMS: BASE}, as_of=day)
        rows = [{"account_id": name, "tier": value} for name in "AB"]
        write_table(tmp_path / "snapshots" / day, "crm/accounts", rows, extra={"tier": kind})
    arguments = ("--metric", "mrr", "--by", "tier", "--format", "json")
    status, out, err = firm.ask("diff", JULY, OCTOBER, *arguments)
    assert status == 0, err
    assert [each["change"] for each in json.loads(out)["groups"]] == [0]
    assert json.loads(out)["rows"] == {}
