"""Whether every amount in another currency has a rate for each month it is converted at."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from engine.intake.checked import Checked
from engine.intake.conversion import Conversion, Use, uses
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.read import collected
from engine.period import month_start
from schemas.canonical.currencies import currencies

RATES = "billing/fx_rates"

#: Months before the last that are looked at; fifty years, so that one wild date costs nothing.
_HISTORY = 600

#: Number of the first month that a calendar knows.
_FIRST = 12


def latest_rates(rates: Checked | None, conversion: Conversion) -> Mapping[str, float]:
    """Currency → what one of it was in the reporting currency by its latest rate."""
    own = {conversion.currency: 1.0}
    read = ("month", "from_currency", "to_currency", "rate")
    if rates is None or not rates.has(read):
        return own
    to_ours = rates.frame.filter(
        pl.col("to_currency") == conversion.currency, pl.col("rate").is_finite()
    )
    latest = collected(to_ours.select(read), rates.name).sort("month", "rate")
    known = zip(latest["from_currency"], latest["rate"], strict=True)
    return {code: rate for code, rate in known if code and rate and rate > 0} | own


def missing_rates(tables: Mapping[str, Checked], conversion: Conversion) -> Finding | None:
    """One finding with the number of currencies and months that lack a rate; None if none do."""
    missing = lacking(tables, conversion)
    return None if missing.is_empty() else _finding(missing, conversion)


def lacking(tables: Mapping[str, Checked], conversion: Conversion) -> pl.DataFrame:
    """One row per ``currency`` and ``month`` number that lacks a rate, with the ``table``s.

    Tables that lack a column for it are passed over; so is all, where the rates themselves do.
    """
    rates, used = tables.get(RATES), uses(conversion)
    with_money = [each for each in tables.values() if _has_money(each, used)]
    if not with_money or (rates and not rates.has(("month", "from_currency", "to_currency"))):
        return pl.DataFrame(schema={"currency": pl.String, "month": pl.Int64, "table": pl.String})
    needed = pl.concat([_needed(each, used[each.name], conversion) for each in with_money])
    by_month = needed.group_by("currency", "month").agg(pl.col("table").unique().sort())
    missing = by_month.join(_known(rates, conversion), on=["currency", "month"], how="anti")
    return missing.sort("month", "currency")


def rows_without_rate(
    table: Checked, missing: pl.DataFrame, conversion: Conversion, number: str
) -> pl.Series:
    """The rows, by their value of the column ``number``, with an amount that lacks a rate.

    Args:
        missing: Has ``currency`` and ``month`` number.
    """
    used = uses(conversion)
    if missing.is_empty() or not _has_money(table, used):
        return pl.Series(number, [], pl.UInt32)
    codes = missing["currency"].unique().sort().to_list()
    dated = _dated(table.frame, used[table.name], number)
    spans = collected(_spans(dated, conversion, codes), table.name)
    if conversion.constant_month is not None:
        return spans[number]
    months = missing.select("currency", "month").sort("month")
    first = spans.sort("since").join_asof(
        months,
        left_on="since",
        right_on="month",
        by="currency",
        strategy="forward",
        check_sortedness=False,
    )
    return first.filter(pl.col("month") <= pl.col("until"))[number]


def _has_money(table: Checked, used: Mapping[str, Use]) -> bool:
    return table.name in used and table.has(used[table.name].reads)


def _finding(missing: pl.DataFrame, conversion: Conversion) -> Finding:
    examples = tuple(
        f"{code} to {conversion.currency}, {month_start(month).isoformat()[:7]}: {', '.join(names)}"
        for code, month, names in missing.head(EXAMPLES).iter_rows()
    )
    hint = f"export a rate to {conversion.currency} for each currency and month of an amount"
    return Finding(RATES, "rate-missing", "rate", missing.height, examples, hint)


def _needed(table: Checked, use: Use, conversion: Conversion) -> pl.DataFrame:
    """One row per foreign ``currency`` and ``month`` number that the table's money is valued at.

    Of rows that start in one month only the longest counts, so that this stays small. Unknown
    currencies are another rule's.
    """
    foreign = sorted(currencies() - {conversion.currency})
    # Finding the month of a day costs more than to group by days, of which there are few.
    by_day = table.added(
        "rates",
        lambda frame: (
            _dated(frame, use)
            .group_by("currency", "since")
            .agg(pl.col("until").fill_null(date.max).max())
        ),
    )
    longest = _spans(by_day.lazy(), conversion, foreign).group_by("currency", "since")
    months = pl.int_ranges("since", pl.col("until") + 1)
    if conversion.constant_month is not None:
        months = pl.concat_list(pl.lit(conversion.constant_month, pl.Int64))
    return (
        longest.agg(pl.col("until").max())
        .collect()
        .select("currency", months.alias("month"), pl.lit(table.name).alias("table"))
        .explode("month")
        .unique()
    )


def _dated(frame: pl.LazyFrame, use: Use, *others: str) -> pl.LazyFrame:
    """Rows with money: ``currency``, and the first and last day (null: on) that it is valued at."""
    return frame.filter(use.counts).select("currency", *others, since=use.since, until=use.until)


def _spans(dated: pl.LazyFrame, conversion: Conversion, codes: Sequence[str]) -> pl.LazyFrame:
    """Rows of these currencies; ``since`` and ``until`` number the months of those days."""
    first, last = max(conversion.last - _HISTORY, _FIRST), conversion.last
    return (
        dated.filter(pl.col("currency").is_in(codes))
        .with_columns(_number(pl.col("since")), _number(pl.col("until")))
        .with_columns(
            pl.max_horizontal("since", pl.lit(first)), pl.min_horizontal("until", pl.lit(last))
        )
        .filter(pl.col("since") <= pl.col("until"))
    )


def _known(rates: Checked | None, conversion: Conversion) -> pl.DataFrame:
    """One row per ``currency`` and ``month`` number that a rate leads to the reporting one from."""
    if rates is None:
        return pl.DataFrame(schema={"currency": pl.String, "month": pl.Int64})
    to_ours = rates.frame.filter(pl.col("to_currency") == conversion.currency)
    return collected(
        to_ours.select(currency="from_currency", month=_number(pl.col("month"))), rates.name
    )


def _number(day: pl.Expr) -> pl.Expr:
    """Months since year 0, as ``engine.period`` counts them; Int64, null stays null."""
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1
