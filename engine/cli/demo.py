"""``qbr demo``: a sample company, and its packs."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder for the sample.")]


def demo(directory: Directory = Path("quarterdeck-demo")) -> None:
    """Makes a sample workspace with snapshots and runs its packs; prints where the PDFs are."""
    from engine.cli.running import run
    from engine.cli.screen import step
    from engine.cli.workspace import make_workspace, template
    from engine.config import FILE_NAME
    from engine.report.pango import require_pango

    require_pango()
    if not (directory / FILE_NAME).exists():
        make_workspace(directory, _branded(template()))
        _add_logos(directory / "brand")
    if not any((directory / "snapshots").glob("*/crm")):
        from fixtures.company import write_company
        from fixtures.earlier import write_earlier

        with step("making a company of 2,000 accounts over 36 months"):
            latest = write_company(directory / "snapshots")
            write_earlier(latest, date(2026, 7, 1))
    run(workspace=directory)


def _branded(configuration: str) -> str:
    """The configuration with the sample company's name and logos."""
    named = configuration.replace('# name = "Northbeam"', 'name = "Northbeam"')
    logos = 'logo = "logo.svg"\nlogo_on_dark = "logo-on-dark.svg"'
    return named.replace('# logo = "logo.svg"', logos)


def _add_logos(brand: Path) -> None:
    from importlib.resources import files

    shipped = files("report_templates").joinpath("brands/northbeam")
    for logo in shipped.iterdir():
        (brand / logo.name).write_bytes(logo.read_bytes())
