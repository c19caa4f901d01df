"""One run: an edition made whole, and never made twice."""

import io
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from engine.analysis import Analysis
from engine.edition import Edition, digest, editions
from engine.errors import EnvironmentFault, UsageError
from engine.files import require_writable, update, write_folder
from engine.intake.quarantine_files import name as quarantine_name
from engine.intake.read import steady
from engine.metrics.answers import Answers
from engine.period import Period
from engine.report.abstract import abstract
from engine.report.cautions import cautions
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Report
from engine.report.pack import report
from engine.report.pdf import Enclosure, pdf
from engine.report.workbook.book import workbook
from engine.settings.pack import Pack
from engine.store.place import Place

Step = Callable[[str], AbstractContextManager[None]]
MANIFEST = "manifest.json"

#: What a PDF says of the files inside it.
_ABOUT = {
    "metrics.parquet": "Every number of this report with its numerator and denominator",
    "workbook.xlsx": "This report as a workbook, its figures as numbers with names",
}


@dataclass(frozen=True, slots=True)
class Made:
    """Where a run's files are, and whether they were there before.

    Attributes:
        group: Value of the pack's ``burst_by`` that it is of; empty for the whole pack.
        warnings: What to know about its pages, a sentence each.
    """

    folder: Place
    run_id: str
    was_there: bool
    group: str = ""
    warnings: tuple[str, ...] = ()


def make_pack(analysis: Analysis, pack: Pack, period: Period, step: Step) -> tuple[Made, ...]:
    """Makes the pack, or each that it is burst into; what was made before is not made again.

    Raises:
        DataError: The data does not hold.
        EnvironmentFault: Files of an earlier run under this id were changed since; or a name
            cannot be set in any font.
        UsageError: The snapshot has nothing to report for the period.
    """
    found = editions(analysis, pack, period)
    if not found:
        raise _nothing(period)
    is_fresh = any(not is_finished(edition.place) for edition in found)
    if is_fresh:
        require_writable(analysis.workspace.output)
    answers = found[0].answers() if is_fresh else None
    return tuple(make(edition, step, answers) for edition in found)


def make(edition: Edition, step: Step, answers: Answers | None = None) -> Made:
    """Makes the edition, unless the same run was made before; raises as ``make_pack``."""
    place, was_there = edition.place, is_finished(edition.place)
    if not was_there:
        was_there = not _is_first(place, files(edition, step, answers))
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    if was_there:
        require_intact(place)
    _name_newest(edition)
    return Made(place, edition.run_id, was_there, edition.group, tuple(manifest["warnings"]))


def files(edition: Edition, step: Step, answers: Answers | None = None) -> dict[str, bytes]:
    """Everything that the run leaves, by name; ``answers`` as editions may share them."""
    with step("counting"), steady(edition.analysis.snapshot):
        context = edition.context(answers)
    _require_something(context)
    made = {"metrics.parquet": _table(context)}
    with step("setting the pages"):
        finished = report(context)
        markup = html(finished)
        made["workbook.xlsx"] = workbook(finished, context)
        made["report.pdf"] = _pages(context, finished, markup, made)
    told = {"summary": abstract(finished), "warnings": cautions(context, finished, markup)}
    return {**made, MANIFEST: _manifest(edition, context, made, told)}


def _table(context: PackContext) -> bytes:
    table = io.BytesIO()
    context.numbers.frame.write_parquet(table)
    return table.getvalue()


def _pages(context: PackContext, finished: Report, markup: str, made: Mapping[str, bytes]) -> bytes:
    """The PDF, with the files that were made before it inside."""
    return pdf(
        markup,
        brand_folder=context.brand_folder,
        enclosures=[Enclosure(name, _ABOUT[name], made[name]) for name in sorted(made)],
        dated=context.as_of,
        places={section.anchor: section.name for section in finished.sections},
    )


def _manifest(
    edition: Edition, context: PackContext, made: Mapping[str, bytes], told: Mapping[str, object]
) -> bytes:
    manifest = {
        "run_id": edition.run_id,
        **edition.identity,
        "definitions": {name: asdict(each) for name, each in context.definitions.items()},
        "rows": dict(context.tables),
        "outputs": {name: digest(content) for name, content in made.items()},
        **told,
    }
    analysis = edition.analysis
    if (aside := analysis.quarantine) is not None:
        manifest["quarantine"] = quarantine_name(aside, analysis.snapshot, analysis.workspace.state)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _is_first(folder: Place, made: Mapping[str, bytes]) -> bool:
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
        raise _nothing(context.period)


def _nothing(period: Period) -> UsageError:
    return UsageError(
        "nothing-to-report",
        f"the snapshot has nothing to report for {period.title}",
        hint="take a period in which something was contracted or billed",
    )


def is_finished(folder: Place) -> bool:
    """Whether the run is there, whole: in an object store its manifest comes last."""
    return folder.exists() if isinstance(folder, Path) else (folder / MANIFEST).is_file()


def require_intact(folder: Place) -> None:
    """EnvironmentFault where a file of the run is not what its manifest says was written."""
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


def _name_newest(edition: Edition) -> None:
    """Lets ``current.json`` name the run, unless it names one of a later snapshot."""
    as_of = str(edition.analysis.snapshot.as_of)
    content = {"as_of": as_of, "run": edition.place.name}

    def forward(known: bytes | None) -> bytes | None:
        is_earlier = known is not None and json.loads(known)["as_of"] > as_of
        return None if is_earlier else (json.dumps(content, indent=1) + "\n").encode()

    update(edition.folder / "current.json", forward)
