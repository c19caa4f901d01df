"""How monthly recurring revenue moved from month end to month end, account by account.

Each step values both ends at the later month's rate; what the rate alone did is ``fx``.
Where an account pays at neither end, credits can still leave a change (invoices as MRR):
it is booked as churn if the account has paid before, else as new, so that the two
add up to what was really won and lost.
"""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book
from engine.facts.packing import added_up
from engine.metrics.account_steps import account_steps

#: Signed kinds of change; with ``fx`` they lead from opening to closing MRR.
KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "transfer")
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")

#: What happens to an account as a whole, and what a step of one that stays is.
EVENTS = pl.Enum(
    [
        "stayed",
        *("new", "reactivation", "churn", "new-before", "churn-after"),
        *("expansion", "contraction"),
    ]
)

_STEP = ("account_id", "month_number")
_RANKING = ("is_shared", "share", "rest", "is_gain", "both", "left", "place")


def movements(
    book: Book, months: range, by: Sequence[str], *, at_opening: bool = False
) -> pl.DataFrame:
    """One row per month and group with MRR at its opening or closing.

    Args:
        at_opening: Account attributes are those of the month's opening at both ends, so that
            a group's openings are followed wherever they go; else each end has its own day's.

    Returns:
        ``month_number``, ``by``; ``opening`` (at its own rate), ``fx``, ``KINDS`` and
        ``closing`` in Int64 micro-units: opening + fx + kinds = closing; ``COUNTS``, and
        ``accounts_opening``: accounts with MRR in the group at the opening.
    """
    followed = at_opening and not set(by) <= book.own_columns.union(book.settled)
    return book.kept.of(
        "openings" if followed else "movements",
        months,
        by,
        book.settled,
        lambda whole, by: _movements(book, whole, by, at_opening=followed),
        lambda: book.states_a_month,
    )


def _movements(book: Book, months: range, by: Sequence[str], *, at_opening: bool) -> pl.DataFrame:
    whole_account = {
        "new_accounts": ("new", "closing"),
        "churned_accounts": ("churn", "opening"),
        "reactivated_accounts": ("reactivation", "closing"),
    }
    return (
        _classified(_changes(book, months, by, at_opening=at_opening))
        .group_by("month_number", *by)
        .agg(
            pl.col("opening_own").sum().alias("opening"),
            (pl.col("opening") - pl.col("opening_own")).sum().alias("fx"),
            *[
                pl.col("moved").filter(pl.col("kind") == kind).sum().alias(kind)
                for kind in KINDS[:5]
            ],
            pl.col("transfer").sum(),
            pl.col("closing").sum(),
            (pl.col("opening_own") > 0).sum().cast(pl.Int64).alias("accounts_opening"),
            *[
                ((pl.col("event") == kind) & (pl.col(end) > 0)).sum().cast(pl.Int64).alias(name)
                for name, (kind, end) in whole_account.items()
            ],
        )
        .sort("month_number", *by)
        .collect()
    )


def _changes(book: Book, months: range, by: Sequence[str], *, at_opening: bool) -> pl.LazyFrame:
    """One row per account, month and group: the step, its ``event``, ``change``, ``transfer``."""
    change = pl.col("closing") - pl.col("opening")
    columns = {"change": change, "transfer": pl.lit(0, pl.Int64)}
    if set(by) <= {"account_id", *book.settled}:
        return book.keyed(_accounts(book, months), by).with_columns(**columns)
    steps = _steps(book, months, by, at_opening=at_opening).lazy()
    labelled = steps.join(events(book, months), on=_STEP)
    return _with_transfers(labelled.with_columns(**columns), by)


def _steps(book: Book, months: range, by: Sequence[str], *, at_opening: bool) -> pl.DataFrame:
    """One row per account, month and group: MRR at both ends.

    ``opening`` is valued at this month's rate and ``opening_own`` at its own; each end is
    in the group that its own day decides.
    """
    wanted = pl.col("month_number").is_between(months[0] - 1, months[-1])
    states = book.states_for(by).filter(wanted)
    ends = book.keyed(states, by)
    closings = _keyed_a_month_before(book, states, by) if at_opening else ends
    keys = tuple(dict.fromkeys((*_STEP, *by)))
    zero = pl.lit(0, pl.Int64)
    closing = closings.select(
        *keys, pl.col("mrr").alias("closing"), zero.alias("opening"), zero.alias("opening_own")
    )
    opening = ends.select(
        *keys,
        zero.alias("closing"),
        pl.col("mrr_next").alias("opening"),
        pl.col("mrr").alias("opening_own"),
    ).with_columns(pl.col("month_number") + 1)
    in_months = pl.col("month_number").is_between(months[0], months[-1])
    both = pl.concat([closing, opening]).filter(in_months)
    return added_up(both, keys, [pl.col("closing", "opening", "opening_own").sum()])


def _keyed_a_month_before(book: Book, states: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    earlier = states.with_columns(pl.col("month_number") - 1)
    return book.keyed(earlier, by).with_columns(pl.col("month_number") + 1)


def events(book: Book, months: range) -> pl.LazyFrame:
    """One row per account and month with MRR at either end: what happened to it as a whole.

    ``event`` is ``new``, ``reactivation``, ``stayed`` or ``churn``; an account that pays at
    neither end has ``new-before`` or ``churn-after``.
    """
    return _accounts(book, months).select(*_STEP, "event")


def _accounts(book: Book, months: range) -> pl.LazyFrame:
    """One row per account and month with MRR at either end: the step and its ``event``."""
    key = ("accounts",)
    if key not in book.kept.made:
        book.kept.made[key] = _eventful(book)
    in_months = pl.col("month_number").is_between(months[0], months[-1])
    return book.kept.made[key].lazy().filter(in_months)


def _eventful(book: Book) -> pl.DataFrame:
    was, pays = pl.col("opening_own") > 0, pl.col("closing") > 0
    before = pl.col("last_paid").is_not_null()
    window = book.policy.reactivation_window_months
    gap = pl.col("month_number") - pl.col("last_paid") - 1
    returns = before if window == 0 else before & (gap <= window)
    event = (
        pl.when(was & pays)
        .then(_event("stayed"))
        .when(pays)
        .then(pl.when(returns).then(_event("reactivation")).otherwise(_event("new")))
        .when(was)
        .then(_event("churn"))
        .otherwise(pl.when(before).then(_event("churn-after")).otherwise(_event("new-before")))
    )
    steps = (
        account_steps(book.account_months, book.calendar.last)
        .with_columns(event=event)
        .drop("last_paid")
    )
    return steps.collect()


def _event(name: str) -> pl.Expr:
    return pl.lit(name, EVENTS)


def _with_transfers(steps: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The steps with ``transfer``: what moved between groups of an account that stays.

    The smaller of what its groups gained and lost; the larger side shares it in proportion,
    by largest remainder, ties by label, so that an account's transfers sum to zero.
    """
    made = steps.collect().lazy()
    shared = _both_ways(made)
    rest = made.join(shared, on=_STEP, how="anti")
    return pl.concat([rest, _shared(made.join(shared, on=_STEP), by)])


def _both_ways(steps: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts and months that stay with groups on either side: ``gained`` and ``lost``."""
    change = pl.col("change")
    sides = steps.filter(pl.col("event") == "stayed", change != 0).group_by(_STEP)
    sums = sides.agg(
        change.filter(change > 0).sum().alias("gained"),
        -change.filter(change < 0).sum().alias("lost"),
    )
    return sums.filter(pl.col("gained") > 0, pl.col("lost") > 0).collect().lazy()


def _shared(steps: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """Steps of accounts that both ``gained`` and ``lost``, with what is transferred."""
    own = pl.when(pl.col("change") > 0).then(pl.col("gained")).otherwise(pl.col("lost"))
    both = pl.min_horizontal("gained", "lost")
    wide = both.cast(pl.Int128) * pl.col("change").abs()
    ranked = (
        steps.with_columns(
            is_shared=pl.col("change") != 0,
            share=(wide // own).cast(pl.Int64),
            rest=(wide % own).cast(pl.Int64),
            is_gain=pl.col("change") > 0,
            both=both,
        )
        .sort("rest", *by, descending=[True, *[False] * len(by)])
        .with_columns(
            left=pl.col("both") - pl.col("share").sum().over(*_STEP, "is_gain"),
            place=pl.col("is_shared").cum_sum().over(*_STEP, "is_gain"),
        )
    )
    extra = (pl.col("is_shared") & (pl.col("place") <= pl.col("left"))).cast(pl.Int64)
    size = pl.col("share") + extra
    signed = pl.when("is_gain").then(size).otherwise(-size).alias("transfer")
    return ranked.with_columns(signed).select(pl.exclude("gained", "lost", *_RANKING))


def _classified(steps: pl.LazyFrame) -> pl.LazyFrame:
    """The steps with ``kind`` and the amount ``moved``, transfers taken out."""
    stayed = pl.col("event") == "stayed"
    moved = pl.col("change") - pl.col("transfer")
    event = pl.col("event")
    whole = (
        pl.when(event == "churn-after")
        .then(_event("churn"))
        .when(event == "new-before")
        .then(_event("new"))
        .otherwise(event)
    )
    direction = pl.when(moved > 0).then(_event("expansion")).otherwise(_event("contraction"))
    return steps.with_columns(
        moved.alias("moved"), pl.when(stayed).then(direction).otherwise(whole).alias("kind")
    )
