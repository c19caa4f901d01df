"""The message of a delivery: what it says and what it carries, from its run's folder alone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import quote

from engine.config import Workspace
from engine.delivery.body import Body, Summary
from engine.delivery.ledger import Ledger
from engine.delivery.message import MEGABYTE, Envelope, message
from engine.delivery.records import Delivery, Kind
from engine.delivery.sendable import PDF, WORKBOOK, sendable
from engine.errors import UsageError
from engine.period import Period
from engine.store.place import Place

_SUBJECTS = {
    Kind.PACK: "{title}, {period}",
    Kind.REVIEW: "For review: {title}, {period}",
    Kind.TEST: "Test: {title}, {period}",
    Kind.ALERT: "Late: {title}, {period}",
}


class Composer:
    """Makes the bytes of any delivery of a workspace."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        """Takes the workspace, and the ledger for the digests that a run was first seen with."""
        self._workspace = workspace
        self._ledger = ledger

    def message(self, delivery: Delivery) -> bytes:
        """The message; equal for equal deliveries while run and settings stay.

        Raises:
            DataError: The run's data did not hold.
            EnvironmentFault: The run was changed.
            UsageError: No sender, or too large and no link declared.
        """
        if delivery.kind is Kind.ALERT:
            return message(self._envelope(delivery), self._alert(delivery), {})
        folder = self._workspace.output / delivery.folder
        manifest = sendable(folder, self._recorded(delivery))
        body = self._body(delivery, manifest)
        envelope = self._envelope(delivery)
        for files, link in self._ways(delivery, folder, manifest):
            made = message(envelope, replace(body, link=link), files)
            if len(made) <= self._limit:
                return made
        raise UsageError(
            "mail-size",
            f"{delivery.folder}/{PDF} is too large for a message of {self._limit // MEGABYTE} MB",
            hint="declare where readers find the output: [delivery] link, or raise max_megabytes",
        )

    @property
    def _limit(self) -> int:
        return self._workspace.configuration.delivery.max_megabytes * MEGABYTE

    def _recorded(self, delivery: Delivery) -> Mapping[str, str] | None:
        runs = self._ledger.runs(delivery.period, delivery.pack)
        return next((run.outputs for run in runs if run.folder == delivery.folder), None)

    def _ways(
        self, delivery: Delivery, folder: Place, manifest: Mapping[str, object]
    ) -> list[tuple[dict[str, bytes], str]]:
        """Attachments and link, the best way first: all files, the link, the pages alone."""
        outputs = cast("Mapping[str, str]", manifest["outputs"])
        stem = "-".join(each for each in (delivery.pack, delivery.period, delivery.group) if each)
        stem = "".join(c if c.isalnum() or c in "-_. " else "-" for c in stem)
        files = {
            f"{stem}{Path(name).suffix}": (folder / name).read_bytes()
            for name in (PDF, WORKBOOK)
            if name in outputs
        }
        pages = {name: content for name, content in files.items() if name.endswith(".pdf")}
        link = self._workspace.configuration.delivery.link
        path = quote(f"{delivery.folder}/{PDF}")
        ways = [(files, ""), (pages, "")]
        if link:
            ways.insert(1, ({}, link.replace("{path}", path)))
        return ways

    def _envelope(self, delivery: Delivery) -> Envelope:
        mail = self._workspace.configuration.mail
        if mail.sender is None:
            raise UsageError("mail-sender", "no sender is named", hint="set `from` under [mail]")
        group = f", {delivery.group}" if delivery.group else ""
        words = {"title": self._title(delivery), "period": self._period(delivery) + group}
        return Envelope(
            sender=mail.sender,
            sender_name=self._workspace.configuration.brand.name,
            recipient=delivery.recipient,
            reply_to=mail.reply_to,
            subject=_SUBJECTS[delivery.kind].format(**words),
            message_id=delivery.message_id,
            dated=delivery.planned_at,
        )

    def _body(self, delivery: Delivery, manifest: Mapping[str, object]) -> Body:
        brand = self._workspace.configuration.brand
        drawn = cast("Mapping[str, str]", manifest.get("brand") or {})
        snapshot = cast("Mapping[str, object]", manifest["snapshot"])
        group = f", {delivery.group}" if delivery.group else ""
        return Body(
            title=f"{self._title(delivery)}, {self._period(delivery)}{group}",
            company=drawn.get("name", brand.name),
            lead=self._lead(delivery),
            summary=Summary.of(manifest),
            footer=f"Run {delivery.run_id}, from the snapshot of {snapshot['as_of']}. "
            "Sent automatically by Quarterdeck.",
            colour=drawn.get("primary", brand.primary),
        )

    def _lead(self, delivery: Delivery) -> tuple[str, ...]:
        if delivery.kind is Kind.REVIEW:
            command = f"qbr deliver --pack {delivery.pack} --period {delivery.period}"
            return (
                "This pack waits for your review; nobody else has it yet.",
                f"To release these very files to everybody: {command}",
            )
        if delivery.kind is Kind.TEST:
            return ("This is a test. Nobody else was sent this message.",)
        return ()

    def _alert(self, delivery: Delivery) -> Body:
        return Body(
            title=f"{self._title(delivery)}, {self._period(delivery)} is late",
            company=self._workspace.configuration.brand.name,
            lead=(delivery.note, "It is made and sent as soon as that is there."),
            footer="Sent automatically by Quarterdeck to the operators that [delivery] names.",
            colour=self._workspace.configuration.brand.primary,
        )

    def _title(self, delivery: Delivery) -> str:
        packs = self._workspace.configuration.packs
        return next((each.title for each in packs if each.name == delivery.pack), delivery.pack)

    def _period(self, delivery: Delivery) -> str:
        start = self._workspace.settings.fiscal_year_start
        return Period.parse(delivery.period, start).title
