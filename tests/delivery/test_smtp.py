"""Every way a conversation with the server can end, and the state that it leaves."""

import ssl

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from engine.delivery.due import post_of
from tests.delivery.post_office import NOW, maker, opened, run_due, states, workspace

ANA = "ana@example.com"


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_message_is_tried_again(place, office, step):
    office.drops = [step]
    assert states(run_due(place)) == {ANA: "sent"}
    assert office.counts == {ANA: 1}


def test_a_connection_lost_within_the_message_is_tried_again_later(tmp_path, office):
    """RFC 5321: without its last line, no server may take it."""
    place = workspace(tmp_path, office.port)
    office.drops = ["content"] * 3
    summary = run_due(place, make=maker(place, pages=b"x" * 6_000_000))
    assert states(summary) == {ANA: "retry"}
    assert office.counts == {}


def test_a_connection_lost_after_the_message_leaves_it_unknown(place, office):
    office.drops = ["answer"]
    summary = run_due(place)
    assert states(summary) == {ANA: "unknown"}
    assert "no answer to the whole message" in summary.done[0].detail
    assert office.counts == {ANA: 1}


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_a_recipient_put_off_is_tried_again(place, office, answer):
    office.answers[ANA] = [answer]
    summary = run_due(place)
    assert states(summary) == {ANA: "sent"}
    assert summary.done[0].attempts == 2


@pytest.mark.parametrize(
    ("answer", "state"), [("452 full", "sent"), ("554 spam", "failed"), ("250 ok", "sent")]
)
def test_the_answer_to_the_message_decides(place, office, answer, state):
    office.last_words[ANA] = [answer]
    assert states(run_due(place)) == {ANA: state}


def test_the_queue_id_is_kept(place, office):
    assert run_due(place).done[0].detail == "250 queued as 1"


def test_a_message_over_the_servers_size_is_not_offered(tmp_path):
    controller = opened(data_size_limit=2000)
    place = workspace(tmp_path, controller.handler.port)
    summary = run_due(place)
    controller.stop()
    assert states(summary) == {ANA: "failed"}
    assert "the server takes 2000" in summary.done[0].detail


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def guarded(tmp_path, authority, monkeypatch):
    """A server with STARTTLS that wants a login, and a workspace that knows it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def authenticator(server, session, envelope, mechanism, data):
        is_known = (data.login, data.password) == (b"qbr", b"hunter2")
        return AuthResult(success=is_known, handled=False)

    controller = opened(
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticator,
    )
    place = workspace(tmp_path, controller.handler.port)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    file = tmp_path / "quarterdeck.toml"
    text = file.read_text().replace('security = "none"', 'user = "qbr"\nca_file = "ca.pem"')
    file.write_text(text)
    monkeypatch.setenv("QBR_SMTP_PASSWORD", "hunter2")
    yield place, controller.handler
    controller.stop()


def read_again(place):
    from engine.config import read

    return read(place.folder / "quarterdeck.toml")


def test_it_logs_in_over_tls(guarded):
    place, office = guarded
    assert states(run_due(read_again(place))) == {ANA: "sent"}
    assert office.counts == {ANA: 1}


def test_a_refused_login_sends_nothing_and_tells_no_password(guarded, monkeypatch):
    place, office = guarded
    monkeypatch.setenv("QBR_SMTP_PASSWORD", "geheim99")
    summary = run_due(read_again(place))
    assert (summary.error.reference, office.counts) == ("mail-server", {})
    assert "login refused" in str(summary.error)
    monkeypatch.setenv("QBR_SMTP_PASSWORD", "hunter2")
    assert states(run_due(read_again(place))) == {ANA: "sent"}
    written = [path.read_bytes() for path in place.folder.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in each or b"geheim99" in each for each in written)


def test_a_server_that_repeats_the_password_gets_it_into_no_file(guarded):
    place, office = guarded
    office.answers[ANA] = ["550 hunter2 is not welcome"]
    (delivery,) = run_due(read_again(place)).done
    assert delivery.detail == "550 *** is not welcome"


def test_a_certificate_of_nobody_we_trust_is_refused(guarded):
    place, office = guarded
    file = place.folder / "quarterdeck.toml"
    file.write_text(file.read_text().replace('ca_file = "ca.pem"', ""))
    summary = run_due(read_again(place))
    assert "CERTIFICATE_VERIFY_FAILED" in str(summary.error)
    assert office.counts == {}


def test_a_server_without_tls_gets_nothing(tmp_path, office):
    place = workspace(tmp_path, office.port)
    file = tmp_path / "quarterdeck.toml"
    file.write_text(file.read_text().replace('security = "none"', 'security = "starttls"'))
    summary = run_due(read_again(place))
    assert "STARTTLS" in str(summary.error)
    assert office.counts == {}


def test_a_missing_password_is_said_before_anything_is_done(guarded, monkeypatch):
    place, _ = guarded
    monkeypatch.delenv("QBR_SMTP_PASSWORD")
    from engine.errors import UsageError

    with pytest.raises(UsageError, match="no password for qbr"):
        post_of(read_again(place))


def test_the_server_sees_each_recipient_alone(tmp_path, office):
    people = ("a@example.com", "b@example.com", "c@example.com")
    run_due(workspace(tmp_path, office.port, recipients=people), NOW)
    assert [office.mail(each)["To"] for each in people] == list(people)
