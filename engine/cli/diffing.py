"""``qbr diff``: what moved between two snapshots, and why."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import (
    Format,
    FormatOption,
    OutputOption,
    PartialOption,
    PeriodOption,
    PolicyOption,
    WorkspaceOption,
    as_of_date,
    names,
    workspace_of,
)

if TYPE_CHECKING:
    from datetime import date

    from engine.config import Workspace
    from engine.recorded import PastRun

Before = Annotated[
    str, typer.Argument(metavar="A", help="As-of date of the earlier snapshot, or a run's folder.")
]
After = Annotated[str, typer.Argument(metavar="B", help="As-of date of the later snapshot.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="DIM,…", help="Dimensions to tell groups apart by.")
]
Ids = Annotated[str | None, typer.Option("--metric", metavar="ID,…", help="Default: all.")]
PolicyA = Annotated[
    str | None,
    typer.Option(
        "--policy-a",
        metavar="NAME",
        help="What A was counted by; default: what the period's run on A recorded.",
    ),
]
PolicyB = Annotated[
    str | None,
    typer.Option("--policy-b", metavar="NAME", help="What B is counted by; default: the policy."),
]


def diff(
    a: Before,
    b: After,
    period: PeriodOption = None,
    by: By = None,
    metric: Ids = None,
    policy: PolicyOption = None,
    policy_a: PolicyA = None,
    policy_b: PolicyB = None,
    partial: PartialOption = False,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """What each metric of a period was on snapshot A and is on B, and what moved it."""
    from engine.analysis import Analysis
    from engine.cli.restatements import restatement_text
    from engine.cli.results import show
    from engine.diff import restatement
    from engine.metrics.definitions import DEFINITIONS
    from engine.metrics.evaluate import definition
    from engine.metrics.restatement.document import document, frame

    place = workspace_of(workspace)
    run, day = _run_or_day(a)
    after = Analysis.open(place, as_of_date(b), policy_b or policy)
    asked = names(metric) or tuple(DEFINITIONS)
    for name in asked:
        definition(name, after.policy)
    before = Analysis.open(place, day, policy_a or policy_b or policy)
    earlier = min(before, after, key=lambda each: each.snapshot.as_of)
    over = earlier.period(period or (run.period if run else None), partial=partial)
    if not (policy_a or policy):
        run = run or _recorded(place, over.label, day)
    found = restatement(
        before,
        after,
        over,
        asked,
        tuple("account_id" if name == "account" else name for name in names(by)),
        rules=None if policy_a or policy or run is None else run.rules,
    )
    width = shutil.get_terminal_size().columns
    text = restatement_text(found, names(metric) or ("mrr",), place.settings.currency, width)
    show(frame(found), document(found), format, output, text=text)


def _run_or_day(text: str) -> "tuple[PastRun | None, date | None]":
    """The run whose folder it is, and the day of its snapshot; else no run and the day."""
    from engine.recorded import MANIFEST, past_run
    from engine.store.place import place_of

    folder = place_of(text, Path())
    if (folder / MANIFEST).is_file():
        run = past_run(folder)
        return run, run.as_of
    return None, as_of_date(text)


def _recorded(place: "Workspace", period: str, day: "date | None") -> "PastRun | None":
    """The run of the period on that day's snapshot, if one is there; says whose rules it has."""
    from engine.cli.screen import say
    from engine.precedent import described
    from engine.recorded import run_of

    packs = [pack.name for pack in place.configuration.packs]
    run = None if day is None else run_of(place.output, period, day, packs)
    if run is not None:
        say(f"  {day} is counted as its run was: {described(run.rules.policy)}")
    return run
