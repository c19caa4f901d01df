"""The seats that billing sold against the people whom the product saw."""

from collections.abc import Iterator

import polars as pl

from engine.facts.book import Book
from engine.metrics import sheets
from engine.metrics.measures import lacking
from engine.metrics.model import Unit
from engine.metrics.reconciliation.line import Check, Line, compared, missing, row, total
from engine.period import Period

_USERS = Check(
    "users-active",
    "Users against active users",
    "Seats, paid and free, on the period's last day",
    "Active users of its last month",
    Unit.COUNT,
    0.50,
    "Many more seats than people means shelfware that will not be renewed; fewer seats than "
    "people, that seats are shared or not sold.",
    "Seats bought ahead, seasons, and a product that counts users in another way.",
)
_WITHIN = Check(
    "accounts-within-seats",
    "Accounts whose people fit their seats",
    "Accounts with active users in the last month",
    "Those of them with no more active users than seats",
    Unit.COUNT,
    0.05,
    "The others use more than they have: an upgrade to sell, or seats that are not recorded.",
    "Plans priced by account or by usage, and seats given back within the month.",
)


def against_active_users(book: Book, period: Period) -> Iterator[Line]:
    """In total, and account by account."""
    if reason := _reason(book):
        yield from (missing(check, reason) for check in (_USERS, _WITHIN))
        return
    sums = book.counted((), _against, period).row(0, named=True)
    yield compared(_USERS, sums["users"], sums["active_users"])
    yield compared(_WITHIN, sums["accounts"], sums["fitting"])


def _against(book: Book, period: Period) -> pl.DataFrame:
    """One row: seats and active users, and accounts that have the latter and fit the former."""
    by = ("account_id",)
    seats = sheets.state(book, period, by).select("account_id", "users")
    active = sheets.heads(book, period, by).filter(pl.col("active_users") > 0)
    both = active.join(seats, on="account_id", how="left").with_columns(
        pl.col("users").fill_null(0)
    )
    return row(
        users=total(seats["users"]),
        active_users=total(active["active_users"]),
        accounts=both.height,
        fitting=total(both["active_users"] <= both["users"]),
    )


def _reason(book: Book) -> str | None:
    if book.policy.mrr_source == "invoices":
        return "invoices tell no seats, so active users stand in for them"
    return lacking(book, "users", ()) or lacking(book, "active_users", ())
