"""A third party's MRR roll-forward, recomputed from the imported ledger in plain fractions.

Nothing of ``engine.facts`` or ``engine.metrics`` is used: this shows what the reference figures
are and how they were rounded, so that the engine can be held against them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from tests.reference import (
    Dimension,
    Recognition,
    Waterfall,
    expected_customers,
    expected_waterfall,
    imported_ledger,
    largest_differences,
)

MONTHS = [date(year, month, 1) for year in (2024, 2025) for month in range(1, 13)]
BY: list[Dimension] = ["", "segment", "channel"]


class Line(NamedTuple):
    """An imported invoice line; the amount in cents, the end of service exclusive."""

    account: str
    amount: int
    service_from: date | None
    service_to: date | None
    invoiced_on: date


#: Cuts an amount in cents by days into as many parts.
Rounding = Callable[[int, Sequence[int]], list[Fraction]]
Revenue = Mapping[tuple[str, str], Fraction]
Accounts = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_ledger(tmp_path_factory.mktemp("snapshots")).snapshot


@pytest.fixture(scope="module")
def lines(snapshot: Path) -> list[Line]:
    columns = ["account_id", "amount", "service_from", "service_to", "invoiced_on"]
    frame = pl.read_parquet(snapshot / "billing" / "invoice_lines.parquet", columns=columns)
    return [Line(*row) for row in frame.select(columns).iter_rows()]


@pytest.fixture(scope="module")
def accounts(snapshot: Path) -> Accounts:
    frame = pl.read_parquet(snapshot / "crm" / "accounts.parquet")
    return {row["account_id"]: {"": "", **row} for row in frame.to_dicts()}


def exactly(amount: int, days: Sequence[int]) -> list[Fraction]:
    return [Fraction(amount * part, sum(days)) for part in days]


def by_largest_remainder(amount: int, days: Sequence[int]) -> list[Fraction]:
    """Whole cents: rounded down, the rest to the largest fractions, the earlier month first."""
    exact = exactly(amount, days)
    cents = [int(each // 1) for each in exact]
    order = sorted(range(len(days)), key=lambda place: (-(exact[place] % 1), place))
    for place in order[: amount - sum(cents)]:
        cents[place] += 1
    return [Fraction(each) for each in cents]


def next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def days_by_month(since: date, until: date) -> Iterator[tuple[str, int]]:
    month = since.replace(day=1)
    while month < until:
        days = (min(until, next_month(month)) - max(since, month)).days
        yield f"{month:%Y-%m}", days
        month = next_month(month)


def spread(lines: Sequence[Line], rounding: Rounding) -> Revenue:
    """Cents by account and month, service spread by day."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in lines:
        since = line.service_from or line.invoiced_on
        until = line.service_to or since + timedelta(days=1)
        months, days = zip(*days_by_month(since, until), strict=True)
        for month, cents in zip(months, rounding(line.amount, days), strict=True):
            found[line.account, month] += cents
    return found


def as_billed(lines: Sequence[Line]) -> Revenue:
    """Cents by account and month of the invoice."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in lines:
        found[line.account, f"{line.invoiced_on:%Y-%m}"] += line.amount
    return found


def movement(was: Fraction, now: Fraction, *, paid_before: bool) -> tuple[str, str]:
    """The metric that a month's change belongs to, and the count that goes with it."""
    if now > 0 >= was:
        return (
            ("mrr_reactivation", "reactivated_accounts")
            if paid_before
            else ("mrr_new", "new_accounts")
        )
    if was > 0 >= now:
        return "mrr_churn", "churned_accounts"
    return ("mrr_expansion" if now > was else "mrr_contraction"), ""


def waterfall(revenue: Revenue, group: Mapping[str, str]) -> Waterfall:
    """Movements account by account, month to month, summed by group; in major units."""
    cents: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    counts: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for account in group:
        was, paid_before = Fraction(0), False
        for month in MONTHS:
            place = group[account], f"{month:%Y-%m}"
            now = revenue.get((account, place[1]), Fraction(0))
            metric, count = movement(was, now, paid_before=paid_before)
            for name, part in (("opening", was), (metric, now - was), ("mrr", now)):
                cents[place][name] += part
            for name, part in ((count, bool(count)), ("accounts", now > 0)):
                counts[place][name] += int(part)
            was, paid_before = now, paid_before or now > 0
    return {place: {**major(metrics), **counts[place]} for place, metrics in cents.items()}


def major(cents: Mapping[str, Fraction]) -> Mapping[str, Decimal]:
    return {name: Decimal(part.numerator) / part.denominator / 100 for name, part in cents.items()}


def off_by(
    revenue: Revenue,
    accounts: Accounts,
    recognition: Recognition,
    by: Dimension,
) -> Mapping[str, Decimal]:
    group = {account: attributes[by] for account, attributes in accounts.items()}
    return largest_differences(waterfall(revenue, group), expected_waterfall(recognition, by))


@pytest.fixture(scope="module")
def exact(lines: Sequence[Line]) -> Revenue:
    return spread(lines, exactly)


@pytest.fixture(scope="module")
def in_cents(lines: Sequence[Line]) -> Revenue:
    return spread(lines, by_largest_remainder)


@pytest.mark.parametrize("by", BY)
def test_as_billed_the_roll_forward_is_the_third_partys_to_the_cent(
    lines: Sequence[Line], accounts: Accounts, by: Dimension
) -> None:
    assert off_by(as_billed(lines), accounts, "invoice_date", by) == {}


@pytest.mark.parametrize("by", BY)
def test_spread_by_day_it_is_so_too_with_each_line_cut_into_whole_cents(
    in_cents: Revenue, accounts: Accounts, by: Dimension
) -> None:
    """The third party rounds each line's months by the largest remainder."""
    assert off_by(in_cents, accounts, "days", by) == {}


def test_cut_into_whole_cents_every_customers_month_is_the_third_partys(in_cents: Revenue) -> None:
    theirs = expected_customers("days")
    assert {place: in_cents.get(place, 0) for place in theirs} == {
        place: 100 * Fraction(revenue) for place, revenue in theirs.items()
    }


@pytest.mark.parametrize(
    ("by", "mrr", "expansion", "contraction"),
    [
        ("", "0.0603", "0.1190", "0.0694"),
        ("segment", "0.0364", "0.0443", "0.0635"),
        ("channel", "0.0354", "0.0627", "0.0562"),
    ],
)
def test_exact_shares_of_days_differ_by_cents_at_most(
    exact: Revenue, accounts: Accounts, by: Dimension, mrr: str, expansion: str, contraction: str
) -> None:
    """In dollars, in the worst of 24 months; no other metric is further off, no count at all."""
    found = off_by(exact, accounts, "days", by)
    worst = [f"{found[name]:.4f}" for name in ("mrr", "mrr_expansion", "mrr_contraction")]
    assert worst == [mrr, expansion, contraction]
    assert max(found.values()) in (found["mrr_expansion"], found["mrr_contraction"])
    assert {name.partition("_")[0] for name in found} == {"mrr", "opening"}


def test_no_customers_month_differs_by_a_whole_cent(exact: Revenue) -> None:
    theirs = expected_customers("days")
    off = [abs(exact.get(place, 0) - 100 * Fraction(theirs[place])) for place in theirs]
    assert len(theirs) == 385 * 24
    assert f"{float(max(off)):.3f}" == "0.896"
    assert sum(each > 0 for each in off) == 1_148


def test_no_customer_nets_to_zero_or_less_in_a_month_it_was_billed(
    lines: Sequence[Line], exact: Revenue
) -> None:
    """So the figures do not tell how the third party would count one."""
    assert all(cents > 0 for cents in as_billed(lines).values())
    assert all(cents > 0 for cents in exact.values())
