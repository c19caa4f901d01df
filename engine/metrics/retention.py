"""What became of the accounts that paid a year ago, and of each month's opening."""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book
from engine.facts.packing import added_up
from engine.metrics.movements import movements
from engine.metrics.sheets import grouped
from engine.period import Period

YEAR = 12

_STEP = ("account_id", "month_number")
_RETAINED = ("base", "kept", "kept_at_most")


def retained(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row a group of the accounts that paid twelve months before the period's last day.

    Account attributes are those of that day; item attributes each row's own.

    Returns:
        ``by``; ``base``, their MRR then, ``kept``, theirs now, and ``kept_at_most``, the
        smaller of the two account by account; all at the last day's rates, micro-units.
    """
    then_month = period.closing - YEAR
    if book.is_valued_at(then_month, period.closing) and set(by) <= _lasting(book):
        months = range(period.closing, period.closing + 1)
        made = book.kept.of(
            "retained",
            months,
            by,
            book.settled,
            lambda months, by: _retained(_year_apart(book, months, by), ("month_number", *by)),
            lambda: book.states_a_month,
        )
        return made.drop("month_number") if by else made.select(pl.col(_RETAINED).sum())
    then = book.states_at(then_month, period.closing)
    now = book.states.filter(pl.col("month_number") == period.closing)
    zero = pl.lit(0, pl.Int64)
    rows = pl.concat(
        [
            _ends(book, then, then_month, by).with_columns(zero.alias("now")),
            _ends(book, now, then_month, by).select(
                "account_id", *_others(by), zero.alias("mrr"), pl.col("mrr").alias("now")
            ),
        ]
    ).join(_paying(then, ("account_id",)), on="account_id", how="semi")
    ends = rows.group_by("account_id", *_others(by)).agg(pl.col("mrr", "now").sum())
    return _retained(ends, by)


def _lasting(book: Book) -> frozenset[str]:
    """Dimensions whose groups are the same at both ends, whatever the day."""
    return book.own_columns.union(book.settled)


def _year_apart(book: Book, months: range, by: Sequence[str]) -> pl.LazyFrame:
    """One row per account, month and group: MRR a year before, at the month's rate, and ``now``.

    Of accounts that paid a year before.
    """
    states = book.states_for(by)
    own = tuple(name for name in by if name in states.collect_schema())
    wanted = pl.col("month_number").is_between(months[0], months[-1])
    year_before = states.with_columns(pl.col("month_number") + YEAR).filter(wanted)
    ends = (
        _both_ends(year_before, states.filter(wanted), own)
        if own
        else _stayed(year_before, states.filter(wanted))
    )
    return book.keyed(ends, by)


def _stayed(then: pl.LazyFrame, now: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts that paid ``then``, with their MRR at both ends."""
    paid = then.filter(pl.col("mrr_year") > 0).select(*_STEP, mrr="mrr_year")
    ends = paid.join(now.select(*_STEP, now="mrr"), on=_STEP, how="left")
    return ends.with_columns(pl.col("now").fill_null(0))


def _both_ends(then: pl.LazyFrame, now: pl.LazyFrame, own: Sequence[str]) -> pl.LazyFrame:
    """The same by columns ``own`` of their states, where they pay at either end."""
    zero = pl.lit(0, pl.Int64)
    keys = tuple(dict.fromkeys((*_STEP, *own)))
    both = [
        then.select(*keys, mrr="mrr_year", now=zero),
        now.select(*keys, mrr=zero, now="mrr"),
    ]
    ends = added_up(pl.concat(both), keys, [pl.col("mrr", "now").sum()]).lazy()
    return ends.join(_paying(ends, _STEP), on=_STEP, how="semi")


def _paying(ends: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    return ends.group_by(keys).agg(pl.col("mrr").sum()).filter(pl.col("mrr") > 0).select(keys)


def _retained(ends: pl.LazyFrame, by: Sequence[str]) -> pl.DataFrame:
    sums = (
        pl.col("mrr").sum().alias("base"),
        pl.col("now").sum().alias("kept"),
        pl.min_horizontal("mrr", "now").sum().alias("kept_at_most"),
    )
    return grouped(ends, by, sums)


def lost(book: Book, period: Period, by: Sequence[str]) -> pl.DataFrame:
    """One row a group of the openings of the policy's ``churn_months`` that end with the period.

    Account attributes are those of each month's opening.

    Returns:
        ``by``; ``churned_openings`` and ``accounts_opening`` (account-months; by policy with
        each month's new accounts), ``mrr_lost``
        (churn and contraction as a magnitude), ``mrr_lost_net`` (less expansion and
        reactivation) and ``mrr_opening`` at the later month's rates, micro-units.
    """
    months = range(period.closing - book.policy.churn_months + 1, period.closing + 1)
    steps = movements(book, months, by, at_opening=True).lazy()
    down = -(pl.col("churn") + pl.col("contraction"))
    base = pl.col("accounts_opening")
    if book.policy.churn_base == "opening_and_new":
        base += pl.col("new_accounts")
    sums = (
        pl.col("churned_accounts").sum().alias("churned_openings"),
        base.sum().alias("accounts_opening"),
        down.sum().alias("mrr_lost"),
        (down - pl.col("expansion") - pl.col("reactivation")).sum().alias("mrr_lost_net"),
        (pl.col("opening") + pl.col("fx")).sum().alias("mrr_opening"),
    )
    return grouped(steps, by, sums)


def _ends(book: Book, fact: pl.LazyFrame, month: int, by: Sequence[str]) -> pl.LazyFrame:
    """MRR by account and group, its attributes those of ``month``."""
    dated = fact.with_columns(pl.lit(month, pl.Int32).alias("month_number"))
    return book.keyed(dated, by).select("account_id", *_others(by), "mrr")


def _others(by: Sequence[str]) -> list[str]:
    return [name for name in by if name != "account_id"]
