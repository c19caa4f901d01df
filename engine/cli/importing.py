"""``qbr import``: a flat ledger brought into a snapshot."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import WorkspaceOption, as_of_date, workspace_of

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Parquet files.")]
Mapping = Annotated[str, typer.Option("--mapping", metavar="NAME", help="[mappings.NAME].")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day it was exported.")]


def import_(files: Files, mapping: Mapping, as_of: AsOf, workspace: WorkspaceOption = None) -> None:
    """Brings a flat ledger into a snapshot through a declared mapping."""
    from engine.cli.screen import say
    from engine.errors import UsageError
    from engine.intake.ledger import import_ledger, summary

    place = workspace_of(workspace)
    if "://" in place.snapshots:
        hint = "import into a local workspace and copy the snapshot to the store"
        raise UsageError("snapshots", f"cannot import into {place.snapshots}", hint=hint)
    day = as_of_date(as_of)
    assert day is not None  # noqa: S101  the option is required
    say(summary(import_ledger(files, place.mapping(mapping), Path(place.snapshots), day)))
