"""A corpus of bad snapshots: for each rule one that breaks it, all else as good as can be."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from fixtures.stories import Row, table_frame, write_table
from fixtures.tables import write
from tests.intake.one_snapshot import (
    ACCOUNTS,
    ITEMS,
    LINES,
    OPPORTUNITIES,
    RATES,
    SPEND,
    TARGETS,
    USERS,
)

#: Writes a snapshot into the folder given, ``<root>/2026-10-01``.
Writer = Callable[[Path], object]

DAY = date(2026, 9, 1)
MONTHS = [date(2025 + (n + 9) // 12, (n + 9) % 12 + 1, 1) for n in range(12)]


def rows(table: str, *given: Row) -> Writer:
    """A snapshot with those rows of a table."""

    def writer(folder: Path) -> None:
        if table != ACCOUNTS:
            write_table(folder, ACCOUNTS, [{"account_id": "A"}])
        write_table(folder, table, list(given))

    return writer


def monthly(**more: object) -> list[Row]:
    """Thirty lines of thirty accounts in each of twelve months, 2025-10 to 2026-09."""
    return [
        {
            "account_id": f"A{n}",
            "line_id": f"L{month}-{n}",
            "amount": 100_00 + n,
            "service_from": month,
            "service_to": (month + timedelta(days=32)).replace(day=1),
            "invoiced_on": month,
            **more,
        }
        for month in MONTHS
        for n in range(30)
    ]


def without_a_month(folder: Path) -> None:
    gone = date(2026, 3, 1)
    write_table(folder, LINES, [each for each in monthly() if each["invoiced_on"] != gone])


def days_early(folder: Path) -> None:
    """Invoiced at midnight of the first, exported in a time zone further west."""
    early = timedelta(days=1)
    write_table(
        folder,
        LINES,
        [{**each, "invoiced_on": each["invoiced_on"] - early} for each in monthly()],  # type: ignore[operator]
    )


def yen_with_decimals(folder: Path) -> None:
    yen = [
        {**each, "currency": "JPY", "amount": 15_000_00, "line_id": f"{each['line_id']}-Y"}
        for each in monthly()
    ]
    write_table(folder, LINES, [*monthly(), *yen])
    rate = {"from_currency": "JPY", "rate": 0.0067}
    write_table(folder, RATES, [{"month": month, **rate} for month in MONTHS])


def twice_under_other_ids(folder: Path) -> None:
    again = [
        {**each, "line_id": f"{each['line_id']}-copy", "invoice_id": "other"}
        for each in monthly()
        if each["invoiced_on"] == date(2026, 5, 1)
    ]
    write_table(folder, LINES, [*monthly(), *again])


def file_twice(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [{"account_id": "A"}])
    for name in ("september", "september (1)"):
        write(folder, f"{SPEND}/{name}", table_frame(SPEND, [{"month": DAY}]))


def smaller_than_before(folder: Path) -> None:
    write_table(folder.parent / "2026-09-01", LINES, monthly())
    write_table(folder, LINES, monthly()[:-60])


def damaged(folder: Path) -> None:
    write_table(folder, ITEMS, [{}])
    file = folder / f"{ITEMS}.parquet"
    file.write_bytes(file.read_bytes()[:100])


def there_twice(folder: Path) -> None:
    write_table(folder, ITEMS, [{}])
    write(folder, f"{ITEMS}/part", table_frame(ITEMS, [{}]))


def mixed(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [{"account_id": "A"}])
    frame = table_frame(USERS, [{}])
    write(folder, f"{USERS}/1", frame)
    write(folder, f"{USERS}/2", frame.with_columns(pl.col("active_users").cast(pl.String)))


def of_users(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Writer:
    """A snapshot with one changed table of users."""

    def writer(folder: Path) -> None:
        write_table(folder, ACCOUNTS, [{"account_id": "A"}])
        write(folder, USERS, change(table_frame(USERS, [{}])))

    return writer


def stray(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [{"account_id": "A"}])
    (folder / "crm/acounts.parquet").touch()


def nothing_billed(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [])
    write_table(folder, ITEMS, [])


def unbilled(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [{"account_id": "A"}, {"account_id": "B"}])
    write_table(folder, ITEMS, [{"account_id": "A"}])


def unknown(folder: Path) -> None:
    write_table(folder, ACCOUNTS, [{"account_id": "ACME-1"}])
    write_table(folder, ITEMS, [{"account_id": "acme 1"}])


CIRCLE = [
    {"account_id": "A", "parent_account_id": "B"},
    {"account_id": "B", "parent_account_id": "A"},
]
OVERLAP = [
    {"account_id": "A", "valid_to": "2026-05-01"},
    {"account_id": "A", "valid_from": "2026-04-01"},
]
GAP = [
    {"account_id": "A", "valid_to": "2026-04-01"},
    {"account_id": "A", "valid_from": "2026-05-01"},
]
UNDATED = [{**each, "service_from": None, "service_to": None} for each in monthly()[:9]]

#: Rule → a snapshot that breaks it.
BAD: Mapping[str, Writer] = {
    "unreadable": damaged,
    "table-missing": lambda folder: write(folder, USERS, table_frame(USERS, [{}])),
    "table-twice": there_twice,
    "no-columns": of_users(lambda frame: frame.select()),
    "mixed-schemas": mixed,
    "column-missing": of_users(lambda frame: frame.drop("month")),
    "column-twice": of_users(lambda frame: frame.with_columns(MONTH="month")),
    "type": of_users(lambda frame: frame.with_columns(pl.col("month").cast(pl.String))),
    "nulls": rows(ITEMS, {}, {"account_id": None}),
    "unique": rows(USERS, {}, {}),
    "enumeration": rows(ITEMS, {}, {"status": "canceled"}),
    "range": rows(ITEMS, {}, {"interval_count": 0}),
    "format": rows(TARGETS, {}, {"period": "Q1 2026"}),
    "too-long": rows(ITEMS, {}, {"plan": "x" * 10_001}),
    "finite": rows(TARGETS, {}, {"value": float("inf")}),
    "currency": rows(SPEND, {}, {"currency": "usd"}),
    "month-start": rows(SPEND, {}, {"month": "2026-01-15"}),
    "service-dates-together": rows(LINES, {}, {"service_from": "2026-01-01"}),
    "service-dates-ordered": rows(
        LINES, {}, {"service_from": "2026-02-01", "service_to": "2026-02-01"}
    ),
    "rate-missing": rows(ITEMS, {}, {"currency": "EUR"}),
    "parent-cycle": rows(ACCOUNTS, *CIRCLE),
    "date-range": rows(LINES, {}, {"invoiced_on": "2206-01-01"}),
    "discount-within-amount": rows(ITEMS, {}, {"discount": 200_00}),
    "interval-ordered": rows(ITEMS, {}, {"valid_to": "2025-12-31"}),
    "overlap": rows(ACCOUNTS, *OVERLAP),
    "sign-of-entry": rows(LINES, {}, {"amount": -1}),
    "won-is-closed": rows(OPPORTUNITIES, {}, {"is_closed": False, "is_won": True}),
    "account-unbilled": unbilled,
    "account-unknown": unknown,
    "close-before-created": rows(
        OPPORTUNITIES, {"created_on": "2026-05-01", "close_on": "2026-04-01", "is_closed": True}
    ),
    "drift": smaller_than_before,
    "export-twice": file_twice,
    "file-unknown": stray,
    "history-gap": rows(ACCOUNTS, *GAP),
    "minor-units": yen_with_decimals,
    "month-end-slip": days_early,
    "month-without-lines": without_a_month,
    "name-twice": rows(ITEMS, {"product": "GTX Pro"}, {"product": "GTXPro"}),
    "parallel-items": rows(ITEMS, {}, {}),
    "rows-repeated": twice_under_other_ids,
    "service-dates-missing": rows(LINES, *monthly()[9:], *UNDATED),
    "stale": rows(USERS, {"month": "2026-07-01"}),
    "table-empty": nothing_billed,
}
