"""``qbr bridge``: why a ratio changed between two periods."""

import json
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from engine.cli.options import (
    Format,
    FormatOption,
    OutputOption,
    PartialOption,
    PolicyOption,
    SnapshotOption,
    WorkspaceOption,
    as_of_date,
    names,
    workspace_of,
)

if TYPE_CHECKING:
    from engine.metrics.shift import Shift

Ratio = Annotated[str, typer.Option("--metric", metavar="M", help="A ratio, such as arpu.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="DIM,…", help="Dimensions, or account; default: a ranking."),
]
From = Annotated[str, typer.Option("--from", metavar="P", help="The earlier period.")]
To = Annotated[str, typer.Option("--to", metavar="P", help="The later period.")]

RANKED = ("segment", "industry", "region", "channel", "campaign", "vendor", "owner", "cohort")


def bridge(
    from_: From,
    to: To,
    metric: Ratio = "arpu",
    by: By = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    partial: PartialOption = False,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The mix-shift: how much of a ratio's change is rate, mix, entered, exited, unattached."""
    from engine.analysis import Analysis
    from engine.cli.results import show
    from engine.metrics.evaluate import definition
    from engine.metrics.shift import document, ranked, shift

    analysis = Analysis.open(workspace_of(workspace), as_of_date(snapshot), policy)
    wanted = definition(metric, analysis.policy)
    start, end = analysis.period(from_, partial=partial), analysis.period(to, partial=partial)
    dimensions = tuple("account_id" if name == "account" else name for name in names(by))
    last = max(start.closing, end.closing)
    book = analysis.book(last, dimensions or RANKED)
    if dimensions:
        found = shift(book, wanted, dimensions, start, end)
        show(_effects(found, dimensions), document(found), format, output)
    else:
        every = ranked(book, wanted, RANKED, start, end)
        show(_ranking(every), [document(each) for each in every], format, output)


def _effects(found: "Shift", by: tuple[str, ...]) -> pl.DataFrame:
    """A row a group and effect, the total last."""
    from engine.metrics.bridge import EFFECTS

    rows = [
        [*json.loads(group).values(), *map(float, effects), float(sum(effects))]
        for group, effects in found.ratio.groups.items()
    ]
    total = [float(effect) for effect in found.ratio.effects.values()]
    rows.append(["Total", *[""] * (len(by) - 1), *total, float(sum(found.ratio.effects.values()))])
    return pl.DataFrame(rows, schema=[*by, *EFFECTS, "change"], orient="row")


def _ranking(found: "list[Shift]") -> pl.DataFrame:
    """A row a dimension, the one that explains most first."""
    from engine.metrics.bridge import EFFECTS

    rows = [
        [each.by[0], float(each.explained), *map(float, each.ratio.effects.values())]
        for each in found
    ]
    return pl.DataFrame(rows, schema=["dimension", "explained", *EFFECTS], orient="row")
