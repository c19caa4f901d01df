"""A message: the same bytes each time, readable by people and machines, nothing of theirs in it."""

import gzip
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from engine.delivery.compose import Composer
from engine.delivery.ledger import Ledger
from engine.delivery.planning import planned
from engine.delivery.records import Kind, RecordedRun
from engine.errors import UsageError
from tests.delivery.post_office import finished_run, workspace

AT = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)


@pytest.fixture
def composed(tmp_path):
    """Makes a workspace and gives the bytes of its message to Ana."""

    def make(kind=Kind.PACK, more="", group="", **options):
        place = workspace(tmp_path, 25, more=more)
        made = finished_run(place.output, group=group, **options)
        run = RecordedRun.read(made.folder, place.output, AT, group)
        (delivery,) = planned(run, kind, ["ana@example.com"], AT, "qbr@example.com")
        with Ledger(place.state / "ledger.sqlite") as ledger:
            return Composer(place, ledger).message(delivery)

    return make


def parsed(message):
    return message_from_bytes(message, policy=default)


def test_it_is_the_same_each_time(composed):
    assert composed() == composed()


def test_its_header_says_when_it_was_planned_and_that_nobody_wrote_it(composed):
    mail = parsed(composed())
    assert mail["Date"] == "Mon, 05 Oct 2026 07:00:00 +0000"
    assert mail["Subject"] == "Quarterly business review, Q3 2026"
    assert mail["To"] == "ana@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.com>")


def test_it_has_a_plain_and_an_html_body_and_the_files(composed):
    mail = parsed(composed())
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["board-2026Q3.pdf", "board-2026Q3.xlsx"]
    pages = next(mail.iter_attachments()).get_content()
    assert pages == b"%PDF-1"


def test_both_bodies_say_the_figures_and_findings(composed):
    mail = parsed(composed())
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        for words in ("ARPU rose by 4%", "$121.21", "+4.0%", "board-2026Q3.pdf"):
            assert words in text
    assert "Enterprise <grew> most" in mail.get_body(("plain",)).get_content()
    assert "Enterprise &lt;grew&gt; most" in mail.get_body(("html",)).get_content()


def test_the_html_fetches_nothing_and_is_small(composed):
    html = parsed(composed()).get_body(("html",)).get_content()
    assert '<html lang="en">' in html
    assert not any(word in html for word in ("<img", "<script", "<link", "url(", "http"))
    assert len(html.encode()) < 100_000
    assert len(gzip.compress(html.encode())) < 10_000


def test_lines_are_short_enough_for_any_server(composed):
    lines = composed(group="Ünïcödé " * 5).split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line for line in lines)


def test_a_group_is_named_in_subject_and_files(composed):
    mail = parsed(composed(group="Zoë"))
    assert mail["Subject"] == "Quarterly business review, Q3 2026, Zoë"
    assert next(mail.iter_attachments()).get_filename() == "board-2026Q3-Zoë.pdf"


@pytest.mark.parametrize("kind", [Kind.REVIEW, Kind.TEST])
def test_a_review_and_a_test_say_what_they_are(composed, kind):
    mail = parsed(composed(kind))
    assert mail["Subject"].startswith({"review": "For review: ", "test": "Test: "}[kind])


def test_a_run_without_a_summary_is_sent_all_the_same(tmp_path, composed):
    for broken in ({}, {"summary": None}, {"summary": {"kpis": [1]}}, {"summary": "x"}):
        from engine.delivery.body import Summary

        assert Summary.of(broken) == Summary()


def test_large_files_are_linked_to(composed):
    link = 'link = "https://packs.example.com/{path}?dl=1"\nmax_megabytes = 1'
    mail = parsed(composed(more=link, pages=b"x" * 1_000_000, group="A b"))
    assert list(mail.iter_attachments()) == []
    text = mail.get_body(("plain",)).get_content()
    assert "https://packs.example.com/2026Q3/board/A%20b/2026-10-01-" in text
    assert "/report.pdf?dl=1" in text


def test_files_too_large_without_a_link_are_refused(composed):
    with pytest.raises(UsageError, match="too large"):
        composed(more="max_megabytes = 1", pages=b"x" * 1_000_000)


def test_each_recipient_and_purpose_has_its_own_id(tmp_path):
    made = finished_run(tmp_path)
    run = RecordedRun.read(made.folder, tmp_path, AT)
    people = ["a@b.co", "c@b.co"]
    ids = {
        each.message_id
        for kind in (Kind.PACK, Kind.REVIEW)
        for each in planned(run, kind, people, AT, "q@b.co")
    }
    assert len(ids) == 4
    again = planned(run, Kind.PACK, ["a@b.co"], AT, "q@b.co")
    assert again[0].message_id in ids
