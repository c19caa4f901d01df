"""Sheets: one grouped fact each, whose columns are measures.

A sheet has one row a group of ``by`` (as text) that its fact knows in the period, and one
Int64 column a measure, named as the measure is; money in micro-units. Without ``by`` it is
one row.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from engine.facts.book import Book
from engine.facts.keys import LABEL, as_text
from engine.facts.packing import added_up
from engine.facts.states import SEATS, seats
from engine.metrics.movements import COUNTS, KINDS, movements
from engine.period import Period

REVENUES = ("recurring_revenue", "usage_revenue", "one_time_revenue")
REDUCTIONS = ("discounts", "credits", "refunds")
_ENDS = ("account_id", "month_number")
_STANDING = ("mrr", "paid_seats", "free_users", "accounts")
MOVES = tuple(f"mrr_{kind}" for kind in (*KINDS, "fx"))


def state(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """On the period's last day: MRR, accounts, seats."""
    on_day = book.kept.of(
        "states",
        range(period.closing, period.closing + 1),
        by,
        book.settled,
        lambda months, by: summed(_states_by(book, months, by), ("month_number", *by), _STANDING),
        lambda: book.states_a_month,
    )
    # A total is a row even where nothing is.
    found = on_day.drop("month_number") if by else on_day.select(pl.col(_STANDING).sum())
    return found.with_columns((pl.col("paid_seats") + pl.col("free_users")).alias("users"))


def account_states(book: Book, month: int, by: Sequence[str]) -> pl.LazyFrame:
    """One row per account and group with a live row on the month's day.

    ``account_id``, ``by``, ``mrr``, ``paid_seats``, ``free_users`` and ``accounts``: 1 if
    the account has MRR in the group, else 0.
    """
    rows = _states_by(book, range(month, month + 1), by)
    if book.policy.mrr_source != "invoices":
        return rows.drop("month_number")
    return added_up(rows, _keys(by), [pl.col(_STANDING).sum()]).lazy().drop("month_number")


def _states_by(book: Book, months: range, by: Sequence[str]) -> pl.LazyFrame:
    """The same of several months, told apart by ``month_number``; of one account several rows."""
    on_days = book.keyed(book.states_for(by).filter(_within(months)), by)
    found = on_days.select(*_keys(by), "mrr", *seats(on_days))
    if not book.is_single(by):
        found = found.group_by(_keys(by)).sum()
    accounts = found.with_columns((pl.col("mrr") > 0).cast(pl.Int64).alias("accounts"))
    if book.policy.mrr_source != "invoices" or book.users.is_empty() or book.of_items(by):
        return accounts
    return pl.concat([accounts, _heads_by(book, months, by)])


def _within(months: range) -> pl.Expr:
    return pl.col("month_number").is_between(months[0], months[-1])


def _keys(by: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(("account_id", "month_number", *by)))


def movement(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Over the period's months: what moved, and how many accounts came and went."""
    steps = movements(book, period.months, by).lazy()
    named = steps.rename({kind: f"mrr_{kind}" for kind in (*KINDS, "fx")})
    gained = pl.col("mrr_new") + pl.col("mrr_reactivation") + pl.col("mrr_expansion")
    down = -(pl.col("mrr_contraction") + pl.col("mrr_churn"))
    sides = named.with_columns(gained.alias("mrr_gained"), down.alias("mrr_down"))
    return summed(sides, by, (*MOVES, *COUNTS, "mrr_gained", "mrr_down"))


def groups(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """The groups that anything moved between in the period: those of all its month ends."""
    known = book.kept.of(
        "groups",
        range(period.opening, period.closing + 1),
        by,
        book.settled,
        lambda months, by: grouped(
            book.keyed(book.states_for(by).filter(_within(months)), by),
            ("month_number", *by),
            (),
        ),
        lambda: book.states_a_month,
    )
    return known.select(by).unique()


def revenue(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Recognised in the period: revenue by charge type, and what was taken off."""
    columns = (*REVENUES, *REDUCTIONS)
    by_month = book.kept.of(
        "revenue",
        period.months,
        by,
        book.settled,
        lambda months, by: summed(_recognised(book, months, by), ("month_number", *by), columns),
        lambda: book.revenue_a_month,
    )
    return summed(by_month.lazy(), by, columns)


def _recognised(book: Book, months: range, by: Sequence[str]) -> pl.LazyFrame:
    """The lines' revenue of those months with ``by``, ``REVENUES`` and ``REDUCTIONS``."""
    lines = book.revenue.filter(_within(months))
    kinds = ("recurring", "usage", "one_time")
    amount, entry = pl.col("revenue"), pl.col("entry_type")
    gross = amount + pl.col("discount")  # so that charges − discounts − credits − refunds is net
    columns = [
        *[
            pl.when(pl.col("charge_type") == kind).then(amount).otherwise(0).alias(name)
            for kind, name in zip(kinds, REVENUES, strict=True)
        ],
        pl.col("discount").alias("discounts"),
        pl.when(entry == "credit").then(-gross).otherwise(0).alias("credits"),
        pl.when(entry == "refund").then(-gross).otherwise(0).alias("refunds"),
    ]
    return book.keyed(lines, by).with_columns(columns)


def heads(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """In the period's last month: active users."""
    on_day = book.users.lazy().filter(pl.col("month_number") == period.closing)
    return summed(book.keyed(on_day, by), by, ("active_users",))


def months(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """Over the period's month ends: user-months and account-months."""
    frames = [
        state(book, month, by).select(
            *by, pl.col("users").alias("user_months"), pl.col("accounts").alias("account_months")
        )
        for month in period.by_month
    ]
    return summed(pl.concat(frames).lazy(), by, ("user_months", "account_months"))


def _heads_by(book: Book, months: range, by: Sequence[str]) -> pl.LazyFrame:
    """Seats from account_users: of accounts that pay paid ones, of all others free ones.

    By dimensions of items there are none, as account_users does not know them.
    """
    if ("heads",) not in book.kept.made:
        book.kept.made["heads",] = _seated(book)
    heads = book.kept.made["heads",].lazy().filter(_within(months))
    zero = pl.lit(0, pl.Int64)
    return book.keyed(heads, by).select(
        *_keys(by), zero.alias("mrr"), *SEATS, zero.alias("accounts")
    )


def _seated(book: Book) -> pl.DataFrame:
    """One row per account and month of account_users: ``paid_seats``, ``free_users``."""
    paying = book.account_months.lazy().filter("is_paying").select(*_ENDS, "is_paying")
    users, zero = pl.col("active_users").fill_null(0), pl.lit(0, pl.Int64)
    return (
        book.users.lazy()
        .join(paying, on=_ENDS, how="left")
        .select(
            *_ENDS,
            pl.when("is_paying").then(users).otherwise(zero).alias("paid_seats"),
            pl.when("is_paying").then(zero).otherwise(users).alias("free_users"),
        )
        .collect(engine="streaming")
    )


def summed(rows: pl.LazyFrame, by: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """The rows as a sheet: the columns added up by group."""
    sums = [pl.col(column).sum() for column in columns]
    return grouped(rows, by, sums)


def grouped(rows: pl.LazyFrame, by: Sequence[str], columns: Iterable[pl.Expr]) -> pl.DataFrame:
    """One row a group of labels, which become text, or one row in all."""
    if not by:
        return rows.select(*columns).collect()
    found = rows.group_by(*by).agg(*columns).collect()
    return as_text(found, [name for name in by if found.schema[name] == LABEL])
