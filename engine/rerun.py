"""Many periods' packs again, each on the snapshot that it was first reported from."""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from engine.analysis import Analysis
from engine.bursting import editions
from engine.config import FILE_NAME, Workspace, read
from engine.diff import first_snapshot
from engine.errors import DataError, EngineError, UsageError
from engine.metrics.definitions import definitions_fingerprint
from engine.period import Period
from engine.precedent import differences, precedents
from engine.reproduction import reproduced
from engine.run import make_pack
from engine.store.place import Place
from engine.worker import Task
from engine.workers import Workers

#: As-of date of the snapshot that readers first saw a pack's period from, if that is known.
FirstReported = Callable[[str, str], date | None]


class State(StrEnum):
    """What became of a job."""

    MADE = "made"
    ALREADY_MADE = "already made"
    SAME = "the same bytes"
    NOT_RECORDED = "not made yet"
    FAILED = "failed"
    NO_SNAPSHOT = "no snapshot"


@dataclass(frozen=True, slots=True)
class Job:
    """A pack of a period; ``as_of`` is None where no snapshot knows the period as a whole."""

    workspace: Path
    period: Period
    pack: str
    as_of: date | None
    policy: str | None = None
    checks: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it.

    Attributes:
        folders: Of its runs: one, or one a value of what it is burst by.
        message: The whole error where it failed.
        exit_status: As SPEC §5 has it; 0 where it did not fail.
    """

    job: Job
    state: State
    folders: tuple[Place, ...] = ()
    message: str = ""
    exit_status: int = 0


def periods(first: Period, last: Period) -> tuple[Period, ...]:
    """Every period from the first to the last, both included.

    Raises:
        UsageError: They are of different lengths, or the last comes before the first.
    """
    if first.length != last.length:
        raise UsageError(
            "period",
            f"{first.label} and {last.label} are not of one kind",
            hint="take two months, two fiscal quarters or two fiscal years",
        )
    if last.start < first.start:
        raise UsageError(
            "period", f"{last.label} comes before {first.label}", hint="swap --from and --to"
        )
    return tuple(first.before(-n) for n in range((last.start - first.start) // first.length + 1))


def planned(
    workspace: Workspace,
    over: Sequence[Period],
    packs: Sequence[str],
    days: Sequence[date],
    first_reported: FirstReported,
    *,
    as_of: date | None = None,
    policy: str | None = None,
    checks: bool = False,
) -> list[Job]:
    """A job a period and pack.

    Args:
        days: As-of dates of the snapshots that are there.
        as_of: The snapshot for all; default: the one that each was first reported from, if it
            is still there, else the earliest that knows the period as a whole.
        checks: Finished runs are compared with what they would be now; nothing is made.
    """

    def snapshot(period: Period, pack: str) -> date | None:
        reported = first_reported(period.label, pack)
        return reported if reported in days else first_snapshot(days, period)

    return [
        Job(workspace.folder, each, pack, as_of or snapshot(each, pack), policy, checks)
        for each in over
        for pack in packs
    ]


def rerun(workspace: Workspace, jobs: Sequence[Job], processes: int) -> Generator[Outcome]:
    """Does the jobs on that many processes; an outcome each, as they are done.

    A pack tells where an earlier period's was counted by other rules; so where one was, its job
    is done first. Which runs are made is then the same in any order and after any interruption.
    """
    left = list(jobs)
    if processes <= 1 or len(jobs) <= 1:
        for job in left:  # periods ascend, so earlier ones come first anyway
            yield done(job)
        return
    with Workers(done, min(processes, len(jobs))) as workers:
        while left:
            ready = [job for job in left if not _waits(workspace, job, left)]
            left = [job for job in left if job not in ready]
            tasks = (Task(f"{job.pack}, {job.period.title}", job) for job in ready)
            yield from (outcome for _, outcome in workers.results(tasks))


def done(job: Job) -> Outcome:
    """What becomes of the job; what stops it is told, not raised."""
    if job.as_of is None:
        return Outcome(job, State.NO_SNAPSHOT, (), str(_no_snapshot(job)), DataError.exit_status)
    try:
        return _checked(job, job.as_of) if job.checks else _made(job, job.as_of)
    except EngineError as error:
        return Outcome(job, State.FAILED, (), str(error), error.exit_status)


def _made(job: Job, as_of: date) -> Outcome:
    analysis, period = _opened(job, as_of)
    runs = make_pack(analysis, analysis.workspace.pack(job.pack), period, _unseen)
    state = State.ALREADY_MADE if all(each.was_there for each in runs) else State.MADE
    return Outcome(job, state, tuple(each.folder for each in runs))


def _checked(job: Job, as_of: date) -> Outcome:
    analysis, period = _opened(job, as_of)
    found = [
        reproduced(each, _unseen)
        for each in editions(analysis, analysis.workspace.pack(job.pack), period)
    ]
    folders = tuple(each for each in found if each is not None)
    return Outcome(job, State.SAME if folders else State.NOT_RECORDED, folders)


def _opened(job: Job, as_of: date) -> tuple[Analysis, Period]:
    """The snapshot, and the period on it."""
    analysis = _analysis(job.workspace, as_of, job.policy)
    # A period that was first reported while it was running is made so again.
    return analysis, analysis.period(job.period.label, partial=as_of < job.period.last_day)


@cache
def _analysis(folder: Path, as_of: date, policy: str | None) -> Analysis:
    """The snapshot, opened and checked once a process."""
    return Analysis.open(read(folder / FILE_NAME), as_of, policy)


def _waits(workspace: Workspace, job: Job, left: Sequence[Job]) -> bool:
    """Whether an earlier period's job is still to be done whose pack this one may tell of."""
    before = {job.period.before(), job.period.year_before}
    if not any(each.period in before and each.pack == job.pack for each in left):
        return False
    pack = workspace.pack(job.pack)
    found = precedents(workspace.output, job.pack, job.period)
    policy = workspace.policy(job.policy)
    return bool(pack.burst_by or differences(found, policy, definitions_fingerprint()))


def _no_snapshot(job: Job) -> DataError:
    return DataError(
        "snapshot-missing",
        f"no snapshot knows the whole of {job.period.title}",
        hint="put an export of a day after its end among the snapshots",
    )


def _unseen(_: str) -> AbstractContextManager[None]:
    """A step that is shown to nobody."""
    return nullcontext()
