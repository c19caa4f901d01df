"""Which snapshots there are, and which tables one holds."""

from datetime import date
from pathlib import Path

import pytest

from engine.errors import DataError, EnvironmentFault, UsageError
from engine.intake.snapshot import as_of_dates, open_snapshot


def lay(root: Path, *files: str) -> Path:
    """Empty files at those paths."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return root


@pytest.fixture(params=["path", "url"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder of four snapshots and some more, by path and by URL."""
    lay(
        tmp_path,
        "2026-10-01/billing/invoice_lines.parquet",
        "2026-07-01/crm/accounts.parquet",
        "2026-04-01/crm/accounts.parquet",
        "2025-04-01/crm/accounts.parquet",
        "latest/crm/accounts.parquet",
        "2026-13-01/crm/accounts.parquet",
        "20260101/crm/accounts.parquet",
        "2026-01-01",
    )
    return str(tmp_path) if request.param == "path" else f"file://{tmp_path}"


def test_folders_named_by_a_day_are_snapshots_and_nothing_else_is(root: str) -> None:
    assert as_of_dates(root) == (
        date(2025, 4, 1),
        date(2026, 4, 1),
        date(2026, 7, 1),
        date(2026, 10, 1),
    )


def test_the_latest_is_opened_unless_a_day_is_named(root: str) -> None:
    assert open_snapshot(root).as_of == date(2026, 10, 1)
    assert open_snapshot(root, date(2026, 4, 1)).as_of == date(2026, 4, 1)


def test_a_day_without_snapshot_names_the_nearest(root: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_snapshot(root, date(2026, 6, 30))
    assert "2026-06-30" in caught.value.message
    assert caught.value.hint == "nearest: 2026-04-01, 2026-07-01, 2026-10-01"


def test_no_snapshot_at_all_says_which_layout_is_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_snapshot(str(tmp_path))
    assert "<YYYY-MM-DD>/billing/<table>.parquet" in caught.value.hint


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_root_that_is_not_there_is_the_machines_fault(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(EnvironmentFault, match="cannot list"):
        open_snapshot(f"{scheme}{tmp_path}/nowhere")


def test_an_unknown_scheme_is_the_machines_fault() -> None:
    with pytest.raises(EnvironmentFault, match="cannot list"):
        open_snapshot("gopher://bucket/snapshots")


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_table_is_a_file_or_a_folder_of_files(tmp_path: Path, scheme: str) -> None:
    """As Spark leaves it too: a folder with the ending of a file, and its own small files in it."""
    lay(
        tmp_path,
        "2026-10-01/crm/accounts.parquet",
        "2026-10-01/billing/invoice_lines/month=2026-02/part-0.parquet",
        "2026-10-01/billing/invoice_lines/month=2026-01/part-1.PARQUET",
        "2026-10-01/billing/invoice_lines/_SUCCESS",
        "2026-10-01/billing/invoice_lines/month=2026-01/.part-1.parquet.crc",
        "2026-10-01/billing/invoice_lines/_temporary/0/part-0.parquet",
        "2026-10-01/billing/account_users.parquet/part-0.parquet",
    )
    snapshot = open_snapshot(f"{scheme}{tmp_path}")
    found = {
        name: tuple(snapshot.relative(file) for file in files)
        for name, files in snapshot.tables.items()
    }
    assert found == {
        "billing/invoice_lines": (
            "billing/invoice_lines/month=2026-01/part-1.PARQUET",
            "billing/invoice_lines/month=2026-02/part-0.parquet",
        ),
        "billing/account_users": ("billing/account_users.parquet/part-0.parquet",),
        "crm/accounts": ("crm/accounts.parquet",),
    }
    assert snapshot.strays == ()


def test_a_table_is_there_or_not(tmp_path: Path) -> None:
    snapshot = open_snapshot(str(lay(tmp_path, "2026-10-01/crm/accounts.parquet")))
    assert snapshot.has("crm/accounts")
    assert not snapshot.has("crm/spend")


def test_files_that_are_no_known_table_are_kept_apart(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "2026-10-01/billing/subscripton_items.parquet",
        "2026-10-01/billing/invoice_lines.csv",
        "2026-10-01/Billing/fx_rates.parquet",
        "2026-10-01/README.md",
    )
    snapshot = open_snapshot(str(tmp_path))
    assert snapshot.tables == {}
    assert snapshot.strays == (
        "Billing/fx_rates.parquet",
        "billing/invoice_lines.csv",
        "billing/subscripton_items.parquet",
    )


@pytest.mark.parametrize("link", ["crm/accounts.parquet", "crm/accounts", "billing"])
def test_a_link_out_of_the_snapshot_is_told_and_not_followed(tmp_path: Path, link: str) -> None:
    lay(tmp_path, "elsewhere/part.parquet", "2026-10-01/crm/spend.parquet")
    target = "elsewhere/part.parquet" if link.endswith("parquet") else "elsewhere"
    (tmp_path / "2026-10-01" / link).symlink_to(tmp_path / target)
    with pytest.raises(DataError, match="do not lie in it") as failure:
        open_snapshot(str(tmp_path))
    assert failure.value.where == link


def test_a_link_within_the_snapshot_is_the_file_it_leads_to(tmp_path: Path) -> None:
    lay(tmp_path, "2026-10-01/crm/data.parquet")
    (tmp_path / "2026-10-01/crm/accounts.parquet").symlink_to("data.parquet")
    assert list(open_snapshot(str(tmp_path)).tables) == ["crm/accounts"]


def test_a_link_that_is_no_table_is_no_matter(tmp_path: Path) -> None:
    lay(tmp_path, "README.md", "2026-10-01/crm/accounts.parquet")
    (tmp_path / "2026-10-01/README.md").symlink_to(tmp_path / "README.md")
    assert list(open_snapshot(str(tmp_path)).tables) == ["crm/accounts"]


def test_a_snapshot_may_itself_be_a_link(tmp_path: Path) -> None:
    lay(tmp_path, "exports/latest/crm/accounts.parquet")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots/2026-10-01").symlink_to(tmp_path / "exports/latest")
    assert list(open_snapshot(str(tmp_path / "snapshots")).tables) == ["crm/accounts"]


def test_snapshots_may_stand_in_sets(tmp_path: Path) -> None:
    lay(tmp_path, "2026-10-01/crm/accounts.parquet")
    assert len({open_snapshot(str(tmp_path)), open_snapshot(f"{tmp_path}/")}) == 1
