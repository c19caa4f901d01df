"""``qbr demo``: a sample company, and its packs."""

import errno
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
        _add_brand(directory / "brand")
        make_workspace(directory, _branded(template()))
    if not any((directory / "snapshots").glob("*/crm")):
        with step("making a company of 2,000 accounts over 36 months"):
            _make_snapshots(directory)
    run(workspace=directory)


def _make_snapshots(directory: Path) -> None:
    """Puts both snapshots in place of the empty folder at once, so that a half is never taken.

    Of two made at the same time, which are equal, the first stays.
    """
    from engine.files import beside
    from fixtures.company import write_company
    from fixtures.earlier import write_earlier

    snapshots = directory / "snapshots"
    with beside(snapshots) as aside:
        latest = write_company(aside)
        write_earlier(latest, date(2026, 7, 1))
        try:
            aside.replace(snapshots)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise


def _branded(configuration: str) -> str:
    """The configuration with the sample company's name, logos and font for Japanese names."""
    named = configuration.replace('# name = "Northbeam"', 'name = "Northbeam"')
    files = 'logo = "logo.svg"\nlogo_on_dark = "logo-on-dark.svg"\nfallback = "scripts"'
    return named.replace('# logo = "logo.svg"', files)


def _add_brand(brand: Path) -> None:
    from engine.files import write_whole
    from engine.report.assets import TEMPLATES

    shipped = TEMPLATES / "brands" / "northbeam"
    for file in sorted(each for each in shipped.rglob("*") if each.is_file()):
        place = brand / file.relative_to(shipped)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, file.read_bytes())
