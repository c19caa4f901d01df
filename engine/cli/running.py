"""``qbr run``: the packs of a period."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import (
    PartialOption,
    PeriodOption,
    PolicyOption,
    SnapshotOption,
    WorkspaceOption,
    as_of_date,
    workspace_of,
)

if TYPE_CHECKING:
    from engine.period import Period
    from engine.run import Made
    from engine.settings.pack import Pack

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
    workspace: WorkspaceOption = None,
) -> None:
    """Makes the packs of a period: PDF, numbers and manifest; prints where the PDFs are."""
    from engine.cli.screen import say, step
    from engine.report.pango import require_pango

    require_pango()
    from engine.analysis import Analysis
    from engine.run import make_pack

    place = workspace_of(workspace)
    packs = [place.pack(name) for name in pack] if pack else place.configuration.packs
    with step("checking the snapshot"):
        analysis = Analysis.open(place, as_of_date(snapshot), policy)
    for failure in analysis.verdict.failures:
        say(f"  ! {failure.table}: {failure.rule}: {failure.rows} rows; {failure.hint}")
    over = analysis.period(period, partial=partial)
    for each in packs:
        for made in make_pack(analysis, each, over, step):
            _tell(each, over, made)


def _tell(pack: "Pack", over: "Period", made: "Made") -> None:
    """What became of one pack on the screen, where its PDF is on standard output."""
    from engine.cli.screen import say

    group = f", {made.group}" if made.group else ""
    say(f"  {pack.name}{group}, {over.title}: {'already made' if made.was_there else 'made'}")
    for warning in made.warnings:
        say(f"  ! {warning}")
    sys.stdout.write(f"{made.folder / 'report.pdf'}\n")
