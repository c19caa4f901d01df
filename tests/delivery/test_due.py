"""What is due: made and sent once, waited for, caught up with, told to operators when late."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from engine.delivery.ledger import open_ledger
from engine.delivery.making import NotReadyError
from engine.delivery.records import State
from engine.errors import DataError
from tests.delivery.post_office import (
    NOW,
    SCHEDULE,
    finished_run,
    maker,
    run_due,
    states,
    workspace,
)


def test_a_due_pack_is_made_and_sent_once(place, office):
    first = run_due(place)
    assert states(first) == {"ana@example.com": "sent"}
    assert first.error is None
    again = run_due(place, NOW + timedelta(hours=1))
    assert (again.made, again.done, again.waiting) == ([], [], [])
    assert office.counts == {"ana@example.com": 1}


def test_nothing_is_due_before_its_time(place, office):
    summary = run_due(place, datetime(2026, 10, 5, 6, 59, tzinfo=UTC))
    assert (summary.made, office.counts) == ([], {})
    assert run_due(place, datetime(2026, 10, 5, 7, 0, tzinfo=UTC)).made


def test_it_waits_for_the_snapshot_and_says_so(place, office):
    (place.folder / "snapshots/2026-10-01").rename(place.folder / "snapshots/2026-09-30")
    summary = run_due(place)
    assert summary.waiting == [
        "board, Q3 2026, waits for a snapshot later than 2026-09-30; the latest is of 2026-09-30"
    ]
    assert summary.error is None
    assert office.counts == {}


def test_it_waits_for_enough_rows_with_status_0(place, office):
    def make(pack, period, as_of):
        raise NotReadyError(as_of, ["12 rows of billing/invoice_lines, not 1,000"])

    summary = run_due(place, make=make)
    assert "12 rows of billing/invoice_lines, not 1,000" in summary.waiting[0]
    assert (summary.error, office.counts) == (None, {})


def test_data_that_does_not_hold_is_an_error_and_nothing_is_sent(place, office):
    def make(pack, period, as_of):
        raise DataError("currency", "1 rule does not hold")

    summary = run_due(place, make=make)
    assert summary.error is not None
    assert (summary.error.exit_status, office.counts) == (3, {})


@pytest.mark.parametrize("is_lost", [False, True], ids=["", "the ledger is lost"])
def test_operators_hear_of_a_late_pack_once(place, office, is_lost):
    shutil.rmtree(place.folder / "snapshots/2026-10-01")
    late = datetime(2026, 10, 7, 7, 0, tzinfo=UTC)
    run_due(place, late - timedelta(minutes=1))
    assert office.counts == {}
    for hours in range(3):
        run_due(place, late + timedelta(hours=hours))
        if is_lost:
            shutil.rmtree(place.state)
    assert office.counts == {"ops@example.com": 1}
    text = office.mail("ops@example.com").get_body(("plain",)).get_content()
    assert "waits for a snapshot later than 2026-09-30; there is none" in text


def test_a_snapshot_that_does_not_hold_gives_way_to_the_one_before(place, office):
    (place.folder / "snapshots/2026-10-04").mkdir()

    def make(pack, period, as_of):
        if as_of.day == 4:
            raise DataError("currency", "1 rule does not hold")
        return maker(place)(pack, period, as_of)

    (folder,) = run_due(place, make=make).made
    assert "/2026-10-01-" in folder


def test_after_downtime_every_missed_period_is_made_up_for_as_if_on_time(tmp_path, office):
    place = workspace(tmp_path, office.port, pack=SCHEDULE.replace("2026Q3", "2026Q1"))
    for day in ("2026-04-03", "2026-04-09", "2026-07-20", "2026-08-01"):
        (tmp_path / "snapshots" / day).mkdir()
    summary = run_due(place)
    assert [folder[:24] for folder in summary.made] == [
        "2026Q1/board/2026-04-03-",
        "2026Q2/board/2026-07-20-",
        "2026Q3/board/2026-10-01-",
    ]
    assert office.counts == {"ana@example.com": 3}


def test_catching_up_stops_at_the_latest_few(tmp_path, office):
    pack = SCHEDULE.replace("2026Q3", "2024Q1") + "catch_up = 2\n"
    place = workspace(tmp_path, office.port, pack=pack)
    (tmp_path / "snapshots/2026-07-02").mkdir()
    assert len(run_due(place).made) == 2


def test_without_since_the_first_period_is_the_one_due_when_the_schedule_first_ran(
    tmp_path, office
):
    place = workspace(tmp_path, office.port, pack="[packs.schedule]\noffset_days = 5\n")
    shutil.rmtree(tmp_path / "snapshots/2026-10-01")
    run_due(place, datetime(2026, 7, 6, tzinfo=UTC))
    (tmp_path / "snapshots/2026-10-01").mkdir()
    assert [folder[:6] for folder in run_due(place).made] == ["2026Q2", "2026Q3"]


def test_each_burst_group_goes_to_its_own_recipients(tmp_path, office):
    by = 'recipients_by = { "Ana" = ["ana@example.com"], "Ben" = ["ben@example.com"] }\n'
    place = workspace(tmp_path, office.port, recipients=(), pack=by + SCHEDULE)

    def make(pack, period, as_of):
        return [finished_run(place.output, group=each) for each in ("Ana", "Ben", "Eve")]

    summary = run_due(place, make=make)
    assert office.counts == {"ana@example.com": 1, "ben@example.com": 1}
    assert office.mail("ben@example.com")["Subject"].endswith("Q3 2026, Ben")
    assert summary.notes == ["board: nobody is named for Eve"]


def test_a_pack_under_review_goes_to_its_reviewers_only(tmp_path, office):
    place = workspace(tmp_path, office.port, pack=f'review = ["cfo@example.com"]\n{SCHEDULE}')
    run_due(place)
    run_due(place, NOW + timedelta(days=1))
    assert office.counts == {"cfo@example.com": 1}


def test_one_bad_address_keeps_nobody_else_waiting(tmp_path, office):
    people = ("ana@example.com", "bad@example.com", "cem@example.com")
    place = workspace(tmp_path, office.port, recipients=people)
    office.answers["bad@example.com"] = ["550 no such user"]
    summary = run_due(place)
    assert states(summary) == {
        "ana@example.com": "sent",
        "bad@example.com": "failed",
        "cem@example.com": "sent",
    }
    assert summary.error.exit_status == 4
    assert "bad@example.com: failed: 550 no such user" in str(summary.error)
    assert run_due(place, NOW + timedelta(hours=1)).error is None


def test_a_message_that_is_put_off_leaves_with_a_later_call(place, office):
    office.answers["ana@example.com"] = ["451 later"] * 3
    summary = run_due(place)
    (delivery,) = summary.done
    assert (delivery.state, delivery.attempts, summary.error) == (State.RETRY, 3, None)
    assert run_due(place, delivery.not_before - timedelta(seconds=1)).done == []
    assert states(run_due(place, delivery.not_before)) == {"ana@example.com": "sent"}
    assert office.counts == {"ana@example.com": 1}


def test_a_message_put_off_for_days_has_failed(place, office):
    office.answers["ana@example.com"] = ["451 later"] * 6
    run_due(place)
    summary = run_due(place, NOW + timedelta(hours=73))
    assert states(summary) == {"ana@example.com": "failed"}
    assert "given up: 451 later" in str(summary.error)


def test_without_a_server_at_the_door_it_is_tried_again_later(tmp_path):
    place = workspace(tmp_path, 1)
    summary = run_due(place)
    assert states(summary) == {"ana@example.com": "retry"}
    assert "no session" in summary.done[0].detail


def test_what_is_unknown_is_told_each_time_and_never_sent_again(place, office):
    office.drops = ["answer"]
    for hours in range(3):
        summary = run_due(place, NOW + timedelta(hours=hours))
        assert summary.error.exit_status == 4
        assert "ana@example.com: unknown" in str(summary.error)
    assert office.counts == {"ana@example.com": 1}


def test_a_run_whose_data_did_not_hold_is_not_sent(place, office):
    summary = run_due(place, make=maker(place, ok=False))
    assert (summary.error.exit_status, office.counts) == (3, {})


def test_a_run_that_was_changed_is_not_sent(place, office):
    def make(pack, period, as_of):
        made = finished_run(place.output)
        (made.folder / "report.pdf").write_bytes(b"changed")
        return [made]

    summary = run_due(place, make=make)
    assert (summary.error.reference, office.counts) == ("run-changed", {})


def test_a_second_host_sends_nothing_that_the_first_has_sent(place, office):
    """It shares the output, and has a ledger of its own."""
    run_due(place)
    shutil.rmtree(place.state)
    assert run_due(place, NOW + timedelta(hours=1)).done == []
    assert office.counts == {"ana@example.com": 1}


def test_a_lost_ledger_is_rebuilt_without_mailing_anyone_again(tmp_path, office):
    people = [f"p{number}@example.com" for number in range(4)]
    place = workspace(tmp_path, office.port, recipients=people)
    office.answers["p1@example.com"] = ["550 no"]
    office.answers["p2@example.com"] = ["451 later"] * 3
    office.drops = ["answer"]
    run_due(place)
    with open_ledger(place.state, place.output) as ledger:
        before, runs = ledger.deliveries(), ledger.runs()
    (place.state / "ledger.sqlite").write_bytes(b"not a database" * 100)
    with open_ledger(place.state, place.output) as ledger:
        assert ledger.deliveries() == before
        assert [run.folder for run in ledger.runs()] == [run.folder for run in runs]
    run_due(place, NOW + timedelta(minutes=1))
    assert office.counts == {"p0@example.com": 1, "p3@example.com": 1}


def test_no_recipients_need_no_server(tmp_path):
    place = workspace(tmp_path, 1, recipients=())
    summary = run_due(place)
    assert (len(summary.made), summary.error) == (1, None)
    assert run_due(place).made == []


@pytest.mark.parametrize("state", ["planned", "receipt"])
def test_a_plan_half_laid_down_is_completed(tmp_path, office, state, monkeypatch):
    """The process ends after the first of two recipients was planned."""
    place = workspace(tmp_path, office.port, recipients=("a@example.com", "b@example.com"))
    from engine.delivery import journal

    real, calls = journal.write_receipt, []

    def dies(output, delivery):
        calls.append(delivery)
        if state == "receipt":
            real(output, delivery)
        if len(calls) == 2 or state == "receipt":
            raise KeyboardInterrupt
        real(output, delivery)

    monkeypatch.setattr(journal, "write_receipt", dies)
    with pytest.raises(KeyboardInterrupt):
        run_due(place)
    monkeypatch.setattr(journal, "write_receipt", real)
    run_due(place)
    assert office.counts == {"a@example.com": 1, "b@example.com": 1}
