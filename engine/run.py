"""One run: an edition made whole, and never made twice."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import polars as pl

from engine.analysis import Analysis
from engine.edition import Edition, digest, editions
from engine.errors import EnvironmentFault, UsageError
from engine.files import require_writable, update, write_folder
from engine.intake.read import steady
from engine.metrics.answers import Answers
from engine.period import Period
from engine.press import MANIFEST, Draft, Step, printed
from engine.report.context import PackContext
from engine.settings.pack import Pack
from engine.store.place import Place
from engine.worker import Limits, Task
from engine.workers import Workers

#: What one pack may take that is set beside others: many times what a long one does.
_LIMITS = Limits(seconds=900, memory=4 << 30)


@dataclass(frozen=True, slots=True)
class Made:
    """Where a run's files are, and whether they were there before.

    Attributes:
        group: Value of the pack's ``burst_by`` that it is of; empty for the whole pack.
        warnings: What to know about its pages, a sentence each.
        pack: The pack's name.
    """

    folder: Place
    run_id: str
    was_there: bool
    group: str = ""
    warnings: tuple[str, ...] = ()
    pack: str = ""


def make_packs(
    analysis: Analysis, packs: Sequence[Pack], period: Period, step: Step, processes: int = 1
) -> Iterator[Made]:
    """Makes the packs, or each that one is burst into; what was made before is not made again.

    Args:
        processes: On how many to set pages, if there are several to set; numbers are counted here.

    Raises:
        DataError: The data does not hold.
        EnvironmentFault: Files of an earlier run under this id were changed since; or a name
            cannot be set in any font; or the pages take more time or memory than they may.
        UsageError: The snapshot has nothing to report for the period.
    """
    found = [each for pack in packs for each in _editions(analysis, pack, period)]
    missing = [each for each in found if not is_finished(each.place)]
    if missing:
        require_writable(analysis.workspace.output)
    to_make = {each.place for each in missing}
    fresh: dict[Place, bool] = {}
    with closing(_contents(missing, step, min(processes, len(missing)))) as contents:
        for edition in found:
            while edition.place in to_make - fresh.keys():
                done, content = next(contents)
                fresh[done.place] = _is_first(done.place, content)
            yield _told(edition, was_there=not fresh.get(edition.place, False))


def make_pack(analysis: Analysis, pack: Pack, period: Period, step: Step) -> tuple[Made, ...]:
    """Makes one pack in this process; see ``make_packs``."""
    return tuple(make_packs(analysis, (pack,), period, step))


def _told(edition: Edition, *, was_there: bool) -> Made:
    """What is to be known of a run that is there; raises as ``make_packs``."""
    place = edition.place
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    if was_there:
        require_intact(place)
    _name_newest(edition)
    warnings = tuple(manifest["warnings"])
    return Made(place, edition.run_id, was_there, edition.group, warnings, edition.pack.name)


def _editions(analysis: Analysis, pack: Pack, period: Period) -> tuple[Edition, ...]:
    found = editions(analysis, pack, period)
    if not found:
        raise _nothing(period)
    return found


def files(edition: Edition, step: Step, answers: Answers | None = None) -> dict[str, bytes]:
    """Everything that the run leaves, by name; ``answers`` as editions may share them."""
    draft = _draft(edition, step, answers)
    with step("setting the pages"):
        return printed(draft)


def _contents(
    missing: Sequence[Edition], step: Step, processes: int
) -> Generator[tuple[Edition, dict[str, bytes]]]:
    """The editions' files, as they are done."""
    shared = _answered(missing)
    if processes <= 1:
        yield from ((each, files(each, step, answers)) for each, answers in shared)
        return
    tasks = (Task(_name(each), _draft(each, step, answers)) for each, answers in shared)
    known = {each.run_id: each for each in missing}
    with Workers(printed, processes, _LIMITS) as workers:
        for task, content in workers.results(tasks):
            yield known[task.order.context.run_id], content


def _answered(missing: Sequence[Edition]) -> Iterator[tuple[Edition, Answers]]:
    """Each with what answers it: one count a pack, whatever it is burst into."""
    for _, group in groupby(missing, key=lambda each: each.pack.name):
        of_pack = list(group)
        answers = of_pack[0].answers()
        yield from ((each, answers) for each in of_pack)


def _draft(edition: Edition, step: Step, answers: Answers | None) -> Draft:
    with step("counting"), steady(edition.analysis.snapshot):
        draft = Draft.of(edition, answers)
    _require_something(draft.context)
    return draft


def _name(edition: Edition) -> str:
    group = f", {edition.group}" if edition.group else ""
    return f"{edition.pack.name}{group}, {edition.period.title}"


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
