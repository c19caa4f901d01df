"""A snapshot in an S3-compatible store counts as one in a folder does, and its faults are told."""

import io
import json

import polars as pl
import pytest

from engine.analysis import Analysis
from engine.config import read
from engine.errors import DataError, EnvironmentFault
from engine.intake.snapshot import open_snapshot
from engine.metrics.numbers import Request
from fixtures.stories import write_snapshot

ITEMS = [
    {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"},
    {"account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2026-07-20"},
]
DAY = "2026-10-01"


@pytest.fixture
def local(tmp_path):
    """A folder with a workspace whose snapshots lie in it."""
    folder = tmp_path / "local"
    write_snapshot(folder / "snapshots" / DAY, {"billing/subscription_items": ITEMS})
    users = folder / "snapshots" / DAY / "billing/account_users/month=2026-09/part 1.parquet"
    users.parent.mkdir(parents=True)
    pl.select(account_id=pl.lit("A"), active_users=8).write_parquet(users)
    return workspace(folder, "snapshots")


@pytest.fixture
def remote(local, bucket, tmp_path):
    """The same with its snapshots in the bucket."""
    return workspace(tmp_path / "remote", bucket.upload(local / "snapshots", "exports"))


@pytest.fixture
def in_process(server, monkeypatch):
    """This process reaches the server too."""
    for name, each in server.environment.items():
        monkeypatch.setenv(name, each)


def workspace(folder, snapshots):
    folder.mkdir(parents=True, exist_ok=True)
    sections = 'sections = ["summary", "definitions"]'
    text = f'[workspace]\nsnapshots = "{snapshots}"\n[[packs]]\nname = "board"\n{sections}\n'
    (folder / "quarterdeck.toml").write_text(text)
    return folder


def test_validate_and_metrics_say_the_same(qbr, local, remote):
    for command in (["validate"], ["metrics", "--by", "product"]):
        here, there = (qbr(*command, "--format", "json", "--workspace", x) for x in (local, remote))
        assert (there.returncode, there.stderr) == (0, here.stderr)
        assert json.loads(there.stdout) == json.loads(here.stdout)


def test_a_run_has_the_same_id_and_the_same_bytes(qbr, local, remote):
    made = []
    for place in (local, remote):
        done = qbr("run", "--period", "2026Q3", "--workspace", place)
        assert done.returncode == 0, done.stderr
        made.append({x.relative_to(place): x.read_bytes() for x in (place / "out").rglob("*.*")})
    assert made[0] == made[1]


#: What means something in a pattern, a URL or a shell, and nothing in the name of an object.
ODD = ("a?b", "[1]", "x*", "{1}", "50%", "a%20b", "a#b", "a+b", "à la", "a:b", "~a")


def test_objects_and_folders_of_any_name_are_read_and_written(qbr, bucket, local, tmp_path):
    """Each part of one table lies under another such name, and all below a folder of such."""
    folder = local / "snapshots" / DAY / "billing"
    whole = pl.read_parquet(folder / "subscription_items.parquet")
    (folder / "subscription_items.parquet").unlink()
    for name in ODD:
        part = folder / f"subscription_items/{name}/{name}.parquet"
        part.parent.mkdir(parents=True)
        whole.with_columns(item_id=pl.col("item_id") + name).write_parquet(part)
    odd = "-".join(ODD)
    place = workspace(tmp_path / "odd", bucket.upload(local / "snapshots", f"exports {odd}"))
    file = place / "quarterdeck.toml"
    output = f'output = "{bucket.url}/packs {odd}"\n[[packs]]'
    file.write_text(file.read_text().replace("[[packs]]", output))
    asked = ("metrics", "--metric", "mrr", "--format", "json", "--workspace", place)
    done = qbr(*asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[0]["value"] == 1_400 * len(ODD)
    for said in ("made", "already made"):
        done = qbr("run", "--period", "2026Q3", "--workspace", place)
        assert (done.returncode, said in done.stderr) == (0, True), done.stderr


def test_more_objects_than_a_page_of_the_listing_are_all_found(bucket, in_process):
    """The server gives 20 a page."""
    for number in range(45):
        bucket.put(f"exports/{DAY}/billing/invoice_lines/{number:02d}.parquet", b"")
    found = open_snapshot(f"{bucket.url}/exports").tables["billing/invoice_lines"]
    assert (len(found), found[-1][-10:]) == (45, "44.parquet")
    pages = [each for each in bucket.requested() if "continuation-token" in each["query"]]
    assert len(pages) == 2


def test_the_same_export_twice_is_known_by_its_etag(qbr, bucket, remote):
    part = f"exports/{DAY}/billing/account_users/month=2026-09/part"
    bucket.put(f"{part} 2.parquet", bucket.get(f"{part} 1.parquet"))
    done = qbr("validate", "--format", "json", "--workspace", remote)
    rules = {each["rule"] for each in json.loads(done.stdout)["failures"]}
    assert "export-twice" in rules


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://there-is-no-such-bucket/exports", "NoSuchBucket"),
        ("{bucket}/nothing", "nothing lies there"),
    ],
)
def test_a_root_that_is_not_there_is_told(qbr, bucket, tmp_path, url, said):
    place = workspace(tmp_path, url.format(bucket=bucket.url))
    told(qbr("validate", "--workspace", place), 2, said)


def test_wrong_credentials_are_told(qbr, remote):
    done = qbr("metrics", "--workspace", remote, AWS_ACCESS_KEY_ID="another")
    told(done, 2, "InvalidAccessKeyId")


def test_a_server_that_is_away_is_given_up_soon(qbr, remote):
    done = qbr("metrics", "--workspace", remote, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    told(done, 2, "error sending request")


def test_a_server_that_goes_away_after_the_listing_is_told(qbr, remote, server):
    server.fails(busy=["accounts.parquet"])
    told(qbr("metrics", "--workspace", remote), 2, "SlowDown")


def test_an_object_that_vanished_since_it_was_listed_is_told(qbr, remote, server):
    server.fails(vanish=["accounts.parquet"])
    told(qbr("metrics", "--workspace", remote), 3, "crm/accounts.parquet")


def test_an_object_that_changes_while_it_is_read_is_told(bucket, remote, in_process):
    """An export of the same rows in other bytes, put there between the listing and the count."""
    analysis = Analysis.open(read(remote / "quarterdeck.toml"))
    key = f"exports/{DAY}/crm/accounts.parquet"
    again = io.BytesIO()
    pl.read_parquet(bucket.get(key)).write_parquet(again, compression="uncompressed")
    bucket.put(key, again.getvalue())
    with pytest.raises(DataError, match="changed while they were read"):
        analysis.numbers([Request(("mrr",), ("2026Q3",))])


def test_what_is_cut_short_while_it_is_counted_is_a_change_and_no_fault_of_ours(
    bucket, remote, in_process
):
    """The footer was read before, and points at what is not there any more."""
    analysis = Analysis.open(read(remote / "quarterdeck.toml"))
    bucket.put(f"exports/{DAY}/billing/subscription_items.parquet", b"PAR1")
    with pytest.raises(DataError, match="changed while they were read"):
        analysis.numbers([Request(("mrr",), ("2026Q3",))])


def test_a_store_that_goes_away_while_it_counts_is_told(remote, server, in_process):
    analysis = Analysis.open(read(remote / "quarterdeck.toml"))
    server.fails(busy=["subscription_items.parquet"])
    with pytest.raises(EnvironmentFault, match="did not give"):
        analysis.numbers([Request(("mrr",), ("2026Q3",))])


def told(done, status, words):
    """One message of a few lines, the exit status, and nothing of Python."""
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) < 8
