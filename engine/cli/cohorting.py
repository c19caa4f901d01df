"""``qbr cohorts``: what became of the accounts that started together."""

import json
from typing import Annotated

import polars as pl
import typer

from engine.cli.options import (
    Format,
    FormatOption,
    OutputOption,
    PartialOption,
    PeriodOption,
    PolicyOption,
    QuarantineOption,
    SnapshotOption,
    WorkspaceOption,
    names,
    workspace_of,
)

By = Annotated[str | None, typer.Option("--by", metavar="DIM,…", help="Dimensions.")]
Monthly = Annotated[bool, typer.Option("--monthly", help="Cohorts by month, not fiscal quarter.")]

#: Ages that a reader compares cohorts at.
AGES = (1, 3, 6, 12)


def cohorts(
    by: By = None,
    monthly: Monthly = False,
    period: PeriodOption = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    partial: PartialOption = False,
    quarantine: QuarantineOption = False,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The cohort table, ages that every account of a cohort has reached."""
    from engine.cli.opening import opened
    from engine.cli.results import show
    from engine.intake.read import steady
    from engine.metrics.cohorts import cohorts as table

    analysis = opened(workspace_of(workspace), snapshot, policy, quarantine=quarantine)
    over = analysis.period(period, partial=partial)
    dimensions = names(by)
    with steady(analysis.snapshot):
        frame = analysis.book(over.closing, dimensions).foreseen(
            lambda book: table(book, over.closing, dimensions, by_month=monthly)
        )
    rows = [{**row, "group": json.loads(row["group"])} for row in frame.iter_rows(named=True)]
    show(_glance(frame) if format is Format.TABLE else frame, rows, format, output)


def _glance(frame: pl.DataFrame) -> pl.DataFrame:
    """A row a cohort and group: retentions and ARPU at ages 1, 3, 6, 12; averages last."""
    from engine.metrics.cohorts import averages

    keys = ["cohort", "group"]
    measures = ("logo_retention", "revenue_retention", "arpu")
    wide = frame.filter(pl.col("age") == 0).select(*keys, "acquired")
    mean = averages(frame)
    last: dict[str, object] = {"cohort": "weighted average", "group": "", "acquired": None}
    for measure in measures:
        for age in AGES:
            name = f"{_SHORT[measure]} {age}"
            at = frame.filter(pl.col("age") == age).select(*keys, pl.col(measure).alias(name))
            wide = wide.join(at, on=keys, how="left", maintain_order="left")
            known = mean.filter(pl.col("age") == age)
            has = measure in mean.columns and known.height > 0
            last[name] = known[measure].item() if has else None
    return pl.concat([wide, pl.DataFrame([last], schema=wide.schema)])


_SHORT = {"logo_retention": "logos", "revenue_retention": "MRR", "arpu": "ARPU"}
