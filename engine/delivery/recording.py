"""Runs that were made by hand, kept in the ledger."""

from collections.abc import Iterable
from datetime import datetime

from engine.config import Workspace
from engine.delivery.ledger import open_ledger
from engine.delivery.records import RecordedRun
from engine.run import Made


def record(workspace: Workspace, made: Iterable[Made], at: datetime) -> None:
    """Keeps finished runs; those that are known stay as first recorded.

    Args:
        workspace: Whose output they lie in.
        made: The runs.
        at: With time zone.
    """
    with open_ledger(workspace.state, workspace.output) as ledger:
        for each in made:
            ledger.record_run(RecordedRun.read(each.folder, workspace.output, at, each.group))
