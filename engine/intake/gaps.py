"""Whether the history rows of an account leave no day between them out."""

from datetime import date

import polars as pl

from engine.intake.checked import Checked
from engine.intake.counting import shown
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import example

ACCOUNTS = "crm/accounts"
_READ = ("account_id", "valid_from", "valid_to")


def history_gaps(table: Checked) -> Finding | None:
    """One finding with the number of rows that start after the account's row before them ended."""
    if table.name != ACCOUNTS or not table.has(_READ):
        return None
    ended = pl.col("valid_to").fill_null(date.max).cum_max().shift(1).over("account_id")
    start = pl.col("valid_from").fill_null(date.min)
    gaps = table.at_once(
        "gaps",
        lambda rows: (
            rows.filter(pl.col("account_id").is_not_null())
            .select(_READ)
            .sort("account_id", start, "valid_to")
            .with_columns(ended=ended)
            .filter(pl.col("valid_from") > pl.col("ended"))
            .select("account_id", "valid_from", "ended")
        ),
    )
    if gaps.is_empty():
        return None
    first = gaps.sort("account_id", "valid_from").head(EXAMPLES).lazy()
    rows = first.select(*shown(Checked(ACCOUNTS, first, _READ[:1]), ("ended", "valid_from")))
    examples = tuple(example(row, _READ[:1]) for row in rows.collect().to_dicts())
    hint = "on the days between, the account's attributes are shown as Unknown"
    return Finding(ACCOUNTS, "history-gap", "valid_from", gaps.height, examples, hint)
