"""One run: a pack of a period made from a snapshot, whole, under an id known before work starts."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

import engine
from engine.analysis import Analysis
from engine.config import Pack, Workspace
from engine.errors import EnvironmentFault, UsageError
from engine.files import write_folder, write_whole
from engine.intake.identity import FileIdentity, identities
from engine.intake.verdict import as_json
from engine.metrics.definitions import DEFINITIONS, definitions_fingerprint
from engine.metrics.numbers import SCHEMA, Numbers
from engine.period import Period
from engine.precedent import differences, precedents
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.look import PAPERS
from engine.report.pack import asks, report
from engine.report.pdf import pdf
from engine.report.write import rendering_stack, templates_digest
from engine.settings.pack import DELIVERY_FIELDS

Step = Callable[[str], AbstractContextManager[None]]
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Made:
    """Where a run's files are, and whether they were there before."""

    folder: Path
    run_id: str
    was_there: bool


def make_pack(analysis: Analysis, pack: Pack, period: Period, step: Step) -> Made:
    """Makes the pack, unless the same run was made before.

    Raises:
        DataError: The data does not hold.
        EnvironmentFault: Files of an earlier run under this id were changed since.
    """
    packs = analysis.workspace.output / period.label / pack.name
    notes = differences(precedents(packs, period), analysis.policy, definitions_fingerprint())
    identity = _identity(analysis, pack, period, identities(analysis.snapshot))
    if notes:
        identity["notes"] = notes
    run_id = _digest(json.dumps(identity, sort_keys=True).encode())[:16]
    folder = packs / f"{analysis.snapshot.as_of}-{run_id}"
    was_there = folder.exists()
    if not was_there:
        context = _context(analysis, pack, period, run_id, notes)
        was_there = not _is_first(folder, _files(context, analysis, identity, step))
    if was_there:
        _require_intact(folder)
    _name_newest(packs, analysis.snapshot.as_of, folder)
    return Made(folder, run_id, was_there)


def _is_first(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Whether the files were written; False where the same run, made at once, was faster."""
    try:
        write_folder(folder, files)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    return True


def _identity(
    analysis: Analysis, pack: Pack, period: Period, files: tuple[FileIdentity, ...]
) -> dict[str, object]:
    """All that the bytes depend on; its hash is the run id."""
    workspace = analysis.workspace
    settings = workspace.settings
    return {
        "engine": engine.__version__,
        "snapshot": {
            "as_of": str(analysis.snapshot.as_of),
            "files": [asdict(each) for each in files],
        },
        "period": {
            "label": period.label,
            "first_day": str(period.first_day),
            "last_day": str(period.last_day),
            "fiscal_year_start": period.fiscal_year_start,
        },
        "pack": pack.model_dump(mode="json", exclude=set(DELIVERY_FIELDS)),
        "policy": {
            "fingerprint": analysis.policy.fingerprint,
            **analysis.policy.model_dump(mode="json"),
        },
        "definitions_fingerprint": definitions_fingerprint(),
        "currency": settings.currency,
        "locale": settings.locale,
        "brand": workspace.configuration.brand.model_dump(mode="json"),
        "brand_files": _brand_files(workspace),
        "templates": templates_digest(),
        "rendering_stack": dict(rendering_stack()),
    }


def _files(
    context: PackContext, analysis: Analysis, identity: Mapping[str, object], step: Step
) -> dict[str, bytes]:
    with step("counting"):
        asked = asks(context.period, context.dimensions, context.sections)
        frame = analysis.numbers(asked, context.scope)
    _require_something(frame, context.period)
    context = replace(context, numbers=Numbers(frame))
    with step("setting the pages"):
        pages = pdf(html(report(context)), brand_folder=context.brand_folder)
    table = io.BytesIO()
    context.numbers.frame.write_parquet(table)
    files = {"report.pdf": pages, "metrics.parquet": table.getvalue()}
    manifest = {
        "run_id": context.run_id,
        **identity,
        "definitions": {name: asdict(each) for name, each in context.definitions.items()},
        "validation": as_json(analysis.verdict),
        "rows": dict(context.tables),
        "outputs": {name: _digest(content) for name, content in files.items()},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    return {**files, MANIFEST: f"{text}\n".encode()}


def _context(
    analysis: Analysis, pack: Pack, period: Period, run_id: str, notes: tuple[str, ...]
) -> PackContext:
    """What the pack is written from, its numbers still to come."""
    workspace = analysis.workspace
    files = [asdict(each) for each in identities(analysis.snapshot)]
    return PackContext(
        numbers=Numbers(pl.DataFrame(schema=SCHEMA)),
        period=period,
        as_of=analysis.snapshot.as_of,
        brand=workspace.configuration.brand,
        brand_folder=_brand_folder(workspace),
        title=pack.title,
        policy=analysis.policy,
        definitions={name: each.under(analysis.policy) for name, each in DEFINITIONS.items()},
        definitions_fingerprint=definitions_fingerprint(),
        snapshot=str(analysis.snapshot.as_of),
        snapshot_digest=_digest(json.dumps(files, sort_keys=True).encode())[:12],
        currency=workspace.settings.currency,
        locale=workspace.settings.locale,
        run_id=run_id,
        engine_version=engine.__version__,
        tables=tuple((each.table, each.rows) for each in analysis.verdict.tables),
        verdict=analysis.verdict,
        dimension=pack.dimensions[0],
        dimensions=pack.dimensions,
        sections=pack.sections,
        scope=pack.filters,
        audience=pack.audience,
        paper=PAPERS[pack.paper],
        notes=notes,
    )


def _require_something(frame: pl.DataFrame, period: Period) -> None:
    """UsageError where every number of the period is zero or unknown."""
    here = (pl.col("period") == period.label) & (pl.col("value") != 0)
    if frame.filter(here).is_empty():
        raise UsageError(
            "nothing-to-report",
            f"the snapshot has nothing to report for {period.title}",
            hint="take a period in which something was contracted or billed",
        )


def _require_intact(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        if not (folder / name).is_file() or _digest((folder / name).read_bytes()) != digest:
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


def _brand_files(workspace: Workspace) -> dict[str, str]:
    """Digest of each file that the brand draws with; a missing one is a UsageError."""
    folder = _brand_folder(workspace)
    files = workspace.configuration.brand.files(folder)
    return {
        str(file.relative_to((folder or file).resolve())): _digest(file.read_bytes())
        for file in files
    }


def _brand_folder(workspace: Workspace) -> Path | None:
    folder = workspace.folder / "brand"
    return folder if folder.is_dir() else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
