"""Whether rows that stand for one thing over time hold at most one state of it on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.intake.checked import Checked
from engine.intake.counting import shown
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.keys import hashed
from engine.intake.quoting import example
from engine.intake.read import collected
from schemas.canonical.enumerations import BillingUnit, Status

FROM, TO = "valid_from", "valid_to"
EVERY = pl.lit(value=True)

#: Overlaps that are looked into value by value.
_CONFIRMED = 100_000


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a table's intervals are intervals of.

    Attributes:
        table: Canonical name.
        rule: What an overlap is called.
        thing: Columns that tell one thing from another.
        meaning: What holds for good data.
        counts: Whether a row would be counted; only such rows are compared.
        reads: What ``counts`` reads.
    """

    table: str
    rule: str
    thing: tuple[str, ...]
    meaning: str
    counts: pl.Expr = EVERY
    reads: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is needed to look at it."""
        return (*self.thing, *self.reads, FROM, TO)


#: All that may be in one state a day only. That a subscription holds one plan of a product twice
#: over is suspicious (a change that did not close its row?) but happens, so it has its own name;
#: rows that are free, used or cancelled count no money twice, whatever they overlap.
TIMELINES = (
    Timeline(
        "billing/subscription_items",
        "overlap",
        ("item_id",),
        "a change closes one row and opens the next: one row a day for one item",
    ),
    Timeline(
        "billing/subscription_items",
        "parallel-items",
        ("subscription_id", "product", "plan", "billing_unit"),
        "if a change did not close its row, the plan is counted twice on these days",
        (pl.col("amount") > pl.col("discount"))
        & (pl.col("status") != Status.CANCELLED.value)
        & (pl.col("billing_unit") != BillingUnit.USAGE.value),
        ("amount", "discount", "status"),
    ),
    Timeline("crm/accounts", "overlap", ("account_id",), "one row a day for one account"),
)


def overlapping(table: Checked, timeline: Timeline) -> Finding | None:
    """One finding with the number of rows that start before an earlier row of the same thing ends.

    Holds sixteen bytes a row, and confirms on values what the hashes suggest. Rows that end
    before they start are another rule's, and count as empty; so are things without a name.
    """
    suspects = _suspects(table, timeline)
    if suspects.is_empty():
        return None
    # So many cannot share a hash by chance: they are counted as they are, and any three shown.
    is_certain = suspects.len() > _CONFIRMED

    def late(rows: pl.LazyFrame) -> pl.LazyFrame:
        things = _things(rows, timeline, suspects)
        narrow = things.select(*_named(table, timeline), "since", "until")
        return narrow.head(EXAMPLES) if is_certain else _late(narrow, timeline.thing)

    confirmed = table.at_once("overlaps", late)
    if confirmed.is_empty():
        return None
    count = suspects.len() if is_certain else confirmed.height
    return _finding(table, timeline, count, confirmed)


def late_rows(table: Checked, timeline: Timeline, number: str) -> pl.Series:
    """The rows, by their value of the column ``number``, that `overlapping` counts."""
    suspects = _suspects(table, timeline)
    things = _things(table.frame, timeline, suspects)
    narrow = things.select(*timeline.columns, number, "since", "until")
    return collected(_late(narrow, timeline.thing, number), table.name)[number]


def _named(table: Checked, timeline: Timeline) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*table.key, *timeline.columns)))


def _things(rows: pl.LazyFrame, timeline: Timeline, suspects: pl.Series) -> pl.LazyFrame:
    """Those rows that count of the suspected things."""
    return _spans(rows, timeline).filter(pl.col("thing").is_in(suspects.unique().implode()))


def _spans(rows: pl.LazyFrame, timeline: Timeline) -> pl.LazyFrame:
    """The rows that count, with ``thing`` (hashed), and ``since`` and ``until`` never null."""
    has_name = pl.all_horizontal(pl.col(timeline.thing).is_not_null())
    return (
        rows.filter(timeline.counts, has_name)
        .with_columns(
            hashed(timeline.thing).alias("thing"),
            pl.col(FROM).fill_null(date.min).alias("since"),
            pl.col(TO).fill_null(date.max).alias("until"),
        )
        .filter(pl.col("since") < pl.col("until"))
    )


def _suspects(table: Checked, timeline: Timeline) -> pl.Series:
    """Hash of the thing, for each row that starts before the row in front of it ends.

    If any row overlaps an earlier one, then some row overlaps the one right in front of it.
    """
    is_same = pl.col("thing") == pl.col("thing").shift(1)

    def overlaps(rows: pl.LazyFrame) -> pl.LazyFrame:
        spans = _spans(rows, timeline).select("thing", "since", "until")
        ordered = spans.sort("thing", "since", "until")
        return ordered.filter(is_same & (pl.col("since") < pl.col("until").shift(1)))

    return table.at_once("overlaps", overlaps)["thing"]


def _late(spans: pl.LazyFrame, thing: Sequence[str], *ties: str) -> pl.LazyFrame:
    """The rows that start before any earlier one of the same thing ends, by thing and start."""
    ended = pl.col("until").cum_max().shift(1).over(thing)
    return spans.sort(*thing, "since", "until", *ties).filter(pl.col("since") < ended)


def _finding(table: Checked, timeline: Timeline, rows: int, late: pl.DataFrame) -> Finding:
    first = late.sort(table.key).head(EXAMPLES).lazy()
    shown_rows = first.select(shown(table, (*timeline.thing, FROM, TO))).collect().to_dicts()
    examples = tuple(example(row, table.key) for row in shown_rows)
    return Finding(table.name, timeline.rule, FROM, rows, examples, timeline.meaning)
