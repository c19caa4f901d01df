"""What the schedule says is due and not yet done: made, sent once, or said what it waits for.

``due`` is the one entry point for an orchestrator::

    from datetime import UTC, datetime
    from pathlib import Path
    from engine.config import open_workspace
    from engine.delivery.due import due, post_of

    workspace = open_workspace(Path("acme"), Path.cwd())
    summary = due(workspace, datetime.now(UTC), post_of(workspace))
    if summary.error:
        raise summary.error

It may be called as often as one likes, by several hosts that share the output folder.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.config import Workspace
from engine.delivery.desk import desk
from engine.delivery.journal import Journal
from engine.delivery.lock import Busy
from engine.delivery.occasions import Occasion, write_occasion
from engine.delivery.password import password
from engine.delivery.planning import (
    alerts,
    audience,
    lay_down,
    no_server,
    planned,
    sender,
    without_audience,
)
from engine.delivery.records import Delivery, Kind, RecordedRun, State
from engine.delivery.schedule import due_at, due_periods
from engine.delivery.sending import Post, Sending
from engine.delivery.smtp import SmtpPost
from engine.delivery.summary import Summary
from engine.delivery.turns import Turn, firsts
from engine.errors import DataError, EngineError, tried
from engine.intake.snapshot import as_of_dates
from engine.period import Period
from engine.settings.pack import Pack
from engine.settings.schedule import Schedule

if TYPE_CHECKING:
    from engine.run import Made

#: Makes packs of periods; see ``engine.delivery.making.Workshop``.
Maker = Callable[[Sequence[Turn]], Generator[tuple[Turn, "Sequence[Made] | EngineError"]]]


def post_of(workspace: Workspace) -> SmtpPost | None:
    """The server of ``[mail]``, its password looked up; None where no server is named."""
    mail = workspace.configuration.mail
    return SmtpPost(mail, password(mail), workspace.folder) if mail.host else None


def due(
    workspace: Workspace,
    now: datetime,
    post: Post | None,
    make: Maker | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Summary:
    """Makes and sends what is due by ``now``.

    Args:
        workspace: Its packs that have a schedule, and any delivery that was put off.
        now: With time zone.
        post: What carries messages away; None: there is no server, and nothing is sent.
        make: Default: ``engine.delivery.making.Workshop``.
        sleep: Waits between attempts; for tests.

    Returns:
        What was done; its ``error`` is what the caller should end with.
    """
    summary = Summary()
    packs = [pack for pack in workspace.configuration.packs if pack.schedule is not None]
    try:
        with desk(workspace, now, _places(workspace, packs, now)) as journal:
            work = _Work(workspace, now, journal, make or _workshop(workspace), summary)
            work.plan(packs)
            work.send(post, sleep)
    except Busy as busy:
        summary.waiting.append(f"{busy.message}; {busy.hint}")
    return summary


@dataclass(frozen=True, slots=True)
class _Work:
    """One call's tools."""

    workspace: Workspace
    now: datetime
    journal: Journal
    make: Maker
    summary: Summary

    def plan(self, packs: Sequence[Pack]) -> None:
        """Makes every pack that is due and lays down its deliveries."""
        try:
            days = as_of_dates(self.workspace.snapshots) if packs else ()
        except EngineError as error:
            self.summary.errors.append(error)
            return
        left = [Turn.of(pack, period, days) for pack in packs for period in self._open(pack)]
        while left:
            now, later = firsts(left)
            left = [*self._taken(now, days), *later]

    def _taken(self, turns: Sequence[Turn], days: Sequence[date]) -> list[Turn]:
        """Takes the turns, each of another pack; those that give way to another snapshot."""
        ready = [each for each in turns if each.days]
        again: list[Turn] = []
        with closing(self.make(ready)) as found:
            for turn, made in found:
                if isinstance(made, DataError):
                    again.append(turn.after(made))
                elif isinstance(made, EngineError):
                    self.summary.errors.append(made)
                else:
                    self._do(self._lay_down, turn, made)
        for turn in turns:
            if not turn.days:
                self._do(self._wait, turn, days)
        return again

    def _do(self, task: Callable[..., None], *args: object) -> None:
        """What stops it is told in the end, and stops nothing else."""
        error = tried(task, *args)
        if error is not None:
            self.summary.errors.append(error)

    def send(self, post: Post | None, sleep: Callable[[float], None]) -> None:
        """Sends what is planned and what was put off till now; tells what is unknown."""
        known = self.journal.ledger.deliveries()
        ready = [each for each in known if self._is_ready(each)]
        if post is not None:
            sending = Sending(self.workspace, self.journal, post, sleep)
            sending.send(ready)
            self.summary.done += sending.done.values()
            self.summary.errors += sending.errors
        elif ready:
            self.summary.errors.append(no_server())
        unknown = [
            each
            for each in self.journal.ledger.deliveries()
            if each.state is State.UNKNOWN and each.kind is not Kind.TEST
        ]
        failed = [each for each in self.summary.done if each.state is State.FAILED]
        self.summary.problems += [*failed, *unknown]

    def _is_ready(self, delivery: Delivery) -> bool:
        waits = delivery.not_before is not None and delivery.not_before > self.now
        return delivery.is_open and delivery.kind is not Kind.TEST and not waits

    def _open(self, pack: Pack) -> list[Period]:
        """The periods that are due and not planned, the earliest first."""
        schedule = pack.schedule
        if schedule is None:
            return []
        start = self.workspace.settings.fiscal_year_start
        seen = self.journal.ledger.occasions(pack.name)
        found = due_periods(schedule, self.now, start)
        if schedule.since is None:
            known = [Period.parse(each.period, start).start for each in seen]
            first = min(known, default=found[-1].start)
            found = tuple(each for each in found if each.start >= first)
        done = {each.period for each in seen if each.planned_at is not None}
        for period in found:
            self.journal.ledger.see(Occasion(period.label, pack.name))
        return [each for each in found if each.label not in done]

    def _lay_down(self, turn: Turn, made: "Sequence[Made]") -> None:
        """Keeps the runs, then the deliveries, then that the occasion is planned."""
        pack = turn.pack
        at, output = self.journal.clock(), self.workspace.output
        runs = [RecordedRun.read(each.folder, output, at, each.group) for each in made]
        for run in runs:
            self.journal.ledger.record_run(run)
        deliveries: list[Delivery] = []
        for run in runs:
            kind = Kind.REVIEW if pack.review else Kind.PACK
            people = pack.review or audience(pack, run, runs)
            if people:
                deliveries += planned(run, kind, people, at, sender(self.workspace))
        lay_down(self.journal, deliveries)
        occasion = Occasion(turn.period.label, pack.name, at)
        write_occasion(output, occasion, (run.folder for run in runs))
        self.journal.ledger.see(occasion)
        self.summary.made += [run.folder for run in runs]
        self.summary.notes += without_audience(pack, runs)

    def _wait(self, turn: Turn, days: Sequence[date]) -> None:
        """Says what the pack waits for, and after a while to the operators too."""
        pack, period, reasons = turn.pack, turn.period, turn.reasons
        latest = f"the latest is of {days[-1]}" if days else "there is none"
        want = f"a snapshot later than {period.last_day}; {latest}"
        if reasons:
            want = "; ".join(dict.fromkeys(error.message for error in reasons))
        reason = f"{pack.name}, {period.title}, waits for {want}"
        if reasons:
            reason = f"{pack.name}, {period.title}, waits for better data: {want}"
        self.summary.waiting.append(reason)
        broken = [each for each in reasons if each.reference != "rows-missing"]
        self.summary.errors += broken[:1]
        self._alert(pack, period, reason)

    def _alert(self, pack: Pack, period: Period, reason: str) -> None:
        schedule = pack.schedule or Schedule()
        operators = self.workspace.configuration.delivery.operators
        late = due_at(schedule, period) + timedelta(hours=schedule.alert_after_hours)
        if schedule.alert_after_hours and operators and self.now >= late:
            occasion = Occasion(period.label, pack.name)
            at, source = self.journal.clock(), sender(self.workspace)
            lay_down(self.journal, alerts(occasion, operators, at, source, reason))


def _places(workspace: Workspace, packs: Sequence[Pack], now: datetime) -> set[str]:
    """Folders of the output that hold what any host has done of what may be due."""
    start = workspace.settings.fiscal_year_start
    return {
        f"{period.label}/{pack.name}"
        for pack in packs
        if pack.schedule is not None
        for period in due_periods(pack.schedule, now, start)
    }


def _workshop(workspace: Workspace) -> Maker:
    from engine.delivery.making import Workshop, unseen

    return Workshop(workspace, unseen)
