"""Facts come back with the labels that they had, whoever reads them."""

import subprocess
import sys

import polars as pl
import pytest

from engine.cache import Cache
from engine.facts.fact_cache import FactCache
from engine.facts.keys import LABEL

WORDS = pl.Enum(["charge", "credit"])


def fact(*accounts: str | None) -> pl.DataFrame:
    """One row each, with a number and a word."""
    columns = {"account_id": accounts, "net": range(len(accounts)), "entry": "credit"}
    return pl.DataFrame(columns).with_columns(
        pl.col("account_id").cast(LABEL), pl.col("entry").cast(WORDS)
    )


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "kept")


def test_a_fact_comes_back_with_its_labels_and_types(cache):
    keeper = FactCache(cache)
    assert keeper.put("facts", "one", fact("kept-a", None, "kept-b", "kept-a"))
    assert keeper.put("facts", "two", fact("kept-c", "kept-a"))
    for reader in (keeper, FactCache(cache)):
        found = reader.get("facts", "one")
        assert found is not None
        assert found.equals(fact("kept-a", None, "kept-b", "kept-a"))
        assert found.schema == fact("x").schema
        two = reader.get("facts", "two")
        assert two is not None
        assert two["account_id"].to_list() == ["kept-c", "kept-a"]


def test_another_process_that_knows_other_labels_reads_the_same(cache):
    FactCache(cache).put("facts", "key", fact("told-z", "told-y", "told-x"))
    script = f"""
import polars as pl
from pathlib import Path
from engine.cache import Cache
from engine.facts.fact_cache import FactCache
from engine.facts.keys import LABEL
known = pl.Series([f"mine-{{n}}" for n in range(50)] + ["told-x"], dtype=LABEL)
keeper = FactCache(Cache(Path({str(cache.folder)!r})))
print(keeper.get("facts", "key")["account_id"].to_list())
keeper.put("facts", "theirs", known.to_frame("account_id"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['told-z', 'told-y', 'told-x']"
    theirs = FactCache(cache).get("facts", "theirs")
    assert theirs is not None
    assert theirs["account_id"].to_list() == [*(f"mine-{n}" for n in range(50)), "told-x"]


@pytest.mark.parametrize("rows", [[], [None]])
def test_a_fact_without_labels_is_kept_too(cache, rows):
    frame = pl.DataFrame({"account_id": rows}, schema={"account_id": LABEL})
    assert FactCache(cache).put("facts", "key", frame)
    found = FactCache(cache).get("facts", "key")
    assert found is not None
    assert found.equals(frame)


def test_a_fact_whose_labels_are_lost_counts_as_not_there(cache):
    FactCache(cache).put("facts", "key", fact("lost-a"))
    for labels in (cache.folder / "labels").iterdir():
        labels.unlink()
    assert FactCache(cache).get("facts", "key") is None


def test_labels_are_told_once(cache):
    keeper = FactCache(cache)
    for place in range(3):
        keeper.put("facts", f"{place}", fact("once-a", "once-b"))
    assert len(list((cache.folder / "labels").iterdir())) == 1


def test_a_cache_that_holds_nothing_says_so():
    keeper = FactCache(Cache())
    assert not keeper.put("facts", "key", fact("a"))
    assert keeper.get("facts", "key") is None
