"""How monthly recurring revenue moved from month end to month end, account by account.

Each step values both ends at the later month's rate; what the rate alone did is ``fx``.
Where an account pays at neither end, credits can still leave a change (invoices as MRR):
it is booked as churn if the account has paid before, else as new, so that the two
add up to what was really won and lost.
"""

from collections.abc import Sequence

import polars as pl

from engine.facts.book import Book

#: Signed kinds of change; with ``fx`` they lead from opening to closing MRR.
KINDS = ("new", "reactivation", "expansion", "contraction", "churn", "transfer")
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")

_STEP = ("account_id", "month_number")


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
    if book.months is None or not _within(months, book.months) or "stage" in by:
        return _movements(book, months, by, at_opening=at_opening)
    key = ("movements", tuple(by), at_opening)
    if key not in book.kept:
        book.kept[key] = _movements(book, book.months, by, at_opening=at_opening)
    return book.kept[key].filter(pl.col("month_number").is_between(months[0], months[-1]))


def _within(months: range, whole: range) -> bool:
    return months[0] in whole and months[-1] in whole


def _movements(book: Book, months: range, by: Sequence[str], *, at_opening: bool) -> pl.DataFrame:
    steps = _steps(book, months, by, at_opening=at_opening)
    labelled = steps.join(events(book, months), on=_STEP)
    moved = _classified(_with_transfers(labelled, by))
    whole_account = {
        "new_accounts": ("new", "closing"),
        "churned_accounts": ("churn", "opening"),
        "reactivated_accounts": ("reactivation", "closing"),
    }
    return (
        moved.group_by("month_number", *by)
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


def _steps(book: Book, months: range, by: Sequence[str], *, at_opening: bool) -> pl.LazyFrame:
    """One row per account, month and group: MRR at both ends.

    ``opening`` is valued at this month's rate and ``opening_own`` at its own; each end is
    in the group that its own day decides.
    """
    wanted = pl.col("month_number").is_between(months[0] - 1, months[-1])
    states = book.states.lazy().filter(wanted)
    ends = book.keyed(states, by)
    closings = _keyed_a_month_before(book, states, by) if at_opening else ends
    keys = dict.fromkeys((*_STEP, *by))
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
    return pl.concat([closing, opening]).filter(in_months).group_by(*keys).sum()


def _keyed_a_month_before(book: Book, states: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    earlier = states.with_columns(pl.col("month_number") - 1)
    return book.keyed(earlier, by).with_columns(pl.col("month_number") + 1)


def events(book: Book, months: range) -> pl.LazyFrame:
    """One row per account and month with MRR at either end: what happened to it as a whole.

    ``event`` is ``new``, ``reactivation``, ``stayed`` or ``churn``; an account that pays at
    neither end has ``new-before`` or ``churn-after``.
    """
    whole = (
        _steps(book, months, (), at_opening=False)
        .with_columns(
            (pl.col("opening_own") > 0).alias("was"),
            (pl.col("closing") > 0).alias("is"),
        )
        .join(_last_paid(book, months), on=_STEP, how="left")
    )
    before = pl.col("last_paid").is_not_null()
    window = book.policy.reactivation_window_months
    gap = pl.col("month_number") - pl.col("last_paid") - 1
    returns = before if window == 0 else before & (gap <= window)
    event = (
        pl.when("was", "is")
        .then(pl.lit("stayed"))
        .when("is")
        .then(pl.when(returns).then(pl.lit("reactivation")).otherwise(pl.lit("new")))
        .when("was")
        .then(pl.lit("churn"))
        .otherwise(pl.when(before).then(pl.lit("churn-after")).otherwise(pl.lit("new-before")))
    )
    return whole.select(*_STEP, event.alias("event"))


def _last_paid(book: Book, months: range) -> pl.LazyFrame:
    """One row per account and month of ``months`` with the latest earlier month it paid in."""
    paid = book.account_months.lazy().filter("is_paying").select("account_id", "month_number")
    asked = book.account_months.lazy().select("account_id", pl.col("month_number").cast(pl.Int32))
    following = asked.with_columns(pl.col("month_number") + 1)
    steps = pl.concat([asked, following]).unique()
    return (
        steps.filter(pl.col("month_number").is_between(months[0], months[-1]))
        .sort("month_number")
        .join_asof(
            paid.with_columns(pl.col("month_number").alias("last_paid")).sort("month_number"),
            on="month_number",
            by="account_id",
            strategy="backward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
    )


def _with_transfers(steps: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The steps with ``transfer``: what moved between groups of an account that stays.

    The smaller of what its groups gained and lost; the larger side shares it in proportion,
    by largest remainder, ties by label, so that an account's transfers sum to zero.
    """
    change = pl.col("closing") - pl.col("opening")
    stayed = pl.col("event") == "stayed"
    gained = pl.when(stayed & (change > 0)).then(change).otherwise(0)
    lost = pl.when(stayed & (change < 0)).then(-change).otherwise(0)
    sides = steps.with_columns(
        change.alias("change"),
        gained.sum().over(_STEP).alias("gained"),
        lost.sum().over(_STEP).alias("lost"),
    )
    own = pl.when(pl.col("change") > 0).then(pl.col("gained")).otherwise(pl.col("lost"))
    both = pl.min_horizontal("gained", "lost")
    is_shared = stayed & (both > 0) & (pl.col("change") != 0)
    wide = both.cast(pl.Int128) * pl.col("change").abs()
    share = (wide // own).cast(pl.Int64)
    rest = (wide % own).cast(pl.Int64)
    ranked = (
        sides.with_columns(
            is_shared.alias("is_shared"),
            pl.when(is_shared).then(share).otherwise(0).alias("share"),
            pl.when(is_shared).then(rest).otherwise(0).alias("rest"),
            (pl.col("change") > 0).alias("is_gain"),
            both.alias("both"),
        )
        .sort("rest", *by, descending=[True, *[False] * len(by)])
        .with_columns(
            (pl.col("both") - pl.col("share").sum().over(*_STEP, "is_gain")).alias("left"),
            pl.col("is_shared").cum_sum().over(*_STEP, "is_gain").alias("place"),
        )
    )
    extra = (pl.col("is_shared") & (pl.col("place") <= pl.col("left"))).cast(pl.Int64)
    size = pl.col("share") + extra
    signed = pl.when("is_gain").then(size).otherwise(-size)
    return ranked.with_columns(pl.when("is_shared").then(signed).otherwise(0).alias("transfer"))


def _classified(steps: pl.LazyFrame) -> pl.LazyFrame:
    """The steps with ``kind`` and the amount ``moved``, transfers taken out."""
    stayed = pl.col("event") == "stayed"
    moved = pl.col("change") - pl.col("transfer")
    direction = pl.when(moved > 0).then(pl.lit("expansion")).otherwise(pl.lit("contraction"))
    whole = pl.col("event").replace({"churn-after": "churn", "new-before": "new"})
    return steps.with_columns(
        moved.alias("moved"), pl.when(stayed).then(direction).otherwise(whole).alias("kind")
    )
