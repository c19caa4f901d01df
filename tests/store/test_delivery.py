"""Packs delivered out of a store: receipts lie beside the runs, and nobody is mailed twice."""

import hashlib
import json
from datetime import timedelta

import pytest

from engine.config import read
from engine.delivery.ledger import open_ledger
from engine.delivery.lock import Busy, Lock
from engine.delivery.receipts import write_new, write_receipt
from engine.delivery.sendable import sendable
from engine.errors import EnvironmentFault
from engine.files import write_folder
from engine.run import Made
from tests.delivery.post_office import NOW, opened, run_due, workspace

ANA = "ana@example.com"
RUN = "2026Q3/board/2026-10-01-0123456789abcdef"


@pytest.fixture
def office():
    controller = opened()
    yield controller.handler
    controller.stop()


@pytest.fixture
def place(tmp_path, office, bucket, server, monkeypatch):
    """A workspace whose pack for Ana is due, and goes to the bucket."""
    for name, each in server.environment.items():
        monkeypatch.setenv(name, each)
    workspace(tmp_path, office.port)
    file = tmp_path / "quarterdeck.toml"
    text = file.read_text().replace("[mail]", f'output = "{bucket.url}/packs"\n[mail]')
    file.write_text(text)
    return read(file)


def made(place):
    """Stands for the pack maker: a run in the bucket that no one drew."""

    def make(pack, period, as_of):
        folder = place.output / RUN
        files = {"report.pdf": b"%PDF-1", "workbook.xlsx": b"PK", "metrics.parquet": b"PAR1"}
        manifest = {
            "run_id": RUN[-16:],
            "period": {"label": "2026Q3"},
            "pack": {"name": "board"},
            "snapshot": {"as_of": "2026-10-01"},
            "validation": {"ok": True},
            "outputs": {name: hashlib.sha256(each).hexdigest() for name, each in files.items()},
            "summary": {"headline": "ARPU rose", "kpis": [], "findings": []},
        }
        write_folder(folder, {**files, "manifest.json": json.dumps(manifest).encode()})
        return [Made(folder, RUN[-16:], was_there=False)]

    return make


def test_a_due_pack_is_sent_once_though_the_ledger_is_lost(place, office, bucket, tmp_path):
    run_due(place, make=made(place))
    assert office.counts == {ANA: 1}
    receipts = bucket.keys(f"packs/{RUN}/deliveries")
    assert [json.loads(bucket.get(each))["state"] for each in receipts] == [
        "planned",
        "sending",
        "sent",
    ]
    for file in (tmp_path / ".quarterdeck").iterdir():
        file.unlink()
    run_due(place, now=NOW + timedelta(hours=1), make=made(place))
    assert office.counts == {ANA: 1}
    with open_ledger(place.state, place.output) as ledger:
        assert [run.folder for run in ledger.runs()] == [RUN]
        assert [str(each.state) for each in ledger.deliveries()] == ["sent"]


def test_a_receipt_is_claimed_by_one_process_alone(place, bucket):
    run_due(place, make=made(place))
    with open_ledger(place.state, place.output) as ledger:
        (delivery,) = ledger.deliveries()
    with pytest.raises(FileExistsError):
        write_receipt(place.output, delivery)


def test_a_file_that_was_there_stays(place, bucket):
    write_new(place.output / "x.json", b"1")
    with pytest.raises(FileExistsError):
        write_new(place.output / "x.json", b"2")
    assert bucket.get("packs/x.json") == b"1"


def test_the_lock_keeps_a_second_process_out_and_goes_back(place):
    lasts = timedelta(minutes=5)
    with Lock(place.output, lasts), pytest.raises(Busy), Lock(place.output, lasts):
        pass
    with Lock(place.output, lasts) as lock:
        lock.require()


def test_a_run_that_was_changed_in_the_bucket_is_not_sent(place, bucket):
    made(place)(None, None, None)
    assert sendable(place.output / RUN)["run_id"] == RUN[-16:]
    bucket.put(f"packs/{RUN}/report.pdf", b"%PDF-2")
    with pytest.raises(EnvironmentFault, match=r"report\.pdf"):
        sendable(place.output / RUN)
