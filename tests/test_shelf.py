"""What is put aside comes back as it was, and leaves nothing behind."""

import gc
from pathlib import Path

import polars as pl
import pytest

from engine.errors import EnvironmentFault
from engine.shelf import Shelf, in_memory

LABEL = pl.Categorical()
TABLES = [
    pl.DataFrame({"account_id": ["a", None, "b"], "net": [1, -2, None]}),
    pl.DataFrame({"account_id": ["b", "c", "ü"], "net": [4, 5, 1 << 62]}),
]
TABLES = [table.with_columns(pl.col("account_id").cast(LABEL)) for table in TABLES]


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


@pytest.mark.parametrize("enough", [0, TABLES[0].estimated_size(), 1 << 20])
def test_tables_come_back_whole_and_each_whether_in_memory_or_not(
    tmp_path: Path, enough: int
) -> None:
    shelf = Shelf(tmp_path, int(enough))
    held = shelf.held(TABLES)
    assert held.whole.collect().equals(pl.concat(TABLES))
    assert [part.collect().to_dicts() for part in held.parts] == [
        table.to_dicts() for table in TABLES
    ]
    assert held.whole.collect_schema() == TABLES[0].schema


def test_files_are_written_only_beyond_what_is_held_in_memory(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1 << 20)
    kept = shelf.held(TABLES)
    assert files(tmp_path) == []
    assert kept.parts


def test_what_was_put_on_a_shelf_before_counts_as_well(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, int(TABLES[0].estimated_size()) + 1)
    first = shelf.held(TABLES[:1])
    assert files(tmp_path) == []
    second = shelf.held(TABLES[1:])
    assert len(files(tmp_path)) == 1
    assert first.whole.collect().height == second.whole.collect().height == 3


def test_files_go_with_their_shelf(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "aside", 0)
    held = shelf.held(TABLES)
    assert len(files(tmp_path)) == len(held.parts)
    del shelf
    gc.collect()
    assert list((tmp_path / "aside").iterdir()) == []


def test_without_a_folder_all_stays_in_memory() -> None:
    assert in_memory(0).held(TABLES).whole.collect().height == 6


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="cannot be put aside"):
        Shelf(tmp_path / "file", 0).held(TABLES)
