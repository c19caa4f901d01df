"""Options that several commands share."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.config import Workspace, open_workspace
from engine.errors import UsageError


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="Folder with quarterdeck.toml; default: the nearest one upward.",
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="P",
        help="2026-06, 2026Q2 or 2026; default: the last complete fiscal quarter.",
    ),
]
SnapshotOption = Annotated[
    str | None,
    typer.Option("--snapshot", metavar="DATE", help="As-of date; default: the latest."),
]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", metavar="NAME", help="A preset or one of [policies.NAME]."),
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Accept a period that is still running.")
]
QuarantineOption = Annotated[
    bool,
    typer.Option("--quarantine", help="Set rows that break a rule aside, and go on with the rest."),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="Processes; default: one a processor."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is written.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write to a file; needed for parquet."),
]


def workspace_of(folder: Path | None) -> Workspace:
    """The workspace that a command works in."""
    return open_workspace(folder, Path.cwd())


def as_of_date(text: str | None) -> date | None:
    """The date, or None where none was given; anything else is a UsageError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        hint = "write it as the snapshot's folder is called: 2026-10-01"
        raise UsageError("date", f"`{text[:40]}` is not a date", hint=hint) from error


def names(text: str | None) -> tuple[str, ...]:
    """The comma-separated names, blanks and repetitions dropped."""
    parts = (part.strip() for part in (text or "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
