"""Days that Polars has no name for are a failure of the data, and no fault of ours."""

import polars as pl
import pytest

from engine.cli import exit_status
from engine.intake import far_days
from engine.intake.far_days import named, near
from fixtures.stories import table_frame, write_snapshot

FAR = (2**31 - 1, -(2**31))
COLUMNS = (
    ("billing/subscription_items", "valid_from"),
    ("billing/invoice_lines", "invoiced_on"),
    ("billing/account_users", "month"),
    ("crm/opportunities", "close_on"),
)


def days(*numbers):
    return pl.Series("day", numbers, dtype=pl.Int32).cast(pl.Date).to_frame()


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("place", COLUMNS, ids=" ".join)
def test_a_day_that_is_too_far_off_is_told_with_its_number(tmp_path, capsys, place, far):
    table, column = place
    snapshot = write_snapshot(tmp_path / "snapshots/2026-10-01", {"billing/subscription_items": []})
    frame = table_frame(table, [{}])
    file = snapshot / f"{table}.parquet"
    file.parent.mkdir(exist_ok=True)
    frame.with_columns(days(far)["day"].alias(column)).write_parquet(file)
    (tmp_path / "quarterdeck.toml").write_text('[workspace]\nsnapshots = "snapshots"\n')
    assert exit_status(["validate", "--workspace", str(tmp_path)]) == 3
    printed = capsys.readouterr()
    assert f"{far} days from 1970-01-01" in printed.out + printed.err
    assert "internal" not in printed.err


def test_the_first_and_the_last_day_that_have_a_name_keep_it_and_their_month():
    ends = days(far_days._FIRST, far_days._LAST, None)
    found = ends.select(named(pl.col("day")), month=near(pl.col("day")).dt.month_start())
    assert found["day"].to_list() == ["-262143-01-01", "+262142-12-31", None]
    assert found["month"].null_count() == 1


def test_days_beyond_have_a_number_and_no_month():
    beyond = days(far_days._FIRST - 1, far_days._LAST + 1)
    found = beyond.select(named(pl.col("day")), month=near(pl.col("day")).dt.month_start())
    assert found["day"].to_list() == [
        "-96465293 days from 1970-01-01",
        "95026237 days from 1970-01-01",
    ]
    assert found["month"].null_count() == 2
