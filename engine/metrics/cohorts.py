"""What became of the accounts that started together, by their age in months."""

from collections.abc import Sequence

import polars as pl

from engine.errors import UsageError
from engine.facts.book import Book
from engine.facts.derived import cohort_labels
from engine.facts.keys import as_text, spoken
from engine.facts.keys import keys as columns
from engine.metrics.numbers import group_text
from engine.money import MICRO

_ENDS = ("account_id", "month_number")

#: Columns of the table, as SPEC §5 names them.
COLUMNS = (
    "cohort",
    "group",
    "age",
    "acquired",
    "active",
    "mrr",
    "arpa",
    "arpu",
    "mrr_per_acquired",
    "logo_retention",
    "revenue_retention",
)


def cohorts(
    book: Book, last: int, by: Sequence[str] = (), *, by_month: bool = False
) -> pl.DataFrame:
    """One row per cohort, group and age that every account of the cohort has reached.

    An account's cohort is the fiscal quarter (or month) of its first paying month end, or of
    its sign-up by policy; age k counts months from that month end. Attributes of the account
    are those of that day; item attributes each row's own.

    Returns:
        ``COLUMNS``; ``group`` is JSON text, money is in major units, as reported at each
        month's rate; averages and retentions are null where there is nothing to divide by.
    """
    by = columns(by)
    _require_cut(book, by)
    keys = ("cohort", *by)
    ages = book.counted((*keys, "age"), aged, last, by, by_month)
    whole = book.counted(keys, acquired, last, by, by_month)
    starts = book.counted(("cohort", "start"), started, by_month)
    grid = _grid(whole.lazy(), starts, last)
    found = grid.join(ages.lazy(), on=[*keys, "age"], how="left", nulls_equal=True)
    return _table(found.with_columns(pl.col("active", "mrr", "users").fill_null(0)), by)


def aged(book: Book, last: int, by: Sequence[str], by_month: bool) -> pl.DataFrame:  # noqa: FBT001
    """One row per cohort, group and age: ``active`` accounts, ``mrr`` and ``users``."""
    starts = _starts(book, by_month=by_month)
    keyed = book.keyed(_aged(book, starts, last, by), by)
    if not book.own_columns.isdisjoint(by):
        keys = dict.fromkeys(("account_id", "start", *by, "age"))
        keyed = keyed.group_by(*keys).agg(pl.col("mrr", "users").sum())
    months = keyed.group_by("start", *by, "age").agg(
        (pl.col("mrr") > 0).sum().cast(pl.Int64).alias("active"),
        pl.col("mrr", "users").sum(),
    )
    cohort_of = starts.lazy().select("start", "cohort").unique()
    sums = pl.col("active", "mrr", "users").sum()
    ages = months.join(cohort_of, on="start").group_by("cohort", *by, "age").agg(sums)
    if book.policy.arpu_users == "accounts":
        ages = ages.with_columns(pl.col("active").alias("users"))
    return ages.collect()


def acquired(book: Book, last: int, by: Sequence[str], by_month: bool) -> pl.DataFrame:  # noqa: FBT001
    """One row per cohort and group: ``acquired``, the accounts that started in it."""
    starts = _starts(book, by_month=by_month)
    cohort_of = starts.lazy().select("start", "cohort").unique()
    keyed = book.keyed(_aged(book, starts, last, by), by).join(cohort_of, on="start")
    return _acquired(book, starts, keyed, by).collect()


def started(book: Book, by_month: bool) -> pl.DataFrame:  # noqa: FBT001
    """One row per cohort and month that one of its accounts started in."""
    return _starts(book, by_month=by_month).select("cohort", "start").unique()


def _require_cut(book: Book, by: Sequence[str]) -> None:
    """UsageError where the accounts that pay cannot be told apart by these keys."""
    if refused := sorted({"cohort", "stage"}.intersection(by)):
        raise UsageError(
            "dimension",
            f"a cohort table cannot be cut by {', '.join(refused)}: it is one already",
            hint="take attributes of the account or of what it pays for",
        )
    if lacking := spoken(book.lacking(book.state_table, by)):
        raise UsageError(
            "dimension",
            f"what accounts pay is not recorded by {', '.join(lacking)}",
            hint="take attributes of the account or of what it pays for",
        )


def averages(table: pl.DataFrame) -> pl.DataFrame:
    """One row an age: retentions over all cohorts that reached it, weighted by their size."""
    opening = table.filter(pl.col("age") == 0).select("cohort", "group", base="mrr")
    return (
        table.join(opening, on=["cohort", "group"])
        .group_by("age")
        .agg(
            (pl.col("active").sum() / pl.col("acquired").sum()).alias("logo_retention"),
            (pl.col("mrr").sum() / pl.col("base").sum()).alias("revenue_retention"),
        )
        .sort("age")
    )


def _starts(book: Book, *, by_month: bool) -> pl.DataFrame:
    """One row an account: ``account_id``, ``start`` (month number), ``cohort``."""
    labels = cohort_labels(book.starts, book.calendar.fiscal_year_start, by_month=by_month)
    return book.starts.rename({"first_paid": "start"}).join(labels.collect(), on="account_id")


def _aged(book: Book, starts: pl.DataFrame, last: int, by: Sequence[str]) -> pl.LazyFrame:
    """States with ``start``, ``age`` and ``users``; ``month_number`` is the cohort month."""
    return (
        _peopled(book, by)
        .filter(pl.col("month_number") <= last)
        .join(starts.lazy().select("account_id", "start"), on="account_id")
        .with_columns((pl.col("month_number") - pl.col("start")).alias("age"))
        .filter(pl.col("age") >= 0)
        .with_columns(pl.col("start").alias("month_number"))
    )


def _peopled(book: Book, by: Sequence[str]) -> pl.LazyFrame:
    """States with ``users``, counted as the policy's ARPU counts them; zero where not known.

    Users of account_users are in rows of their own.
    """
    states, wanted = book.states_for(by), book.policy.arpu_users
    if book.policy.mrr_source == "subscriptions" and wanted != "active_users":
        paid, free = pl.col("paid_seats"), pl.col("free_users")
        return states.with_columns((paid if wanted == "paid_seats" else paid + free).alias("users"))
    unseated = states.with_columns(pl.lit(0, pl.Int64).alias("users"))
    if book.users.is_empty() or book.of_items(by):
        return unseated
    users = book.users.lazy().rename({"active_users": "users"})
    if wanted == "paid_seats":
        paying = book.account_months.lazy().filter("is_paying").select(_ENDS)
        users = users.join(paying, on=_ENDS, how="semi")
    # Not added up by account: rows of users have no MRR, so that nobody is active in two.
    return pl.concat([unseated, users], how="diagonal").with_columns(pl.col("mrr").fill_null(0))


def _acquired(
    book: Book, starts: pl.DataFrame, keyed: pl.LazyFrame, by: Sequence[str]
) -> pl.LazyFrame:
    """One row per cohort and group: ``acquired``, the accounts that started in it."""
    keys = ("cohort", *by)
    if not book.of_items(by):
        month = pl.col("start").alias("month_number")
        started = book.keyed(starts.lazy().with_columns(month), by)
        return started.group_by(*keys).agg(pl.len().cast(pl.Int64).alias("acquired"))
    at_start = keyed.filter(pl.col("age") == 0, pl.col("mrr") > 0).select("account_id", *keys)
    counted = at_start.unique().group_by(*keys).agg(pl.len().cast(pl.Int64).alias("acquired"))
    return (
        keyed.select(*keys)
        .unique()
        .join(counted, on=list(keys), how="left")
        .with_columns(pl.col("acquired").fill_null(0))
    )


def _grid(whole: pl.LazyFrame, starts: pl.DataFrame, last: int) -> pl.LazyFrame:
    """A row for every age that the youngest account of the cohort has reached."""
    oldest = starts.lazy().group_by("cohort").agg((last - pl.col("start").max()).alias("oldest"))
    ages = pl.int_ranges(0, pl.col("oldest") + 1, dtype=pl.Int32).alias("age")
    return (
        whole.join(oldest, on="cohort")
        .filter(pl.col("oldest") >= 0)
        .with_columns(ages)
        .explode("age")
        .drop("oldest")
    )


def _table(grid: pl.LazyFrame, by: Sequence[str]) -> pl.DataFrame:
    keys = ("cohort", *by)
    frame = as_text(grid.sort(*keys, "age").collect(), by)
    groups = [
        group_text(dict(zip(spoken(by), row, strict=True))) for row in frame.select(by).iter_rows()
    ]
    micro = pl.Series("micro", [float(MICRO)] * frame.height, dtype=pl.Float64)
    base = pl.col("mrr").first().over(*keys)
    money = pl.col("mrr") / pl.col("micro")
    named = frame.with_columns(
        pl.Series("group", groups or ["{}"] * frame.height, dtype=pl.String), micro
    )
    return named.select(
        "cohort",
        "group",
        "age",
        "acquired",
        "active",
        money.alias("mrr"),
        _over(money, "active").alias("arpa"),
        _over(money, "users").alias("arpu"),
        _over(money, "acquired").alias("mrr_per_acquired"),
        _over(pl.col("active"), "acquired").alias("logo_retention"),
        pl.when(base > 0).then(pl.col("mrr") / base).alias("revenue_retention"),
    ).select(COLUMNS)


def _over(top: pl.Expr, below: str) -> pl.Expr:
    return pl.when(pl.col(below) > 0).then(top / pl.col(below))
