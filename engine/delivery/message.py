"""A message as bytes, the same bytes each time: date, id and MIME boundaries come from its plan."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine.delivery.body import Body, html, plain

MEGABYTE = 1_000_000

_MEDIA = {
    ".pdf": ("application", "pdf"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything of a message but its content.

    Attributes:
        dated: When it was planned, with time zone; not when it leaves.
    """

    sender: str
    sender_name: str
    recipient: str
    reply_to: str | None
    subject: str
    message_id: str
    dated: datetime


def message(envelope: Envelope, body: Body, files: Mapping[str, bytes]) -> bytes:
    """The whole message, lines ending with CR LF.

    Args:
        envelope: Its header.
        body: Says also which files are attached.
        files: Attachments by file name.
    """
    mail = _header(envelope, body.language)
    body = replace(body, attached=tuple(files))
    mail.set_content(plain(body), cte="quoted-printable")
    mail.add_alternative(html(body), subtype="html", cte="quoted-printable")
    for name, content in files.items():
        main, sub = _MEDIA[name[name.rindex(".") :]]
        mail.add_attachment(content, main, sub, filename=name)
    _fix_boundaries(mail, envelope.message_id)
    return mail.as_bytes(policy=SMTP)


def message_id(key: str, sender: str) -> str:
    """The id of a delivery's message, on every attempt."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _header(envelope: Envelope, language: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    mail["To"] = Address(addr_spec=envelope.recipient)
    if envelope.reply_to:
        mail["Reply-To"] = Address(addr_spec=envelope.reply_to)
    mail["Subject"] = " ".join(envelope.subject.split())
    mail["Date"] = format_datetime(envelope.dated)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    return mail


def _fix_boundaries(mail: EmailMessage, seed: str) -> None:
    """Boundaries that no encoded part can hold: neither encoding writes ``=_``."""
    parts = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        digest = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")
