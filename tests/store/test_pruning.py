"""Only the bytes that are needed are asked of the store."""

from datetime import date

import polars as pl
import pytest

from engine.errors import DataError
from engine.intake.identity import identities
from engine.intake.read import table
from engine.intake.snapshot import open_snapshot
from fixtures.stories import write_snapshot

DAY = "2026-10-01"
LINES = "billing/invoice_lines"
ROWS, GROUPS = 96_000, 12
ITEM = {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"}


def wide(frame: pl.DataFrame, of: str) -> pl.DataFrame:
    """The frame with a text of 80 characters a row, other ones each, that no number needs."""
    parts = [pl.col(of).hash(seed).cast(pl.String).str.zfill(20) for seed in range(4)]
    return frame.with_columns(notes=pl.concat_str(parts))


@pytest.fixture
def exports(tmp_path, bucket):
    """A snapshot of one wide contract table of several row groups, in the bucket: its URL."""
    write_snapshot(tmp_path / DAY, {"billing/subscription_items": [ITEM]})
    path = tmp_path / DAY / "billing/subscription_items.parquet"
    many = pl.concat([pl.read_parquet(path)] * ROWS).with_columns(
        item_id=pl.int_range(ROWS).cast(pl.String),
        subscription_id=pl.int_range(ROWS).cast(pl.String),
    )
    wide(many, "item_id").write_parquet(path, row_group_size=ROWS // GROUPS)
    return bucket.upload(tmp_path, "exports")


@pytest.fixture
def in_process(server, monkeypatch):
    for name, each in server.environment.items():
        monkeypatch.setenv(name, each)


def asked(bucket, table_, *, ends=True):
    """Bytes that were given of the table, with or without those asked from its end."""
    found = [x for x in bucket.requested() if x["path"].endswith(f"{table_}.parquet")]
    gets = [x for x in found if x["method"] == "GET"]
    assert all(each["range"] for each in gets), "a whole object was asked for"
    wanted = [each for each in gets if ends or not each["range"].startswith("bytes=-")]
    return sum(each["bytes"] for each in wanted)


def size(bucket, table_):
    return bucket.store.head(f"exports/{DAY}/{table_}.parquet")["size"]


def test_a_number_asks_for_the_columns_that_it_needs(qbr, bucket, exports, tmp_path):
    """The table is nearly all notes; checking and counting it takes a part of the rest.

    Besides, each of the few scans reads the end of the file, a quarter of a megabyte at most.
    """
    (tmp_path / "quarterdeck.toml").write_text(f'[workspace]\nsnapshots = "{exports}"\n')
    done = qbr("metrics", "--metric", "mrr", "--workspace", str(tmp_path))
    assert done.returncode == 0, done.stderr
    whole = size(bucket, "billing/subscription_items")
    assert 0 < asked(bucket, "subscription_items", ends=False) < 0.1 * whole


def test_a_schema_is_read_from_the_end_of_the_file(bucket, exports, in_process):
    table(open_snapshot(exports), "billing/subscription_items")
    whole = size(bucket, "billing/subscription_items")
    assert 0 < asked(bucket, "subscription_items") < 0.2 * whole
    ranges = [x["range"] for x in bucket.requested() if x["range"]]
    assert all(each.startswith("bytes=-") for each in ranges)


@pytest.mark.parametrize(
    "wanted",
    [pl.col("invoiced_on") >= date(2026, 9, 1), pl.col("charge_type") == "usage"],
    ids=["a month", "a kind"],
)
def test_row_groups_without_a_row_that_is_wanted_are_not_asked_for(
    bucket, tmp_path, in_process, wanted
):
    """Lines in the order of their day and kind; one group in twelve holds what is wanted."""
    write_snapshot(tmp_path / DAY, {LINES: [{"amount": 1, "invoiced_on": "2026-01-01"}]})
    path = tmp_path / DAY / f"{LINES}.parquet"
    many = pl.concat([pl.read_parquet(path)] * ROWS).with_columns(
        line_id=pl.int_range(ROWS).cast(pl.String),
        invoiced_on=pl.date(2025, 10, 15) + pl.duration(days=pl.int_range(ROWS) // 8_000 * 30),
        charge_type=pl.when(pl.int_range(ROWS) < 88_000)
        .then(pl.lit("recurring"))
        .otherwise(pl.lit("usage")),
    )
    wide(many, "line_id").write_parquet(path, row_group_size=ROWS // GROUPS)
    exports = bucket.upload(tmp_path, "exports")
    lines = table(open_snapshot(exports), LINES)
    before = asked(bucket, "invoice_lines")
    assert lines.filter(wanted).select("notes").collect().height == ROWS // GROUPS
    share = (asked(bucket, "invoice_lines") - before) / size(bucket, LINES)
    assert 0 < share < 0.2


def test_a_whole_object_is_read_once_for_its_digest(bucket, exports, in_process, tmp_path):
    """And never again while its ETag is the same."""
    whole = size(bucket, "billing/subscription_items")
    identities(open_snapshot(exports), tmp_path)
    first = asked(bucket, "subscription_items")
    assert first == whole
    identities.cache_clear()
    identities(open_snapshot(exports), tmp_path)
    assert asked(bucket, "subscription_items") == first


def test_an_object_replaced_after_the_listing_has_no_digest(bucket, exports, in_process, tmp_path):
    snapshot = open_snapshot(exports)
    bucket.put(f"exports/{DAY}/billing/subscription_items.parquet", b"another")
    with pytest.raises(DataError, match="changed while they were read"):
        identities(snapshot, tmp_path)
