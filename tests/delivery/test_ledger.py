"""The ledger: what it keeps, that it can be lost, and that it says what was first reported."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.delivery.ledger import FILE_NAME, Ledger, open_ledger
from engine.delivery.planning import planned
from engine.delivery.receipts import receipts, write_receipt
from engine.delivery.records import Delivery, Kind, RecordedRun, State
from engine.errors import EnvironmentFault
from tests.delivery.post_office import finished_run

AT = datetime(2026, 10, 5, 7, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "state/ledger.sqlite") as opened:
        yield opened


def run(tmp_path, made_at=AT, **options):
    made = finished_run(tmp_path, **options)
    return RecordedRun.read(made.folder, tmp_path, made_at)


def delivery(of, recipient="a@b.co", kind=Kind.PACK):
    (found,) = planned(of, kind, [recipient], AT, "q@b.co")
    return found


def test_a_run_is_kept_as_first_recorded(tmp_path, ledger):
    first = run(tmp_path)
    ledger.record_run(first)
    ledger.record_run(replace(first, made_at=AT + timedelta(days=1)))
    assert ledger.runs() == (first,)
    assert ledger.runs(period="2026Q2") == ()
    assert first.outputs["report.pdf"]


def test_nothing_was_reported_of_a_period_without_runs(ledger):
    assert ledger.first_reported("2026Q3", "board") is None


def test_first_reported_is_what_was_made_first(tmp_path, ledger):
    ledger.record_run(run(tmp_path, AT, as_of="2026-10-04"))
    ledger.record_run(run(tmp_path, AT + timedelta(days=1), as_of="2026-10-01"))
    assert ledger.first_reported("2026Q3", "board") == date(2026, 10, 4)


def test_first_reported_is_rather_what_was_sent_first(tmp_path, ledger):
    tried = run(tmp_path, AT, as_of="2026-10-01")
    sent = run(tmp_path, AT + timedelta(days=1), as_of="2026-10-04")
    later = run(tmp_path, AT + timedelta(days=2), as_of="2026-10-09")
    for each in (tried, sent, later):
        ledger.record_run(each)
    ledger.put([delivery(sent).moved(State.SENT, AT + timedelta(days=1))])
    ledger.put([delivery(later).moved(State.SENT, AT + timedelta(days=9))])
    ledger.put([delivery(tried, kind=Kind.TEST).moved(State.SENT, AT)])
    assert ledger.first_reported("2026Q3", "board") == date(2026, 10, 4)


def test_groups_are_reported_each_by_itself(tmp_path, ledger):
    ledger.record_run(run(tmp_path, as_of="2026-10-01", group="Ana"))
    ledger.record_run(run(tmp_path, as_of="2026-10-02", group="Ben"))
    assert ledger.first_reported("2026Q3", "board", "Ben") == date(2026, 10, 2)
    assert ledger.first_reported("2026Q3", "board") is None


def test_a_later_state_replaces_an_earlier_one_and_never_the_other_way(tmp_path, ledger):
    first = delivery(run(tmp_path))
    second = first.moved(State.SENDING, AT)
    ledger.put([second])
    ledger.put([first])
    assert ledger.deliveries() == (second,)


def test_a_receipt_says_all_of_a_delivery(tmp_path):
    one = replace(delivery(run(tmp_path)), not_before=AT, detail="451 später", note="«why»")
    assert Delivery.from_json(one.as_json()) == one


def test_a_state_can_be_claimed_once(tmp_path):
    one = delivery(run(tmp_path))
    write_receipt(tmp_path, one)
    with pytest.raises(FileExistsError):
        write_receipt(tmp_path, replace(one, detail="another host"))
    assert list(receipts(tmp_path)) == [one]


def test_where_there_are_no_hard_links_a_state_can_be_claimed_once_too(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refused)
    test_a_state_can_be_claimed_once(tmp_path)


def test_the_newest_receipt_counts(tmp_path):
    one = delivery(run(tmp_path))
    sending = one.moved(State.SENDING, AT)
    sent = sending.moved(State.SENT, AT, "250 ok")
    for each in (one, sending, sent):
        write_receipt(tmp_path, each)
    assert list(receipts(tmp_path)) == [sent]


def test_a_receipt_that_cannot_be_read_leaves_its_delivery_unknown(tmp_path):
    one = delivery(run(tmp_path))
    write_receipt(tmp_path, one)
    folder = tmp_path / one.folder / "deliveries"
    (folder / f"{one.key}.000002.json").write_text('{"key":')
    (found,) = receipts(tmp_path)
    assert (found.state, found.revision) == (State.UNKNOWN, 2)


@pytest.mark.parametrize("damage", ["missing", "garbage", "truncated"])
def test_a_ledger_that_is_lost_is_rebuilt_from_the_output(tmp_path, damage):
    output, state = tmp_path / "out", tmp_path / "state"
    made = run(output)
    write_receipt(output, delivery(made))
    with open_ledger(state, output) as ledger:
        ledger.record_run(made)
        before = ledger.deliveries()
    file = state / FILE_NAME
    if damage == "missing":
        file.unlink()
    else:
        content = file.read_bytes()
        file.write_bytes(b"garbage" * 1000 if damage == "garbage" else content[:5000])
    with open_ledger(state, output) as ledger:
        assert ledger.deliveries() == before != ()
        assert [each.folder for each in ledger.runs()] == [made.folder]


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path):
    with Ledger(tmp_path / FILE_NAME) as ledger:
        ledger._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(EnvironmentFault, match="newer version"):
        open_ledger(tmp_path, tmp_path)


def test_folders_that_hold_no_run_are_passed_over(tmp_path, ledger):
    (tmp_path / "2026Q3/board/2026-10-01-x").mkdir(parents=True)
    (tmp_path / "2026Q3/board/2026-10-01-x/manifest.json").write_text("{}")
    ledger.rebuild(tmp_path)
    assert ledger.runs() == ()
