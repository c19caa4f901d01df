"""A mail server on this machine that does as it is told, and runs to send that no one drew."""

# ruff: noqa: N802  aiosmtpd calls its hooks by these names

import hashlib
import json
import socket
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from engine.config import read
from engine.delivery.due import due, post_of
from engine.errors import tried
from engine.files import write_folder
from engine.run import Made

NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
SCHEDULE = '[packs.schedule]\noffset_days = 5\nsince = "2026Q3"\n'
TOML = """
[workspace]
snapshots = "snapshots"
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "qbr@example.com"
timeout_seconds = 5
attempts = 3
[delivery]
operators = ["ops@example.com"]
{more}
[[packs]]
name = "board"
recipients = [{recipients}]
{pack}
"""


@dataclass
class Office:
    """A server whose answers are scripted.

    Attributes:
        received: The messages that it took, by recipient.
        answers: What it says next to a recipient at RCPT, by recipient; then 250.
        last_words: What it says next to a whole message, by recipient; then 250.
        drops: Step at which it hangs up, once for each entry: EHLO, MAIL, RCPT, DATA (before
            it answers it), content (within), answer (after it took the message).
    """

    received: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[str]] = field(default_factory=dict)
    last_words: dict[str, list[str]] = field(default_factory=dict)
    drops: list[str] = field(default_factory=list)
    port: int = 0

    def hangs_up(self, server, step):
        if self.drops and self.drops[0] == step:
            self.drops.pop(0)
            server.transport.abort()
            return True
        return False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        if self.hangs_up(server, "EHLO"):
            return []
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.hangs_up(server, "MAIL"):
            return "421 gone"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.hangs_up(server, "RCPT"):
            return "421 gone"
        answer = self.answers.get(address, [])
        if answer:
            return answer.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (recipient,) = envelope.rcpt_tos
        words = self.last_words.get(recipient, [])
        if words:
            return words.pop(0)
        self.received[recipient].append(envelope.content)
        self.hangs_up(server, "answer")
        return f"250 queued as {len(self.received[recipient])}"

    def mail(self, recipient):
        """The one message that the recipient got, parsed."""
        (message,) = self.received[recipient]
        return message_from_bytes(message, policy=default)

    @property
    def counts(self):
        return {recipient: len(messages) for recipient, messages in self.received.items()}


class Rude(SMTP):
    """Hangs up within DATA if the office says so."""

    async def smtp_DATA(self, arg):
        office = self.event_handler
        if office.hangs_up(self, "DATA"):
            return
        if office.drops[:1] == ["content"]:
            await self.push("354 go on")
            await self._reader.read(1000)
            office.hangs_up(self, "content")
            return
        await super().smtp_DATA(arg)


class Counter(Controller):
    """A server for an office, at any free port."""

    def factory(self):
        return Rude(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self):
        self.port = self.handler.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def opened(office=None, **options):
    """A started server; its office has the port."""
    office = office or Office()
    controller = Counter(office, hostname="127.0.0.1", port=0, **options)
    controller.start()
    # A small window, so that a client notices within a message that nobody reads it.
    controller.server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    return controller


def workspace(folder, port, recipients=("ana@example.com",), pack=SCHEDULE, more=""):
    """A workspace with a snapshot's folder and one pack that is due on 5 October 2026."""
    (folder / "snapshots/2026-10-01").mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{each}"' for each in recipients)
    toml = TOML.format(port=port, recipients=names, pack=pack, more=more)
    (folder / "quarterdeck.toml").write_text(toml)
    return read(folder / "quarterdeck.toml")


def finished_run(
    output, period="2026Q3", pack="board", as_of="2026-10-01", group="", ok=True, pages=b"%PDF-1"
):
    """A run's folder with its manifest, as ``engine.run`` leaves it."""
    run_id = hashlib.sha256(f"{period}{pack}{as_of}{group}".encode()).hexdigest()[:16]
    parts = [period, pack, *([group] if group else []), f"{as_of}-{run_id}"]
    folder = output.joinpath(*parts)
    was_there = folder.exists()
    files = {"report.pdf": pages, "workbook.xlsx": b"PK", "metrics.parquet": b"PAR1"}
    manifest = {
        "run_id": run_id,
        "period": {"label": period},
        "pack": {"name": pack},
        "snapshot": {"as_of": as_of},
        "validation": {"ok": ok},
        "outputs": {name: hashlib.sha256(each).hexdigest() for name, each in files.items()},
        "summary": {
            "headline": "ARPU rose by 4%",
            "kpis": [{"label": "ARPU", "value": "$121.21", "change": "+4.0%"}],
            "findings": ["Enterprise <grew> most"],
        },
    }
    if not was_there:
        write_folder(folder, {**files, "manifest.json": json.dumps(manifest).encode()})
        (folder.parent / "current.json").write_text(json.dumps({"run": folder.name}))
    return Made(folder, run_id, was_there, group)


def maker(place, **options):
    """Stands for the pack maker; draws nothing."""

    def make(pack, period, as_of):
        return [finished_run(place.output, period.label, pack.name, str(as_of), **options)]

    return make


def run_due(place, now=NOW, make=None, post=None):
    """``due`` without waiting between attempts; ``make`` makes one pack, or raises why not."""
    one = make or maker(place)

    def makes(turns):
        for turn in turns:
            yield turn, tried(one, turn.pack, turn.period, turn.days[0])

    return due(place, now, post or post_of(place), makes, sleep=lambda _: None)


def states(summary):
    """Recipient to state, of what a call worked on."""
    return {each.recipient: str(each.state) for each in summary.done}


def due_in_a_process(folder: Path, now: datetime = NOW) -> None:
    """For a process of its own."""
    run_due(read(folder / "quarterdeck.toml"), now)
