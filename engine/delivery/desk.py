"""Where deliveries are worked on: the lock held, the ledger open and up to date."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta

from engine.config import Workspace
from engine.delivery.journal import Clock, Journal
from engine.delivery.ledger import open_ledger
from engine.delivery.lock import Lock
from engine.delivery.records import State

_CUT_OFF = "the process that was sending it ended before the server's answer was kept"


@contextmanager
def desk(workspace: Workspace, now: datetime, below: Iterable[str]) -> Generator[Journal]:
    """A journal that knows what any host has done, and what a killed process left undone.

    Args:
        workspace: Whose deliveries.
        now: With time zone.
        below: Folders of the output whose receipts count, besides those of open deliveries.

    Raises:
        Busy: Another process is at it.
    """
    output = workspace.output
    output.mkdir(parents=True, exist_ok=True)
    lasts = timedelta(minutes=workspace.configuration.delivery.lock_minutes)
    with Lock(output, lasts) as lock, open_ledger(workspace.state, output) as ledger:
        journal = Journal(ledger, output, lock, Clock(now))
        pending = {each.folder for each in ledger.deliveries() if _is_pending(each.state)}
        ledger.absorb(output, sorted({*below, *pending}))
        _settle(journal)
        yield journal


def _is_pending(state: State) -> bool:
    return state in {State.PLANNED, State.SENDING, State.RETRY, State.UNKNOWN}


def _settle(journal: Journal) -> None:
    """Whoever was sending is gone, as the lock is ours: whether the message left is unknown."""
    for each in journal.ledger.deliveries():
        if each.state is State.SENDING:
            journal.record(each.moved(State.UNKNOWN, journal.clock(), _CUT_OFF))
