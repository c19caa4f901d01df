"""``qbr due``: what the schedule says."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from engine.cli.options import JobsOption, WorkspaceOption, workspace_of
from engine.cli.processors import processors, share_processors
from engine.errors import UsageError

Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="TIME",
        help="As if it were then: 2026-10-07T08:00, in this machine's time zone or with an offset.",
    ),
]


def due(now: Now = None, jobs: JobsOption = None, workspace: WorkspaceOption = None) -> None:
    """Makes and delivers what is due and not yet done; safe to call every hour."""
    from engine.cli.outcome import tell
    from engine.cli.screen import step
    from engine.delivery.due import due as what_is_due
    from engine.delivery.due import post_of

    place = workspace_of(workspace)
    if any(pack.schedule is not None for pack in place.configuration.packs):
        from engine.report.pango import require_pango

        require_pango()
    at = moment(now)
    from engine.delivery.making import Workshop

    processes = min(jobs or processors(), processors())
    share_processors(processes)
    summary = what_is_due(place, at, post_of(place), Workshop(place, step, processes))
    tell(summary, nothing="nothing is due")


def moment(text: str | None) -> datetime:
    """The time asked for, else the clock's, with a time zone; anything else is a UsageError."""
    if text is None:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        hint = "write it as 2026-10-07T08:00 or 2026-10-07T08:00+02:00"
        raise UsageError("time", f"`{text[:40]}` is not a time", hint=hint) from error
