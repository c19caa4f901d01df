"""Deliveries that a person asks for: sent, released after review, tried, sent again, settled."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.config import Workspace
from engine.delivery.desk import desk
from engine.delivery.journal import Journal
from engine.delivery.ledger import Ledger, open_ledger
from engine.delivery.planning import audience, lay_down, no_server, planned, sender
from engine.delivery.records import Delivery, Kind, RecordedRun, State
from engine.delivery.sending import Post, Sending
from engine.delivery.standing import places, runs_of
from engine.delivery.summary import Summary
from engine.errors import UsageError, nearest
from engine.settings.address import checked_address
from engine.settings.pack import Pack

_STUCK = frozenset({State.UNKNOWN, State.FAILED})


@dataclass(frozen=True, slots=True)
class Addressed:
    """One line of ``--dry-run``: who would get which run, and as what."""

    run: RecordedRun
    kind: Kind
    recipient: str
    state: State | None


@dataclass(frozen=True, slots=True)
class Hand:
    """What a person delivers with.

    Attributes:
        now: With time zone.
        post: What carries messages away; None: there is no server.
        sleep: Waits between attempts; for tests.
    """

    workspace: Workspace
    now: datetime
    post: Post | None = None
    sleep: Callable[[float], None] = time.sleep

    def deliver(self, packs: Sequence[Pack], period: str | None) -> Summary:
        """Sends each pack's runs of the period to those who have not got them.

        A pack with reviewers goes to them first; once one of them has it, to everybody. What
        failed before is sent again; what is unknown is not.

        Args:
            packs: Which.
            period: Label; None: the latest period that the pack has runs of.
        """
        summary = Summary()
        with desk(self.workspace, self.now, places(self.workspace, packs, period)) as journal:
            wanted = self._wanted(journal.ledger, packs, period)
            source = sender(self.workspace) if wanted else ""
            for each in wanted:
                at = journal.clock()
                lay_down(journal, planned(each.run, each.kind, [each.recipient], at, source))
            keys = {(each.run.run_id, each.kind, each.recipient) for each in wanted}
            self._send(journal, summary, [each for each in _all(journal) if _name(each) in keys])
        summary.made += dict.fromkeys(each.run.folder for each in wanted)
        if not wanted:
            summary.notes.append("nobody is named: set `recipients` of the pack")
        return summary

    def addresses(self, packs: Sequence[Pack], period: str | None) -> tuple[Addressed, ...]:
        """To whom ``deliver`` would send now; nothing is changed and no server is asked."""
        with open_ledger(self.workspace.state, self.workspace.output) as ledger:
            return self._wanted(ledger, packs, period)

    def test(self, packs: Sequence[Pack], period: str | None, recipient: str) -> Summary:
        """Sends the runs to one person as a test that counts for nobody else."""
        try:
            to = checked_address(recipient)
        except ValueError as error:
            raise UsageError("address", str(error)) from error
        summary = Summary()
        with desk(self.workspace, self.now, places(self.workspace, packs, period)) as journal:
            for run in self._runs(journal.ledger, packs, period):
                at, source = journal.clock(), sender(self.workspace)
                made = planned(run, Kind.TEST, [to], at, source, at.isoformat())
                lay_down(journal, made)
                self._send(journal, summary, made)
                summary.made.append(run.folder)
        return summary

    def resend(self, title: str, reason: str) -> Summary:
        """Sends an unknown or failed delivery once more, under the same Message-ID."""
        summary = Summary()
        with desk(self.workspace, self.now, [""]) as journal:
            for each in self._named(journal, title, reason, _STUCK):
                at = journal.clock()
                again = replace(each.moved(State.PLANNED, at, "by hand"), note=reason)
                self._send(journal, summary, [journal.record(again)])
        return summary

    def settle(self, title: str, reason: str) -> Summary:
        """Records that an unknown delivery has arrived after all, on somebody's word."""
        summary = Summary()
        with desk(self.workspace, self.now, [""]) as journal:
            for each in self._named(journal, title, reason, {State.UNKNOWN}):
                at = journal.clock()
                arrived = replace(each.moved(State.SENT, at, "settled by hand"), note=reason)
                summary.done.append(journal.record(arrived))
        return summary

    def _runs(self, ledger: Ledger, packs: Sequence[Pack], period: str | None) -> list[RecordedRun]:
        """The packs' runs; a UsageError where there is none at all."""
        found = [run for pack in packs for run in runs_of(self.workspace, ledger, pack, period)]
        if packs and not found:
            named = ", ".join(pack.name for pack in packs)
            raise UsageError(
                "run-missing",
                f"no pack was made of {named}{f' for {period}' if period else ''}",
                hint="`qbr run` makes it",
            )
        return found

    def _wanted(
        self, ledger: Ledger, packs: Sequence[Pack], period: str | None
    ) -> tuple[Addressed, ...]:
        found: list[Addressed] = []
        made = self._runs(ledger, packs, period)
        for pack in packs:
            runs = [run for run in made if run.pack == pack.name]
            for run in runs:
                known = [
                    each
                    for each in ledger.deliveries(run.period, run.pack)
                    if each.run_id == run.run_id
                ]
                kind = _kind(pack, known)
                people = pack.review if kind is Kind.REVIEW else audience(pack, run, runs)
                states = {each.recipient: each.state for each in known if each.kind is kind}
                found += [Addressed(run, kind, each, states.get(each)) for each in people]
        return tuple(found)

    def _send(self, journal: Journal, summary: Summary, known: Sequence[Delivery]) -> None:
        summary.notes += [f"{e.title}: sent before" for e in known if e.state is State.SENT]
        ready = [self._reopened(journal, each) for each in known if _may_be_sent(each)]
        if ready and self.post is None:
            raise no_server()
        if self.post is not None:
            sending = Sending(self.workspace, journal, self.post, self.sleep)
            sending.send(ready)
            summary.done += sending.done.values()
            summary.errors += sending.errors
        now = {each.key: each for each in _all(journal)}
        left = [now[each.key] for each in known]
        summary.problems += [each for each in left if each.state is not State.SENT]

    def _reopened(self, journal: Journal, delivery: Delivery) -> Delivery:
        """A failed delivery, planned anew because a person asks for it."""
        if delivery.state is not State.FAILED:
            return delivery
        return journal.record(delivery.moved(State.PLANNED, journal.clock(), "again, by hand"))

    def _named(
        self, journal: Journal, title: str, reason: str, states: Collection[State]
    ) -> list[Delivery]:
        """The deliveries of that title that are in one of the states."""
        if not reason.strip():
            raise UsageError("reason", "a reason is needed", hint="--reason 'Ana did not get it'")
        run, _, recipient = title.partition("/")
        stuck = [each for each in _all(journal) if each.state in states]
        found = [
            each
            for each in stuck
            if (each.run_id or each.kind).startswith(run or "/") and each.recipient == recipient
        ]
        if not found:
            raise UsageError(
                "delivery",
                f"no delivery `{title[:80]}` is {' or '.join(sorted(states))}",
                hint=nearest(title, (each.title for each in stuck)) or "there is none",
            )
        return found


def _kind(pack: Pack, known: Sequence[Delivery]) -> Kind:
    """To reviewers until one of them has it; then to everybody."""
    seen = any(each.kind is Kind.REVIEW and each.state is State.SENT for each in known)
    return Kind.REVIEW if pack.review and not seen else Kind.PACK


def _may_be_sent(delivery: Delivery) -> bool:
    return delivery.is_open or delivery.state is State.FAILED


def _name(delivery: Delivery) -> tuple[str, Kind, str]:
    return delivery.run_id, delivery.kind, delivery.recipient


def _all(journal: Journal) -> tuple[Delivery, ...]:
    return journal.ledger.deliveries()
