"""``qbr validate``: every table against its schema and the cross-table rules."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import (
    Format,
    FormatOption,
    OutputOption,
    PolicyOption,
    WorkspaceOption,
    as_of_date,
    workspace_of,
)

Which = Annotated[
    str | None,
    typer.Argument(metavar="[SNAPSHOT]", help="As-of date or folder; default: the latest."),
]


def validate(
    snapshot: Which = None,
    policy: PolicyOption = None,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Checks every table against its schema and the cross-table rules."""
    from engine.analysis import check
    from engine.cli.findings import failures, sheet
    from engine.cli.results import show
    from engine.cli.screen import say
    from engine.intake.snapshot import open_snapshot
    from engine.intake.verdict import as_json, data_error

    place = workspace_of(workspace)
    opened = open_snapshot(*_named(place.snapshots, snapshot))
    found = check(place, opened, place.policy(policy))
    for change in found.settings.changes:
        say(f"note: {change}")
    show(failures(found), as_json(found), format, output, text=sheet(found))
    if not found.ok:
        raise data_error(found)


def _named(snapshots: str, text: str | None) -> tuple[str, date | None]:
    """Root and as-of date of a snapshot given by its date, or by its folder anywhere."""
    if text is not None and "://" in text:
        root, _, day = text.rstrip("/").rpartition("/")
        return root, as_of_date(day)
    if text is None or not Path(text).is_dir():
        return snapshots, as_of_date(text)
    folder = Path(text).resolve()
    return str(folder.parent), as_of_date(folder.name)
