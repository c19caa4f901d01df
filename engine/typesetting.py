"""From editions to the files that runs leave: in this process, or in others beside it."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from itertools import groupby

import polars as pl

from engine.edition import Edition
from engine.errors import EngineError, UsageError, tried
from engine.intake.read import steady
from engine.metrics.answers import Answers
from engine.period import Period
from engine.press import Draft, Step, printed
from engine.report.context import PackContext
from engine.worker import Limits, Task
from engine.workers import Workers

#: What one pack may take that is set beside others: many times what a long one does.
_LIMITS = Limits(seconds=900, memory=4 << 30)

#: Everything that a run leaves, by name.
Files = dict[str, bytes]


def files(edition: Edition, step: Step) -> Files:
    """Everything that the run leaves, by name."""
    return _pages(_draft(edition, step), step)


def contents(
    editions: Sequence[Edition], step: Step, processes: int
) -> Generator[tuple[Edition, Files | EngineError]]:
    """Each edition's files as they are done, or what stopped it; the others go on.

    Args:
        editions: Those of one pack one after the other, as they are counted once together.
        processes: On how many to set pages; numbers are counted here.
    """
    drafts = _drafts(editions, step)
    return _here(drafts, step) if processes <= 1 else _beside(drafts, processes)


def nothing(period: Period) -> UsageError:
    """What is said where a pack would be empty."""
    return UsageError(
        "nothing-to-report",
        f"the snapshot has nothing to report for {period.title}",
        hint="take a period in which something was contracted or billed",
    )


_Drafts = Iterator[tuple[Edition, Draft | EngineError]]
_Contents = Generator[tuple[Edition, Files | EngineError]]


def _here(drafts: _Drafts, step: Step) -> _Contents:
    for edition, draft in drafts:
        if isinstance(draft, EngineError):
            yield edition, draft
        else:
            yield edition, tried(_pages, draft, step)


def _beside(drafts: _Drafts, processes: int) -> _Contents:
    given: dict[str, Edition] = {}
    failed: deque[tuple[Edition, EngineError]] = deque()

    def tasks() -> Iterator[Task[Draft]]:
        for edition, draft in drafts:
            if isinstance(draft, EngineError):
                failed.append((edition, draft))
            else:
                name = _name(edition)
                given[name] = edition
                yield Task(name, draft)

    with Workers(printed, processes, _LIMITS) as workers:
        for task, made in workers.outcomes(tasks()):
            while failed:
                yield failed.popleft()
            yield given[task.name], made
    yield from failed


def _drafts(editions: Sequence[Edition], step: Step) -> _Drafts:
    """Each counted: one count a pack, whatever it is burst into."""
    for _, group in groupby(editions, key=lambda each: (each.pack.name, each.period.label)):
        of_pack = list(group)
        answers = tried(of_pack[0].answers)
        for each in of_pack:
            if isinstance(answers, EngineError):
                yield each, answers
            else:
                yield each, tried(_draft, each, step, answers)


def _pages(draft: Draft, step: Step) -> Files:
    with step("setting the pages"):
        return printed(draft)


def _draft(edition: Edition, step: Step, answers: Answers | None = None) -> Draft:
    with step("counting"), steady(edition.analysis.snapshot):
        draft = Draft.of(edition, answers)
    _require_something(draft.context)
    return draft


def _require_something(context: PackContext) -> None:
    """UsageError where every number of the period is zero or unknown."""
    here = (pl.col("period") == context.period.label) & (pl.col("value") != 0)
    if context.numbers.frame.filter(here).is_empty():
        raise nothing(context.period)


def _name(edition: Edition) -> str:
    group = f", {edition.group}" if edition.group else ""
    return f"{edition.pack.name}{group}, {edition.period.title}"
