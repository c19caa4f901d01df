"""``qbr bridge``: why a ratio changed between two periods."""

import functools
import json
import sys
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from engine.cli.options import (
    Format,
    FormatOption,
    OutputOption,
    PartialOption,
    PolicyOption,
    QuarantineOption,
    SnapshotOption,
    WorkspaceOption,
    names,
    workspace_of,
)

if TYPE_CHECKING:
    from engine.facts.book import Book
    from engine.metrics.shift import Shift

Ratio = Annotated[str, typer.Option("--metric", metavar="M", help="A ratio, such as arpu.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="DIM,…", help="Dimensions, or account; default: a ranking."),
]
From = Annotated[str, typer.Option("--from", metavar="P", help="The earlier period.")]
To = Annotated[str, typer.Option("--to", metavar="P", help="The later period.")]

#: Groups that a table shows one by one.
SHOWN = 40

#: Dimensions that are ranked where none is named.
RANKED = ("segment", "industry", "region", "channel", "campaign", "vendor", "owner", "cohort")


def bridge(
    from_: From,
    to: To,
    metric: Ratio = "arpu",
    by: By = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    partial: PartialOption = False,
    quarantine: QuarantineOption = False,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The mix-shift: how much of a ratio's change is rate, mix, entered, exited, unattached."""
    from engine.cli.opening import opened
    from engine.cli.results import show, table
    from engine.intake.read import steady
    from engine.metrics.evaluate import definition, sums
    from engine.metrics.shift import document, ranked, shift
    from engine.metrics.ties import ties

    analysis = opened(workspace_of(workspace), snapshot, policy, quarantine=quarantine)
    wanted = definition(metric, analysis.policy)
    start, end = analysis.period(from_, partial=partial), analysis.period(to, partial=partial)
    dimensions = tuple("account_id" if name == "account" else name for name in names(by))
    last = max(start.closing, end.closing)
    book = analysis.book(last, dimensions or RANKED)

    def found_in(book: "Book") -> "list[Shift]":
        summed = functools.partial(sums, book)
        if not dimensions:
            return ranked(summed, wanted, RANKED, start, end)
        return [shift(summed, wanted, dimensions, start, end)]

    is_tied = dimensions == ("account_id",) and start.closing < end.closing
    with steady(analysis.snapshot):
        every = book.foreseen(found_in)
        tied = {"movements": ties(book, start, end)} if is_tied else {}
    if dimensions:
        (found,) = every
        effects = _effects(found, dimensions)
        shown = _largest(effects) if format is Format.TABLE else effects
        show(shown, document(found) | tied, format, output)
        if format is Format.TABLE and output is None:
            more = [_numerator(found), *([pl.DataFrame(tied["movements"])] if tied else [])]
            sys.stdout.write("".join(f"\n{table(each)}" for each in more))
    else:
        show(_ranking(every), [document(each) for each in every], format, output)


def _effects(found: "Shift", by: tuple[str, ...]) -> pl.DataFrame:
    """A row a group and effect, the total last."""
    from engine.cli.results import beside
    from engine.metrics.bridge import EFFECTS

    effects = (*EFFECTS, "change")
    groups = sorted(found.ratio.groups.items(), key=lambda each: (-abs(sum(each[1])), each[0]))
    rows = [
        [*json.loads(group).values(), *map(float, parts), float(sum(parts))]
        for group, parts in groups
    ]
    total = [float(effect) for effect in found.ratio.effects.values()]
    rows.append(["Total", *[""] * (len(by) - 1), *total, float(sum(found.ratio.effects.values()))])
    return pl.DataFrame(rows, schema=[*beside(by, effects), *effects], orient="row")


def _numerator(found: "Shift") -> pl.DataFrame:
    """The bridge of what is divided, such as MRR: volume first, then each effect."""
    steps = {
        f"{found.metric.numerator}, {found.start.title}": found.numerator.start,
        f"from more or fewer {found.metric.denominator}": found.numerator.volume,
        **{f"from {name}": each for name, each in found.numerator.effects.items()},
        f"{found.metric.numerator}, {found.end.title}": found.numerator.end,
    }
    return pl.DataFrame({"step": list(steps), "amount": [float(each) for each in steps.values()]})


def _largest(effects: pl.DataFrame) -> pl.DataFrame:
    """The groups that did most, the rest as one row, and the total."""
    if effects.height <= SHOWN + 2:
        return effects
    rest = effects.slice(SHOWN, effects.height - SHOWN - 1)
    sums = rest.select(pl.col(pl.Float64).sum())
    name = pl.lit(f"{rest.height} others").alias(effects.columns[0])
    others = sums.select(name, pl.all())
    return pl.concat([effects.head(SHOWN), others, effects.tail(1)], how="diagonal")


def _ranking(found: "list[Shift]") -> pl.DataFrame:
    """A row a dimension, the one that explains most first."""
    from engine.metrics.bridge import EFFECTS

    rows = [
        [each.by[0], float(each.explained), *map(float, each.ratio.effects.values())]
        for each in found
    ]
    return pl.DataFrame(rows, schema=["dimension", "explained", *EFFECTS], orient="row")
