"""``qbr deliver``: sent by hand, released, tried, shown, sent again, settled."""

import pytest

from engine.cli import exit_status
from engine.config import read
from engine.delivery.ledger import open_ledger
from engine.delivery.records import Kind
from tests.delivery.post_office import SCHEDULE, finished_run, run_due, workspace

ANA, CFO = "ana@example.com", "cfo@example.com"


@pytest.fixture
def deliver(tmp_path, capsys):
    """``qbr deliver``: status, standard output, standard error."""

    def run(*arguments):
        status = exit_status(["deliver", *arguments, "--workspace", str(tmp_path)])
        return status, *capsys.readouterr()

    return run


def deliveries(folder):
    place = read(folder / "quarterdeck.toml")
    with open_ledger(place.state, place.output) as ledger:
        return ledger.deliveries()


def test_a_pack_made_by_hand_is_sent_once(place, office, deliver):
    folder = finished_run(place.output).folder
    status, out, _ = deliver("--period", "2026Q3")
    assert (status, out) == (0, f"{folder.relative_to(place.output)}\n")
    status, _, err = deliver()
    assert (status, office.counts) == (0, {ANA: 1})
    assert "sent before" in err


def test_a_recipient_named_later_gets_it_too(tmp_path, place, office, deliver):
    run_due(place)
    workspace(tmp_path, office.port, recipients=(ANA, "late@example.com"))
    assert deliver()[0] == 0
    assert office.counts == {ANA: 1, "late@example.com": 1}


def test_a_dry_run_shows_to_whom_and_asks_no_server(tmp_path, deliver):
    place = workspace(tmp_path, 1, recipients=(ANA, "ben@example.com"))
    run = finished_run(place.output).folder.relative_to(place.output)
    status, out, _ = deliver("--dry-run")
    assert status == 0
    assert out.splitlines() == [
        f"{run}\tpack\t{ANA}\tnot sent yet",
        f"{run}\tpack\tben@example.com\tnot sent yet",
    ]
    assert deliveries(tmp_path) == ()


def test_a_release_sends_the_very_bytes_that_were_reviewed(tmp_path, office, deliver):
    place = workspace(tmp_path, office.port, pack=f'review = ["{CFO}"]\n{SCHEDULE}')
    run_due(place)
    finished_run(place.output, as_of="2026-10-04")
    status, out, err = deliver()
    assert status == 0, err
    assert "/2026-10-01-" in out
    assert office.counts == {CFO: 1, ANA: 1}
    files = [
        [part.get_content() for part in office.mail(each).iter_attachments()] for each in (CFO, ANA)
    ]
    assert files[0] == files[1]


def test_a_reviewed_run_that_was_changed_is_not_released(tmp_path, office, deliver):
    place = workspace(tmp_path, office.port, pack=f'review = ["{CFO}"]\n{SCHEDULE}')
    (folder,) = run_due(place).made
    (place.output / folder / "report.pdf").write_bytes(b"changed")
    status, _, err = deliver()
    assert (status, office.counts) == (4, {CFO: 1})
    assert "run-changed" in err


def test_a_review_that_nobody_got_releases_nothing(tmp_path, office, deliver):
    place = workspace(tmp_path, office.port, pack=f'review = ["{CFO}"]\n{SCHEDULE}')
    office.answers[CFO] = ["550 no"]
    run_due(place)
    assert deliver()[0] == 0
    assert office.counts == {CFO: 1}


def test_a_test_goes_to_one_person_and_counts_for_nobody(place, office, deliver):
    finished_run(place.output)
    assert deliver("--to", "me@example.com")[0] == 0
    assert deliver("--to", "me@example.com")[0] == 0
    assert office.counts == {"me@example.com": 2}
    assert {each.kind for each in deliveries(place.folder)} == {Kind.TEST}
    assert deliver()[0] == 0
    assert office.counts[ANA] == 1


def test_what_failed_is_sent_again_by_hand(place, office, deliver):
    office.answers[ANA] = ["550 full"]
    run_due(place)
    assert deliver()[0] == 0
    assert office.counts == {ANA: 1}


def test_what_is_unknown_is_not_sent_again_by_deliver(place, office, deliver):
    office.drops = ["answer"]
    run_due(place)
    status, _, err = deliver()
    assert (status, office.counts) == (4, {ANA: 1})
    assert f"/{ANA}: unknown" in err


def test_resend_sends_the_unknown_under_the_same_id_and_keeps_why(place, office, deliver):
    office.drops = ["answer"]
    (delivery,) = run_due(place).done
    status, _, err = deliver("--resend", delivery.title, "--reason", "Ana has nothing")
    assert status == 0, err
    first, second = office.received[ANA]
    assert first == second
    (now,) = deliveries(place.folder)
    assert (now.state, now.note, now.message_id) == ("sent", "Ana has nothing", delivery.message_id)
    receipts = place.output.glob("2026Q3/board/*/deliveries/*.json")
    assert any("Ana has nothing" in each.read_text() for each in receipts)


def test_settle_ends_the_unknown_without_a_message(place, office, deliver):
    office.drops = ["answer"]
    (delivery,) = run_due(place).done
    assert deliver("--settle", delivery.title, "--reason", "Ana has it")[0] == 0
    assert run_due(place).error is None
    assert office.counts == {ANA: 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--resend", "x/ana@example.com", "--reason", "so"), "no delivery `x/ana@example.com`"),
        (("--resend", "x/ana@example.com"), "a reason is needed"),
        (("--to", "Ana <a@b.co>"), "no mail address"),
        (("--dry-run", "--to", "a@b.co"), "different things"),
        (("--pack", "bord"), "did you mean `board`"),
        (("--period", "2026Q2"), "no pack was made of board for 2026Q2"),
    ],
)
def test_what_cannot_be_done_is_said_with_status_2(place, deliver, arguments, words):
    finished_run(place.output)
    status, _, err = deliver(*arguments)
    assert status == 2
    assert words in err


def test_a_server_that_is_away_is_status_4_by_hand(tmp_path, deliver):
    place = workspace(tmp_path, 1, more="", pack="")
    file = tmp_path / "quarterdeck.toml"
    file.write_text(file.read_text().replace("attempts = 3", "attempts = 1"))
    finished_run(place.output)
    status, _, err = deliver()
    assert status == 4
    assert f"/{ANA}: retry" in err


def test_due_by_command_says_when_nothing_is_due(tmp_path, capsys):
    workspace(tmp_path, 1, pack="")
    assert exit_status(["due", "--workspace", str(tmp_path)]) == 0
    assert "nothing is due" in capsys.readouterr().err


def test_due_by_command_takes_a_time_and_says_what_it_waits_for(tmp_path, capsys):
    place = workspace(tmp_path, 1)
    (place.folder / "snapshots/2026-10-01").rename(place.folder / "snapshots/2026-09-01")
    arguments = ["due", "--workspace", str(tmp_path), "--now"]
    assert exit_status([*arguments, "2026-10-05T08:00+00:00"]) == 0
    assert "waits for a snapshot later than 2026-09-30" in capsys.readouterr().err
    assert exit_status([*arguments, "soon"]) == 2
