"""``qbr metrics``: the numbers, without a page."""

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

By = Annotated[
    str | None, typer.Option("--by", metavar="DIM,…", help="Dimensions; default: total.")
]
Ids = Annotated[str | None, typer.Option("--metric", metavar="ID,…", help="Default: all.")]

SIDES = ("numerator", "denominator", "value")


def metrics(
    by: By = None,
    metric: Ids = None,
    period: PeriodOption = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    partial: PartialOption = False,
    quarantine: QuarantineOption = False,
    format: FormatOption = Format.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The numbers, no PDF: all metrics unless named, in total or by dimensions."""
    from engine.cli.opening import opened
    from engine.cli.results import show
    from engine.intake.read import steady
    from engine.metrics.definitions import DEFINITIONS
    from engine.metrics.evaluate import definition, evaluate

    asked = names(metric) or tuple(DEFINITIONS)
    analysis = opened(workspace_of(workspace), snapshot, policy, quarantine=quarantine)
    for name in asked:
        definition(name, analysis.policy)
    dimensions = names(by)
    over = analysis.period(period, partial=partial)
    with steady(analysis.snapshot):
        frame = analysis.book(over.closing, dimensions).foreseen(
            lambda book: evaluate(book, asked, over, dimensions)
        )
    flat = _flat(frame, dimensions)
    show(
        _readable(flat) if format is Format.TABLE else flat, _document(frame), format, output, SIDES
    )


def _document(frame: pl.DataFrame) -> list[dict[str, object]]:
    """The JSON of SPEC §5; counts are written as whole numbers."""
    import json

    fields = ("metric", "period", "group", "numerator", "denominator", "value", "unit", "reason")
    rows = frame.select(fields).iter_rows(named=True)
    return [
        {k: _json(v) if k != "group" else json.loads(v) for k, v in row.items()} for row in rows
    ]


def _json(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flat(frame: pl.DataFrame, dimensions: tuple[str, ...]) -> pl.DataFrame:
    """The rows with a column a dimension in place of the group."""
    from engine.cli.results import beside

    kinds = pl.Struct(dict.fromkeys(dimensions, pl.String))
    groups = frame["group"].str.json_decode(kinds)
    heads = beside(dimensions, frame.columns)
    columns = [
        groups.struct.field(name).alias(head) for name, head in zip(dimensions, heads, strict=True)
    ]
    rest = ("numerator", "denominator", "value", "unit", "reason")
    return frame.select("metric", "period", *columns, *rest)


def _readable(flat: pl.DataFrame) -> pl.DataFrame:
    """The rows with numbers written as their units deserve."""
    units = flat["unit"].str.starts_with("money")
    texts = [
        pl.Series(
            side,
            [
                _written(value, is_money=is_money and side != "denominator")
                for value, is_money in zip(flat[side], units, strict=True)
            ],
            dtype=pl.String,
        )
        for side in SIDES
    ]
    return flat.with_columns(texts)


def _written(value: float | None, *, is_money: bool) -> str | None:
    if value is None:
        return None
    digits = 2 if is_money else 0 if value.is_integer() else 4
    return f"{value:,.{digits}f}"
