"""From counted numbers to the files that a run leaves, in this process or in others."""

import io
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

from engine.edition import Edition, digest
from engine.intake.quarantine_files import name as quarantine_name
from engine.metrics.answers import Answers
from engine.report.abstract import abstract
from engine.report.cautions import cautions
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.model import Report
from engine.report.pack import report
from engine.report.pdf import Enclosure, pdf
from engine.report.workbook.book import workbook

Step = Callable[[str], AbstractContextManager[None]]
MANIFEST = "manifest.json"

#: What a PDF says of the files inside it.
_ABOUT = {
    "metrics.parquet": "Every number of this report with its numerator and denominator",
    "workbook.xlsx": "This report as a workbook, its figures as numbers with names",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition once counted: all that its files are made of, and nothing that is open.

    Attributes:
        identity: What decides every byte; see ``Edition.identity``.
        quarantine: Name of the file with the rows set aside; empty where none were.
    """

    context: PackContext
    identity: Mapping[str, object]
    quarantine: str = ""

    @classmethod
    def of(cls, edition: Edition, answers: Answers | None = None) -> "Draft":
        """The edition counted; ``answers`` as editions may share them."""
        analysis, aside = edition.analysis, edition.analysis.quarantine
        state = analysis.workspace.state
        name = "" if aside is None else quarantine_name(aside, analysis.snapshot, state)
        return cls(edition.context(answers), edition.identity, name)


def printed(draft: Draft) -> dict[str, bytes]:
    """Everything that the run leaves, by name."""
    context = draft.context
    made = {"metrics.parquet": _table(context)}
    finished = report(context)
    markup = html(finished)
    made["workbook.xlsx"] = workbook(finished, context)
    made["report.pdf"] = _pages(context, finished, markup, made)
    told = {"summary": abstract(finished), "warnings": cautions(context, finished, markup)}
    return {**made, MANIFEST: _manifest(draft, made, told)}


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


def _manifest(draft: Draft, made: Mapping[str, bytes], told: Mapping[str, object]) -> bytes:
    context = draft.context
    manifest = {
        "run_id": context.run_id,
        **draft.identity,
        "definitions": {name: asdict(each) for name, each in context.definitions.items()},
        "rows": dict(context.tables),
        "outputs": {name: digest(content) for name, content in made.items()},
        **told,
    }
    if draft.quarantine:
        manifest["quarantine"] = draft.quarantine
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()
