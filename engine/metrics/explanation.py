"""A metric's number taken apart: both sums, and the accounts that they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.errors import UsageError, nearest
from engine.facts.attributes import UNKNOWN, attributed, history
from engine.facts.book import Book
from engine.facts.keys import LABEL, as_text, keys
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.evaluate import definition, evaluate
from engine.metrics.measures import MEASURES, lacking
from engine.metrics.model import Metric, Number
from engine.metrics.numbers import Numbers
from engine.metrics.standing import TOP
from engine.period import Period
from engine.policy import Policy

#: Numerators that are no sum over accounts, and what their accounts show instead.
MEDIANS: Mapping[str, str] = {
    "account_median": "A median adds nothing up: these are the accounts that it is the middle of.",
    "cycle_median": "A median adds nothing up: these are the medians of each account's own deals.",
}

_ROWS = {
    "account_id": pl.String,
    "name": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "share": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A number and what is behind it.

    Attributes:
        parts: Numbers of the metrics that it is made of, if it is made of such.
        accounts: One row per account with a part in either sum, the largest numerator first:
            ``account_id``, ``name`` (null if not known), ``numerator``, ``denominator`` (major
            units) and ``share`` of the numerator. Each sum is that of its column.
        note: Why there are no accounts, or why they do not add up; empty otherwise.
    """

    metric: Metric
    number: Number
    parts: tuple[Number, ...]
    accounts: pl.DataFrame
    note: str = ""


def explain(book: Book, name: str, period: Period, group: Mapping[str, str]) -> Explanation:
    """The metric's number for a group (empty: the total), and the accounts behind it.

    Args:
        book: Kept apart by the group's dimensions and ``account_id``.

    Raises:
        UsageError: No such metric or group.
    """
    metric = definition(name, book.policy)
    whole = number(book, name, period, group)
    nested = [each for each in (*metric.tops, *metric.bottoms) if each not in MEASURES]
    if nested:
        parts = tuple(number(book, each, period, group) for each in nested)
        ask = ", ".join(f"`qbr explain {each}`" for each in nested)
        note = f"It is made of other metrics; for the accounts behind each: {ask}."
        return Explanation(metric, whole, parts, pl.DataFrame(schema=_ROWS), note)
    if why := _without_accounts(book, metric, group):
        return Explanation(metric, whole, (), pl.DataFrame(schema=_ROWS), why)
    rows = _named(book, _accounts(book, metric, period, group, whole), period)
    return Explanation(metric, whole, (), rows, MEDIANS.get(metric.numerator, ""))


def number(book: Book, name: str, period: Period, group: Mapping[str, str]) -> Number:
    """The metric's number for the group; a group that is not there is a UsageError."""
    numbers = Numbers(evaluate(book, [name], period, tuple(group)))
    groups = numbers.groups(*group)
    if group in groups:
        return numbers.one(name, period.label, group)
    if not groups:
        raise UsageError("group", f"{period.title} has nothing by {', '.join(group)}")
    hint = nearest(label(group), map(label, groups))
    raise UsageError("group", f"{period.title} has no group {label(group)[:80]}", hint=hint)


def label(group: Mapping[str, str]) -> str:
    """The group as ``--group`` takes it."""
    return ",".join(f"{key}={value}" for key, value in group.items())


def money_sides(metric: Metric, policy: Policy) -> tuple[bool, bool]:
    """Whether numerator and denominator are amounts of money."""

    def is_money(name: str) -> bool:
        if name in MEASURES:
            return MEASURES[name].is_money
        return definition(name, policy).unit.is_money

    return any(map(is_money, metric.tops)), any(map(is_money, metric.bottoms))


def document(found: Explanation) -> dict[str, object]:
    """The part of ``qbr explain --format json`` that a period adds; every account is in it."""
    return {
        "number": number_document(found.number),
        "parts": [number_document(part) for part in found.parts],
        "accounts": found.accounts.to_dicts(),
        "accounts_note": found.note or None,
    }


def number_document(number: Number) -> dict[str, object]:
    """The number as a row of ``qbr metrics --format json``."""
    return {
        "metric": number.metric,
        "period": number.period,
        "group": dict(number.group),
        "numerator": _whole(number.numerator),
        "denominator": _whole(number.denominator),
        "value": _whole(number.value),
        "unit": number.unit.value,
        "reason": number.reason,
    }


def _whole(value: float | None) -> float | None:
    return int(value) if value is not None and value.is_integer() else value


def _by(group: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("account_id", *group)))


def _without_accounts(book: Book, metric: Metric, group: Mapping[str, str]) -> str:
    """Why no accounts can be shown, and which metrics have some; empty if they can."""
    names = (*metric.tops, *metric.bottoms)
    cuts = (keys(_by(group)), ("account_id",))  # the plainer reason wins
    reasons = {name: why for cut in cuts for name in names if (why := lacking(book, name, cut))}
    if not reasons:
        return ""
    others = [name for name in names if name not in reasons and name in DEFINITIONS]
    also = "".join(f" For {name}: `qbr explain {name}`." for name in others)
    why = "; ".join(dict.fromkeys(reasons.values()))
    return f"No accounts stand behind {', '.join(reasons)}: {why}.{also}"


def _accounts(
    book: Book, metric: Metric, period: Period, group: Mapping[str, str], whole: Number
) -> pl.DataFrame:
    """``_ROWS`` without the name."""
    by = _by(group)
    frame = evaluate(book, [metric.id], period, by)
    keys = frame["group"].str.json_decode(pl.Struct(dict.fromkeys(by, pl.String)))
    frame = frame.with_columns(keys.alias("keys"))
    key = pl.col("keys").struct
    rows = frame.filter(pl.lit(True), *[key.field(name) == each for name, each in group.items()])
    if metric.numerator == "top10_mrr":
        largest = pl.col("numerator").rank("ordinal", descending=True) <= TOP
        rows = rows.with_columns(pl.when(largest).then("numerator").otherwise(0.0))
    share = pl.lit(None, pl.Float64)
    if whole.numerator and metric.numerator not in MEDIANS:
        share = pl.col("numerator") / whole.numerator
    has_part = pl.any_horizontal(pl.col("numerator", "denominator").fill_null(0) != 0)
    return rows.filter(has_part).select(
        key.field("account_id"),
        "numerator",
        "denominator",
        share.alias("share"),
    )


def _named(book: Book, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The rows with each account's name on the period's last day, the largest first."""
    day = pl.lit(book.calendar.day(period.closing)).alias("day")
    name = pl.when(pl.col("name") != UNKNOWN).then("name")
    size = [pl.col("numerator").abs(), pl.col("denominator").abs().fill_null(0)]
    known = history(book.sources.accounts, ["name"])
    dated = rows.lazy().with_columns(day, pl.col("account_id").cast(LABEL))
    return (
        as_text(attributed(dated, known, ["name"]), ("account_id", "name"))
        .with_columns(name)
        .sort(*size, "account_id", descending=[True, True, False])
        .select(*_ROWS)
        .collect()
    )
