"""What a rough world does to a command: odd arguments, closed streams, several at once."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from engine.errors import nearest
from engine.files import write_folder, write_whole

ITEMS = "billing/subscription_items"
OF_TABLES = (
    "amount",
    "close_on",
    "created_on",
    "is_won",
    "line_id",
    "month",
    "valid_from",
    "value",
)


@pytest.fixture
def firm(company):
    return company(
        {
            ITEMS: [{}, {"account_id": "B", "product": "Add-on"}],
            "billing/account_users": [{}],
            "crm/opportunities": [{}],
            "crm/spend": [{}],
            "crm/targets": [{}],
        }
    )


def qbr(*arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own; ``shell`` is what follows it on the line."""
    line = f'exec "$0" -c "from engine.cli import main; main()" "$@" {shell}'
    return subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("dimension", OF_TABLES)
def test_any_column_of_the_contract_is_a_dimension_or_refused(firm, dimension):
    for command in ("metrics", "cohorts"):
        status, _, err = firm.ask(command, "--by", dimension)
        assert status in {0, 2}, err


@pytest.mark.parametrize("period", ["0001-01", "0000", "0999Q1", "２０２６", "9999", "", "2026-13"])
def test_a_period_that_no_calendar_has_is_refused(firm, period):
    assert firm.ask("metrics", "--period", period)[0] == 2


@pytest.mark.parametrize("place", ["", ".", "/"])
def test_an_output_that_is_a_folder_is_refused(firm, place):
    status, _, err = firm.ask("metrics", "--format", "csv", "--output", place)
    assert (status, "Is a directory" in err) == (2, True), err


def test_a_ranking_without_any_bridge_says_why(firm):
    status, out, err = firm.ask("bridge", "--from", "1990Q1", "--to", "2026Q1")
    assert (status, out) == (2, "")
    assert "`arpu` has no value in Q1 1990" in err


@pytest.mark.parametrize(
    "setting", ['locale = "xx_YY"', 'locale = "zz"', 'locale = "en_"', 'output = ""']
)
def test_a_setting_that_nothing_can_be_made_with_is_refused(firm, setting):
    (firm.folder / "quarterdeck.toml").write_text(
        f'[workspace]\nsnapshots = "snapshots"\n{setting}\n'
    )
    status, _, err = firm.ask("run")
    assert (status, setting.split()[0] in err) == (2, True), err


def test_packs_of_one_name_are_refused(firm):
    text = '[workspace]\nsnapshots = "snapshots"\n' + '[[packs]]\nname = "a"\n' * 2
    (firm.folder / "quarterdeck.toml").write_text(text)
    status, _, err = firm.ask("run")
    assert (status, "several packs are called a" in err) == (2, True), err


def test_a_hint_lists_no_more_names_than_a_screen_holds():
    assert nearest("x", map(str, range(1000))).endswith(" and 920 more")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_results_are_utf8_whatever_the_terminal_says(firm, encoding):
    where = ("--workspace", str(firm.folder))
    done = qbr("metrics", *where, "--metric", "mrr", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "─" in done.stdout.decode()


def test_a_closed_stream_is_no_fault(firm):
    where = ("--workspace", str(firm.folder))
    assert qbr("metrics", *where, "--metric", "mrr", shell=">&-").returncode == 0
    assert qbr("metrics", *where, "--metric", "nope", shell=">&- 2>&-").returncode == 2


def test_a_folder_made_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two runs of one id: the second finds the first's folder when it moves its own."""
    write_folder(tmp_path / "run", {"a": b"first"})
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(FileExistsError):
        write_folder(tmp_path / "run", {"a": b"second"})
    assert (tmp_path / "run/a").read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["run"]


def test_the_slower_of_two_equal_runs_finds_the_other_ones(firm, monkeypatch: pytest.MonkeyPatch):
    import engine.run

    def slower(folder: Path, files: dict[str, bytes]) -> None:
        write_folder(folder, files)
        write_folder(folder, files)

    monkeypatch.setattr(engine.run, "write_folder", slower)
    status, _, err = firm.ask("run", "--period", "2026Q2")
    assert (status, "already made" in err) == (0, True), err


def test_a_panic_of_polars_is_told_as_a_fault_of_ours(firm, monkeypatch: pytest.MonkeyPatch):
    """It is no Exception, so that nothing but this catches it."""

    def panics(*_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("out-of-range date")

    monkeypatch.setattr("engine.analysis.check", panics)
    status, out, err = firm.ask("metrics")
    assert (status, out) == (1, "")
    assert err.startswith("error: internal\n  × PanicException: out-of-range date\n")


def test_a_half_made_sample_is_never_taken_for_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import fixtures.company
    from engine.cli import demo

    def killed(snapshots: Path) -> Path:
        write = pl.DataFrame({"account_id": ["A"]}).write_parquet
        (snapshots / "2026-10-01/crm").mkdir(parents=True)
        write(snapshots / "2026-10-01/crm/accounts.parquet")
        raise KeyboardInterrupt

    monkeypatch.setattr(fixtures.company, "write_company", killed)
    with pytest.raises(KeyboardInterrupt):
        demo.demo(tmp_path)
    assert not list((tmp_path / "snapshots").iterdir())
    assert {each.name for each in (tmp_path / "brand").iterdir()} >= {"logo.svg"}


def test_a_file_is_never_written_over_a_folder(tmp_path: Path):
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, b"")


def test_a_byte_order_mark_before_the_configuration_is_read_over(firm):
    path = firm.folder / "quarterdeck.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert firm.value("mrr") == 200
