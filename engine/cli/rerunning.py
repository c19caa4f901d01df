"""``qbr rerun``: many periods' packs again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import (
    JobsOption,
    PolicyOption,
    SnapshotOption,
    WorkspaceOption,
    as_of_date,
    workspace_of,
)
from engine.cli.processors import processors, share_processors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from engine.config import Workspace
    from engine.rerun import FirstReported, Job, Outcome
    from engine.store.place import Place

From = Annotated[str, typer.Option("--from", metavar="P", help="The first period.")]
To = Annotated[
    str, typer.Option("--to", metavar="P", help="The last period, of the same kind as --from.")
]
Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME", help="Which packs; default: all. May be repeated."),
]
Check = Annotated[
    bool,
    typer.Option("--check", help="Make nothing; hold finished runs against what they would be."),
]


def rerun(
    from_: From,
    to: To,
    pack: Packs = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    jobs: JobsOption = None,
    check: Check = False,
    workspace: WorkspaceOption = None,
) -> int:
    """The packs of every period, each on the snapshot that it was first reported from."""
    from engine.report.pango import require_pango

    require_pango()
    from engine.intake.snapshot import as_of_dates, open_snapshot
    from engine.period import Period
    from engine.rerun import periods, planned
    from engine.rerun import rerun as outcomes

    place = workspace_of(workspace)
    start = place.settings.fiscal_year_start
    over = periods(Period.parse(from_, start), Period.parse(to, start))
    names = [each.name for each in place.configuration.packs]
    packs = [place.pack(name).name for name in pack] if pack else names
    place.policy(policy)
    day = as_of_date(snapshot)
    if day is not None:
        open_snapshot(place.snapshots, day)
    processes = min(jobs or processors(), processors())
    todo = planned(
        place,
        over,
        packs,
        as_of_dates(place.snapshots),
        _first_reported(place),
        as_of=day,
        policy=policy,
        checks=check,
    )
    share_processors(processes)
    found = _told(place, outcomes(place, todo, processes), len(todo))
    return _summary(place, todo, found)


def _first_reported(place: "Workspace") -> "FirstReported":
    """What the ledger knows of the snapshot that readers first saw a period from."""
    from engine.delivery.ledger import open_ledger

    def first(period: str, pack: str) -> "date | None":
        with open_ledger(place.state, place.output) as ledger:
            return ledger.first_reported(period, pack)

    return first


def _told(place: "Workspace", outcomes: "Iterator[Outcome]", count: int) -> "list[Outcome]":
    """The outcomes, each said and its runs recorded as it comes in."""
    from engine.cli.screen import say

    found: list[Outcome] = []
    for each in outcomes:
        found.append(each)
        _record(place, each)
        job = each.job
        day = f" from {job.as_of}" if job.as_of else ""
        say(f"  [{len(found)}/{count}] {job.pack}, {job.period.title}{day}: {each.state.value}")
        if each.message:
            say(each.message)
    return found


def _summary(place: "Workspace", todo: "Sequence[Job]", found: "Sequence[Outcome]") -> int:
    """Shows what became of every job, in their order; the exit status."""
    import polars as pl

    from engine.cli.results import table

    order = {job: number for number, job in enumerate(todo)}
    rows = [
        (
            each.job.period.label,
            each.job.pack,
            None if each.job.as_of is None else str(each.job.as_of),
            each.state.value,
            folder and _within(folder, place.folder),
        )
        for each in sorted(found, key=lambda each: order[each.job])
        for folder in each.folders or (None,)
    ]
    heads = ("period", "pack", "snapshot", "state", "folder")
    sys.stdout.write(table(pl.DataFrame(rows, dict.fromkeys(heads, pl.String), orient="row")))
    sys.stdout.flush()
    return _worst({each.exit_status for each in found})


def _within(folder: "Place", workspace: Path) -> str:
    """The folder, from the workspace's on where it lies in there."""
    return str(folder.relative_to(workspace) if folder.is_relative_to(workspace) else folder)


def _worst(statuses: "AbstractSet[int]") -> int:
    """Our own fault before data that does not hold, that before all else."""
    return next((each for each in (1, 3, 2) if each in statuses), 0)


def _record(place: "Workspace", outcome: "Outcome") -> None:
    """Lets the ledger know the runs."""
    from engine.delivery.ledger import open_ledger
    from engine.delivery.records import RecordedRun

    with open_ledger(place.state, place.output) as ledger:
        for folder in outcome.folders:
            ledger.record_run(RecordedRun.read(folder, place.output))
