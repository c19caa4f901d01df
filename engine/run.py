"""One run: an edition made whole, and never made twice."""

import io
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from engine.analysis import Analysis
from engine.edition import Edition, digest
from engine.errors import EnvironmentFault, UsageError
from engine.files import write_folder, write_whole
from engine.intake.verdict import as_json
from engine.period import Period
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.pack import report
from engine.report.pdf import Enclosure, pdf
from engine.settings.pack import Pack

Step = Callable[[str], AbstractContextManager[None]]
MANIFEST = "manifest.json"

#: What a PDF says of the files inside it.
_ABOUT = {
    "metrics.parquet": "Every number of this report, one row each, with numerator and denominator"
}


@dataclass(frozen=True, slots=True)
class Made:
    """Where a run's files are, and whether they were there before.

    Attributes:
        group: Value of the pack's ``burst_by`` that it is of; empty for the whole pack.
    """

    folder: Path
    run_id: str
    was_there: bool
    group: str = ""


def make_pack(analysis: Analysis, pack: Pack, period: Period, step: Step) -> Made:
    """Makes the pack, unless the same run was made before.

    Raises:
        DataError: The data does not hold.
        EnvironmentFault: Files of an earlier run under this id were changed since.
    """
    return make(Edition(analysis, pack, period), step)


def make(edition: Edition, step: Step) -> Made:
    """Makes the edition, unless the same run was made before; raises as ``make_pack``."""
    as_of = edition.analysis.snapshot.as_of
    folder = edition.folder / f"{as_of}-{edition.run_id}"
    was_there = folder.exists() or not _is_first(folder, files(edition, step))
    if was_there:
        _require_intact(folder)
    _name_newest(edition.folder, as_of, folder)
    return Made(folder, edition.run_id, was_there, edition.group)


def files(edition: Edition, step: Step) -> dict[str, bytes]:
    """Everything that the run leaves, by name."""
    with step("counting"):
        context = edition.context()
    _require_something(context)
    made = {"metrics.parquet": _table(context)}
    with step("setting the pages"):
        made["report.pdf"] = _pages(context, made)
    return {**made, MANIFEST: _manifest(edition, context, made)}


def _table(context: PackContext) -> bytes:
    table = io.BytesIO()
    context.numbers.frame.write_parquet(table)
    return table.getvalue()


def _pages(context: PackContext, made: Mapping[str, bytes]) -> bytes:
    """The PDF, with the files that were made before it inside."""
    finished = report(context)
    return pdf(
        html(finished),
        brand_folder=context.brand_folder,
        enclosures=[Enclosure(name, _ABOUT[name], made[name]) for name in sorted(made)],
        dated=context.as_of,
        places={section.anchor: section.name for section in finished.sections},
    )


def _manifest(edition: Edition, context: PackContext, made: Mapping[str, bytes]) -> bytes:
    manifest = {
        "run_id": edition.run_id,
        **edition.identity,
        "definitions": {name: asdict(each) for name, each in context.definitions.items()},
        "validation": as_json(context.verdict),
        "rows": dict(context.tables),
        "outputs": {name: digest(content) for name, content in made.items()},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _is_first(folder: Path, made: Mapping[str, bytes]) -> bool:
    """Whether the files were written; False where the same run, made at once, was faster."""
    try:
        write_folder(folder, made)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    return True


def _require_something(context: PackContext) -> None:
    """UsageError where every number of the period is zero or unknown."""
    here = (pl.col("period") == context.period.label) & (pl.col("value") != 0)
    if context.numbers.frame.filter(here).is_empty():
        raise UsageError(
            "nothing-to-report",
            f"the snapshot has nothing to report for {context.period.title}",
            hint="take a period in which something was contracted or billed",
        )


def _require_intact(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name, recorded in manifest["outputs"].items():
        if not (folder / name).is_file() or digest((folder / name).read_bytes()) != recorded:
            raise EnvironmentFault(
                "run-changed",
                f"{name} is not what this run had written",
                where=str(folder),
                note="the same run id gives the same bytes, so a finished run is never overwritten",
                hint="move the folder away and run again",
            )


def _name_newest(packs: Path, as_of: date, folder: Path) -> None:
    """Lets ``current.json`` name the run, unless it names one of a later snapshot."""
    current = packs / "current.json"
    if current.exists():
        named = json.loads(current.read_text(encoding="utf-8"))
        if named["as_of"] > str(as_of):
            return
    content = {"as_of": str(as_of), "run": folder.name}
    write_whole(current, (json.dumps(content, indent=1) + "\n").encode())
