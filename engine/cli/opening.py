"""A snapshot opened by a command, which says what it did to make the data hold."""

from typing import TYPE_CHECKING

from engine.cli.options import as_of_date
from engine.cli.screen import say
from engine.config import Workspace

if TYPE_CHECKING:
    from engine.analysis import Analysis


def opened(
    place: Workspace, snapshot: str | None, policy: str | None, *, quarantine: bool = False
) -> "Analysis":
    """The snapshot, checked; rows that break a rule are written aside if that was asked for.

    Args:
        snapshot: As-of date; None: the latest.
        policy: Its name; None: the workspace's.
    """
    from engine.analysis import Analysis
    from engine.intake.quarantine_files import write

    analysis = Analysis.open(place, as_of_date(snapshot), policy, quarantine=quarantine)
    for change in analysis.verdict.settings.changes:
        say(f"note: {change}")
    if analysis.quarantine is not None:
        folder = write(analysis.quarantine, analysis.snapshot, place.state)
        for each in analysis.verdict.set_aside:
            say(f"set aside: {each}")
        say(f"note: no number counts these rows; they are in {folder}")
    return analysis
