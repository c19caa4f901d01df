"""A run among hostile names, on a full disk, and beside another one."""

import os
import resource
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import polars as pl
import pytest

from engine.cli import demo, exit_status
from fixtures.stories import write_snapshot

ITEMS, ACCOUNTS = "billing/subscription_items", "crm/accounts"
NAMES = (
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "../../x",
    "/etc/passwd",
    "<script>alert(1)</script>",
    "</style><style>@import url(http://127.0.0.1:9/x)</style>",
    "{{ 7 * 7 }}",
    "a\0b\x1b[31m",
    "\u202eevil",
    "",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of accounts whose names, segments and plans are meant for somebody's program."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "quarterdeck.toml").write_text(
        '[workspace]\nsnapshots = "snapshots"\n[brand]\nname = "<b>{{ 1 }}</b> & \'"\n'
    )
    plain = {"valid_from": "2026-02-01", "signed_up_on": "2026-02-01"}
    identifiers = [name or "none" for name in NAMES]
    accounts = [
        {"account_id": each, "name": name, "segment": name, "signed_up_on": plain["signed_up_on"]}
        for each, name in zip(identifiers, NAMES, strict=True)
    ]
    items = [
        {
            "account_id": each,
            "plan": name or "x",
            "product": name or "x",
            "valid_from": "2026-02-01",
        }
        for each, name in zip(identifiers, NAMES, strict=True)
    ]
    write_snapshot(folder / "snapshots/2026-10-01", {ACCOUNTS: accounts, ITEMS: items})
    return folder


def below(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


@pytest.fixture(scope="module")
def made(workspace: Path) -> Path:
    """The run's folder; nothing came to lie elsewhere."""
    around = below(workspace.parent)
    assert exit_status(["run", "--workspace", str(workspace), "--period", "2026Q3"]) == 0
    new = below(workspace.parent) - around
    assert all(each.startswith((f"{workspace.name}/out", f"{workspace.name}/.q")) for each in new)
    (folder,) = (workspace / "out/2026Q3/board").glob("2026-10-01-*")
    return folder


def test_names_of_any_kind_are_names_in_a_pack(made: Path):
    groups = set(pl.read_parquet(made / "metrics.parquet")["group"])
    assert any("<script>" in each for each in groups)


def test_a_workbook_holds_names_as_text_and_no_formula(made: Path):
    path = made / "workbook.xlsx"
    if not path.exists():
        pytest.skip("this version writes no workbook")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if "xml" in name}
    assert "HYPERLINK(" in "".join(parts.values())
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert not any("HYPERLINK(" in text.partition("<f>")[2] for text in sheets)
    assert not any("127.0.0.1" in text for name, text in parts.items() if name.endswith(".rels"))


def qbr(workspace: Path, *arguments: str, bytes_a_file: int) -> tuple[int, str]:
    """The command in a process whose files may only grow so large: as on a disk that fills up."""
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_a_file,) * 2),
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    "command", [("run", "--period", "2026Q2"), ("metrics", "--output", "x.csv")]
)
def test_a_disk_that_fills_up_leaves_nothing_half_written(workspace, command):
    before = below(workspace)
    status, err = qbr(workspace, *command, bytes_a_file=2_000)
    assert (status, "Traceback" in err) == (2, False), err
    left = {each for each in below(workspace) - before if (workspace / each).is_file()}
    assert {each for each in left if not each.startswith(".quarterdeck")} == set()


def test_a_device_that_is_full_is_told(workspace, capsys):
    """A device of our own, so that no fault of ours replaces the machine's."""
    device = workspace.parent / "full"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        device.open("wb").close()
    except OSError:
        pytest.skip("devices can be made by the superuser alone")
    where = ("--workspace", str(workspace), "--format", "csv", "--output", str(device))
    assert exit_status(["metrics", *where]) == 2
    assert "No space left" in capsys.readouterr().err
    assert device.is_char_device()


def test_two_samples_made_at_once_are_one(tmp_path, monkeypatch):
    """Both make the company; the slower finds the other's snapshots and takes those."""
    import engine.cli.running
    import fixtures.company
    import fixtures.earlier

    both = threading.Barrier(2, timeout=30)
    ran: list[Path] = []

    def company(snapshots: Path) -> Path:
        both.wait()
        made = write_snapshot(snapshots / "2026-10-01", {ITEMS: [{}]})
        both.wait()
        return made

    monkeypatch.setattr(fixtures.company, "write_company", company)
    monkeypatch.setattr(fixtures.earlier, "write_earlier", lambda *_: None)
    monkeypatch.setattr(engine.cli.running, "run", lambda *, workspace: ran.append(workspace))
    threads = [threading.Thread(target=demo.demo, args=(tmp_path,)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert ran == [tmp_path, tmp_path]
    assert [each.name for each in (tmp_path / "snapshots").iterdir()] == ["2026-10-01"]
    assert {each.name for each in tmp_path.iterdir()} == {"brand", "quarterdeck.toml", "snapshots"}
