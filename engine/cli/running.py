"""``qbr run``: the packs of a period."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import (
    JobsOption,
    PartialOption,
    PeriodOption,
    PolicyOption,
    QuarantineOption,
    SnapshotOption,
    WorkspaceOption,
    workspace_of,
)
from engine.cli.processors import processors, share_processors

if TYPE_CHECKING:
    from engine.period import Period
    from engine.run import Made

Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME", help="Which packs; default: all. May be repeated."),
]


def run(
    pack: Packs = None,
    period: PeriodOption = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    partial: PartialOption = False,
    quarantine: QuarantineOption = False,
    jobs: JobsOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Makes the packs of a period: PDF, numbers and manifest; prints where the PDFs are."""
    from engine.cli.screen import say, step
    from engine.report.pango import require_pango

    require_pango()
    from engine.cli.opening import opened
    from engine.delivery.recording import record
    from engine.run import make_packs

    place = workspace_of(workspace)
    packs = [place.pack(name) for name in pack] if pack else place.configuration.packs
    with step("checking the snapshot"):
        analysis = opened(place, snapshot, policy, quarantine=quarantine)
    for failure in analysis.verdict.failures:
        say(f"  ! {failure}")
    over = analysis.period(period, partial=partial)
    processes = min(jobs or processors(), processors())
    share_processors(processes)
    for made in make_packs(analysis, packs, over, step, processes):
        record(place, [made], datetime.now(UTC))
        _tell(over, made)


def _tell(over: "Period", made: "Made") -> None:
    """What became of one pack on the screen, where its PDF is on standard output."""
    from engine.cli.screen import say

    group = f", {made.group}" if made.group else ""
    say(f"  {made.pack}{group}, {over.title}: {'already made' if made.was_there else 'made'}")
    for warning in made.warnings:
        say(f"  ! {warning}")
    sys.stdout.write(f"{made.folder / 'report.pdf'}\n")
