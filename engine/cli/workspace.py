"""``qbr init``: a workspace to fill in."""

from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make the workspace in.")]


def init(directory: Directory) -> None:
    """Writes a workspace: a commented quarterdeck.toml, and folders for brand and snapshots."""
    from engine.cli.screen import say
    from engine.config import FILE_NAME
    from engine.errors import UsageError

    if (directory / FILE_NAME).exists():
        hint = "edit it, or name another folder"
        raise UsageError("workspace", f"{directory / FILE_NAME} is already there", hint=hint)
    make_workspace(directory, template())
    say(f"wrote {directory / FILE_NAME}; put exports into {directory / 'snapshots'}/<YYYY-MM-DD>/")


def template() -> str:
    """The commented configuration."""
    from importlib.resources import files

    return files("report_templates").joinpath("workspace/quarterdeck.toml").read_text("utf-8")


def make_workspace(directory: Path, configuration: str) -> None:
    """Makes the folders and, last and whole, the configuration."""
    from engine.config import FILE_NAME
    from engine.files import write_whole

    for folder in ("brand", "snapshots"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    write_whole(directory / FILE_NAME, configuration.encode())
