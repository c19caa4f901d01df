"""The command line: what it prints, where, and with which status it leaves."""

import json
import shutil

import polars as pl
import pytest

from engine.cli import exit_status

ITEMS = "billing/subscription_items"


@pytest.fixture
def firm(company):
    return company({ITEMS: [{}, {"account_id": "B", "product": "Add-on"}]})


def test_metrics_as_json_is_the_contracts_document(firm):
    (row,) = firm.rows("--metric", "arpa")
    assert row == {
        "metric": "arpa",
        "period": "2026Q3",
        "group": {},
        "numerator": 200,
        "denominator": 2,
        "value": 100,
        "unit": "money/month",
        "reason": None,
    }


def test_metrics_gives_every_metric_unless_named(firm):
    from engine.metrics.definitions import DEFINITIONS

    assert [row["metric"] for row in firm.rows()] == list(DEFINITIONS)


def test_metrics_by_a_dimension_has_one_row_a_metric_and_group(firm):
    rows = firm.rows("--metric", "mrr,accounts", "--by", "product,segment")
    assert [(row["metric"], row["group"]) for row in rows] == [
        ("mrr", {"product": "Add-on", "segment": "SMB"}),
        ("mrr", {"product": "Core", "segment": "SMB"}),
        ("accounts", {"product": "Add-on", "segment": "SMB"}),
        ("accounts", {"product": "Core", "segment": "SMB"}),
    ]


def test_a_table_is_printed_for_people(firm):
    _, out, _ = firm.ask("metrics", "--metric", "mrr", "--by", "product")
    assert [line.split() for line in out.splitlines()[2:]] == [
        ["mrr", "2026Q3", "Add-on", "100.00", "–", "100.00", "money", "–"],
        ["mrr", "2026Q3", "Core", "100.00", "–", "100.00", "money", "–"],
    ]


def test_csv_and_parquet_hold_the_same_rows(firm, tmp_path):
    arguments = ("metrics", "--metric", "mrr", "--by", "product")
    _, out, _ = firm.ask(*arguments, "--format", "csv")
    file = tmp_path / "numbers.parquet"
    status, _, _ = firm.ask(*arguments, "--format", "parquet", "--output", str(file))
    assert status == 0
    assert pl.read_csv(out.encode())["value"].to_list() == pl.read_parquet(file)["value"].to_list()


def test_parquet_needs_a_file(firm):
    status, out, err = firm.ask("metrics", "--format", "parquet")
    assert (status, out) == (2, "")
    assert "--output" in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("metrics", "--metric", "arpuu"), "did you mean `arpu`"),
        (("metrics", "--period", "2026Q5"), "2026Q2"),
        (("metrics", "--period", "2026Q4"), "--partial"),
        (("metrics", "--period", "2031", "--partial"), "2031"),
        (("metrics", "--snapshot", "2026-09-01"), "2026-10-01"),
        (("metrics", "--snapshot", "tomorrow"), "not a date"),
        (("metrics", "--policy", "stripy"), "no policy"),
        (("run", "--pack", "bord"), "did you mean `board`"),
        (("metrics", "--format", "xml"), "xml"),
        (("metrics", "--no-such-option"), "--no-such-option"),
    ],
)
def test_a_wrong_argument_is_one_message_and_status_2(firm, arguments, word):
    status, out, err = firm.ask(*arguments)
    assert (status, out) == (2, "")
    assert word in err
    assert "Traceback" not in err


def test_a_running_period_is_counted_as_far_as_the_snapshot_goes(company):
    firm = company(
        {ITEMS: [{}, {"account_id": "B", "valid_from": "2026-10-10"}]}, as_of="2026-10-05"
    )
    assert firm.value("accounts", "--period", "2026Q4", "--partial") == 1


def test_broken_data_is_status_3_and_gives_no_number(company):
    firm = company({ITEMS: [{"item_id": "x", "seats": -2}, {"item_id": "x"}]})
    status, out, err = firm.ask("metrics", "--format", "json")
    assert (status, out) == (3, "")
    assert "billing/subscription_items" in err
    assert "seats" in err
    assert "item_id" in err


def test_validate_answers_the_contracts_document(company):
    firm = company({ITEMS: [{"seats": -2}]})
    status, out, _ = firm.ask("validate", "--format", "json")
    document = json.loads(out)
    assert status == 3
    assert document["ok"] is False
    assert {"table": ITEMS, "rows": 1, "ok": False} in document["tables"]
    (failure,) = (each for each in document["failures"] if each["severity"] == "error")
    assert failure["table"] == ITEMS
    assert failure["column"] == "seats"
    assert failure["rows"] == 1
    assert failure["severity"] == "error"
    assert len(failure["examples"]) == 1


def test_validate_is_status_0_where_all_holds(firm):
    status, out, _ = firm.ask("validate", "--format", "json")
    assert status == 0
    assert json.loads(out)["ok"] is True


def test_a_snapshot_can_be_named_by_its_folder(firm, tmp_path, capsys):
    """One that lies elsewhere, before it is put among the others."""
    elsewhere = shutil.copytree(tmp_path / "snapshots/2026-10-01", tmp_path / "in/2026-11-01")
    status, out, _ = firm.ask("validate", str(elsewhere), "--format", "json")
    assert (status, json.loads(out)["ok"]) == (0, True)


@pytest.mark.parametrize(
    ("toml", "word"),
    [
        ("[workspace]\nsnapshot = 'x'", "did you mean `snapshots`"),
        ("[workspace]\nsnapshots = 3", "workspace.snapshots"),
        ("[workspace]\nsnapshots = 'x'\n[policy]\nfx = 'constant'", "constant:2026-06"),
        ("[workspace]\nsnapshots = 'x'\n[polcy]\n", "did you mean `policy`"),
        ("[workspace", "not TOML"),
        ("[workspace]\nsnapshots = 'nowhere'", "nowhere"),
        ("[workspace]\nsnapshots = 'x'\n[[packs]]\nname = '../../x'", "packs.0.name"),
    ],
)
def test_a_wrong_workspace_is_status_2(tmp_path, capsys, toml, word):
    (tmp_path / "quarterdeck.toml").write_text(toml)
    assert exit_status(["metrics", "--workspace", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert word in err
    assert "Traceback" not in err


def test_no_workspace_says_how_to_make_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert exit_status(["metrics"]) == 2
    assert "qbr init" in capsys.readouterr().err


def test_init_writes_a_workspace_that_is_read_without_fault(tmp_path):
    from engine.config import FILE_NAME, read

    assert exit_status(["init", str(tmp_path / "new")]) == 0
    workspace = read(tmp_path / "new" / FILE_NAME)
    assert workspace.settings.snapshots == "snapshots"
    assert exit_status(["init", str(tmp_path / "new")]) == 2


def test_the_commented_workspace_says_the_defaults(tmp_path):
    """Every value in the template is the default, so a smaller file means the same."""
    from engine.config import FILE_NAME, read

    exit_status(["init", str(tmp_path / "new")])
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / FILE_NAME).write_text('[workspace]\nsnapshots = "snapshots"\n')
    full, small = (read(tmp_path / name / FILE_NAME).configuration for name in ("new", "small"))
    assert full == small


@pytest.mark.parametrize("command", ["", "init", "demo", "import", "validate", "metrics", "run"])
def test_every_command_has_help(command, capsys):
    assert exit_status([*filter(None, [command]), "--help"]) == 0
    assert "Usage" in capsys.readouterr().out
