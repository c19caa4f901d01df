"""The mail server, spoken to in such small steps that each failure says whether a message left."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.delivery.records import State
from engine.errors import EnvironmentFault
from engine.settings.delivery import Mail

_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message: its state, and the server's words."""

    state: State
    detail: str


class UnreachableError(Exception):
    """There is no server to talk to just now; the next call may have more luck."""


class SmtpPost:
    """A session with the server of ``[mail]``, opened with the first message.

    Not safe for threads. As a context manager it hangs up at the end.
    """

    def __init__(self, mail: Mail, password: str, folder: Path) -> None:
        """Nothing is opened yet.

        Args:
            mail: The server.
            password: Empty where there is no login.
            folder: The workspace's, that ``ca_file`` is relative to.
        """
        self._mail = mail
        self._password = password
        self._folder = folder
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def send(
        self, sender: str, recipient: str, message: bytes, announce: Callable[[], None]
    ) -> Answer:
        """Hands the message over.

        Args:
            sender: Whom a bounce goes back to.
            recipient: The one recipient.
            message: Lines end with CR LF.
            announce: Called when the recipient was accepted, before any of the message leaves.

        Raises:
            UnreachableError: No session could be opened; nothing left.
            EnvironmentFault: The server will not have us at all: login, certificate, no TLS.
        """
        server = self._server or self._open()
        self._server = server
        try:
            answer = _envelope(server, sender, recipient, len(message))
        except OSError as error:
            return self._lost(error)
        if answer is None:
            try:
                announce()
            except BaseException:
                self._abandon()
                raise
            answer = self._handed_over(server, message)
        self._settle(server, answer)
        return Answer(answer.state, self._words(answer.detail))

    def hang_up(self) -> None:
        """Ends the session, politely if the server still listens."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError):
                server.quit()
            server.close()

    def _lost(self, error: OSError) -> Answer:
        """The session broke before the message was whole, so no server may have taken it."""
        self._abandon()
        return Answer(State.RETRY, self._words(f"connection lost: {_reason(error)}"))

    def _abandon(self) -> None:
        """Ends the session without a word: any word could end a message that should not leave."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _settle(self, server: smtplib.SMTP, answer: Answer) -> None:
        """Makes the session ready for the next message, or ends it."""
        if self._server is None:
            return
        if answer.state is State.UNKNOWN or answer.detail.startswith("421"):
            self._abandon()
        elif answer.state is not State.SENT:
            try:
                server.rset()
            except OSError:
                self._abandon()

    def _handed_over(self, server: smtplib.SMTP, message: bytes) -> Answer:
        """Sends the message itself.

        Until its last line, a dot alone, has been given to the network, no server may take the
        message (RFC 5321 section 4.1.1.4); from there on, only its answer tells.
        """
        try:
            code, words = server.docmd("DATA")
            if code != 354:
                return _refused(code, words)
            server.send(re.sub(rb"(?m)^\.", b"..", message))
        except OSError as error:
            return self._lost(error)
        try:
            _wait_at_most(server, self._mail.answer_seconds)
            server.send(b".\r\n")
            code, words = server.getreply()
            _wait_at_most(server, self._mail.timeout_seconds)
        except OSError as error:
            return Answer(State.UNKNOWN, f"no answer to the whole message: {_reason(error)}")
        if not 200 <= code < 600:
            return Answer(State.UNKNOWN, f"no readable answer: {_text(words)}")
        return Answer(State.SENT, _said(code, words)) if code < 300 else _refused(code, words)

    def _open(self) -> smtplib.SMTP:
        context = self._context()
        try:
            return self._logged_in(context)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise UnreachableError(self._words(_reason(error))) from None
            raise self._fault("login refused", _reason(error)) from None
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            raise self._fault("no session as [mail] asks for it", _reason(error)) from None
        except OSError as error:
            raise UnreachableError(self._words(_reason(error))) from None

    def _logged_in(self, context: ssl.SSLContext) -> smtplib.SMTP:
        mail, seconds = self._mail, self._mail.timeout_seconds
        if mail.security == "tls":
            server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if mail.security == "starttls":
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if mail.user:
                server.login(mail.user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._mail.ca_file:
            context.load_verify_locations(self._folder / self._mail.ca_file)
        return context

    def _fault(self, message: str, reason: str) -> EnvironmentFault:
        return EnvironmentFault(
            "mail-server",
            f"{self._mail.host}:{self._mail.port}: {message}",
            where=self._words(reason),
            note="nothing was sent; what is planned stays planned",
            hint="see [mail] in quarterdeck.toml, and where it says the password is",
        )

    def _words(self, text: str) -> str:
        """A line that is safe to keep: short, printable, without the password."""
        if self._password:
            text = text.replace(self._password, "***")
        return "".join(c if c.isprintable() else " " for c in text)[:_LONGEST_DETAIL]


def _envelope(server: smtplib.SMTP, sender: str, recipient: str, size: int) -> Answer | None:
    """A refusal of sender, size or recipient; None where all are accepted."""
    allowed = server.esmtp_features.get("size", "")
    if allowed.isdigit() and 0 < int(allowed) < size:
        return Answer(State.FAILED, f"552 the message has {size} bytes, the server takes {allowed}")
    code, words = server.mail(sender, [f"SIZE={size}"] if "size" in server.esmtp_features else [])
    if code != 250:
        return _refused(code, words)
    code, words = server.rcpt(recipient)
    return None if code in {250, 251} else _refused(code, words)


def _wait_at_most(server: smtplib.SMTP, seconds: int) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _refused(code: int, words: bytes) -> Answer:
    """For good if the server says so (5xx); anything else may be tried again."""
    return Answer(State.FAILED if 500 <= code < 600 else State.RETRY, _said(code, words))


def _said(code: int, words: bytes) -> str:
    return f"{code} {_text(words)}"


def _text(words: bytes) -> str:
    return words.decode("utf-8", "replace")


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _said(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    if isinstance(error, socket.gaierror | TimeoutError | ConnectionError):
        return error.strerror or type(error).__name__
    return str(error) or type(error).__name__
