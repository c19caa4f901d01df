"""Identifiers for lines that come without."""

import polars as pl

from engine.intake.failures import ROW, Failure
from engine.intake.ledger_rows import FILE


def identified(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with ``invoice_id`` and ``line_id`` filled in, sorted by day, account, invoice.

    An invoice without a number is ``<account>/<invoice day>``, a line without one
    ``<invoice>/<n>``, counted over the invoice's lines in the order of their content. So
    identifiers depend neither on the files' names nor on the order of rows, and lines of other
    days keep theirs when the ledger grows.
    """
    made = pl.concat_str("account_id", pl.col("invoiced_on").cast(pl.String), separator="/")
    number = pl.int_range(1, pl.len() + 1).over("invoice_id").cast(pl.String)
    first = ("invoiced_on", "account_id", "invoice_id")
    place = (*first, FILE, ROW)
    content = [
        name for name, kind in rows.schema.items() if name not in place and not kind.is_nested()
    ]
    return (
        rows.with_columns(pl.col("invoice_id").fill_null(made))
        .sort(*first, *content, FILE, ROW)
        .with_columns(
            pl.col("line_id").fill_null(pl.concat_str("invoice_id", number, separator="/"))
        )
    )


def repeated(rows: pl.DataFrame, header: str) -> tuple[Failure, ...]:
    """A failure if several lines have one identifier."""
    again = rows.filter(pl.col("line_id").is_duplicated())
    if not again.height:
        return ()
    shown = again.sort("line_id").head(3).select(FILE, ROW, "line_id").iter_rows()
    return (
        Failure(
            ", ".join(again[FILE].unique().sort()),
            "unique-line",
            header,
            "a line may come once; were overlapping exports given, or one twice?",
            again.height,
            tuple(f"{file} row {row} `{line}`" for file, row, line in shown),
        ),
    )
