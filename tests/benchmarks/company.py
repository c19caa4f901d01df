"""A company of any size as a canonical snapshot, the same one at each call, written as it streams.

Accounts come over five years and leave after a while; each has subscriptions in up to four
products, by the month, the quarter or the year and billed once a term, in one of six currencies.
Two lines in three are usage, some are one-time, credits or refunds. Ids are text of some length,
as exports have them; the lines of an invoice lie together, invoices in no order.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from tests.benchmarks.span import AS_OF

MONTHS = 48
START = date(2022, 10, 1)

_LINES_AN_ACCOUNT = 330
_A_ROW_GROUP = 1_000_000

#: Of a hundred lines of an account whose term begins, those that are of the term.
_TERM_KINDS = 40
_PRODUCTS = ("Core", "Analytics", "Automation", "Support")
_RATES = {"EUR": 1.09, "GBP": 1.27, "JPY": 0.0068, "AUD": 0.66, "CAD": 0.74}


def made(place: Path, lines: str) -> Mapping[str, int]:
    """Writes the company of so many lines to ``place/snapshots`` if there is none; its rows."""
    if not (place / "snapshots").is_dir():
        write(place / "snapshots", int(lines))
    return size(place / "snapshots")


def write(root: Path, lines: int) -> None:
    """The snapshot below ``root``, with about so many invoice lines."""
    folder = root / str(AS_OF)
    people = accounts(max(lines // _LINES_AN_ACCOUNT, 20)).collect()
    _sink(_described(people.lazy()), folder / "crm/accounts.parquet")
    _sink(spend(people.height), folder / "crm/spend.parquet")
    _sink(rates(), folder / "billing/fx_rates.parquet")
    _sink(items(people.lazy()), folder / "billing/subscription_items.parquet")
    per_month = lines / MONTHS
    for month in range(MONTHS):
        name = f"{month:03}.parquet"
        alive = _alive(people.lazy(), month)
        each = per_month / max(alive.select(pl.len()).collect().item(), 1)
        _sink(invoice_lines(alive, month, each), folder / "billing/invoice_lines" / name)
        _sink(users(alive, month), folder / "billing/account_users" / name)


def accounts(count: int) -> pl.LazyFrame:
    """One row an account, with what lines and items are made from."""
    number = pl.int_range(count, dtype=pl.Int64)
    hashed = pl.LazyFrame().select(n=number).with_columns(h=pl.col("n").hash(11))
    begin = (pl.col("h") % 60).cast(pl.Int32) - 12
    return hashed.with_columns(
        account_id=pl.format("acct_{}{}", pl.col("h") % 89_999 + 10_000, "n"),
        begin=begin,
        end=begin + (pl.col("h") // 61 % 90 + 3).cast(pl.Int32),
        currency=_one_of(3, "USD", "USD", "USD", *_RATES),
        plan=_one_of(5, "Starter", "Team", "Business", "Enterprise"),
        price=(pl.col("h") // 7 % 90_000 + 900).cast(pl.Int64),
    )


def items(people: pl.LazyFrame) -> pl.LazyFrame:
    """Up to four products an account, each with up to six runs of unchanged terms."""
    begin, end = pl.col("begin") + pl.col("k") * 2, pl.col("end")
    step = pl.max_horizontal((end - begin) // 6, 1)
    since = begin + step * pl.col("run")
    until = pl.when(pl.col("run") == 5).then(end).otherwise(pl.min_horizontal(since + step, end))
    runs = _times(_times(people, pl.col("h") // 13 % 4 + 1, "k"), pl.lit(6), "run")
    dated = runs.with_columns(since=since, until=until, h=pl.col("h").hash(5) + pl.col("k"))
    return (
        dated.filter(pl.col("since") < pl.col("until"))
        .select(
            item_id=pl.format("si_{}_{}_{}", "account_id", "k", "run"),
            subscription_id=pl.format("sub_{}_{}", "account_id", "k"),
            account_id="account_id",
            product=_product(),
            plan="plan",
            billing_unit=pl.when(pl.col("k") == 0)
            .then(pl.lit("seat"))
            .otherwise(pl.lit("account")),
            status=pl.when(pl.col("h") % 29 == 0)
            .then(pl.lit("trialing"))
            .otherwise(pl.lit("active")),
            seats=pl.when(pl.col("k") == 0).then((pl.col("h") % 40 + pl.col("run")).cast(pl.Int64)),
            amount=_amount() * (pl.col("run") + 4),
            discount=(pl.col("h") % 97).cast(pl.Int64),
            currency="currency",
            interval=pl.when(_term() == 12).then(pl.lit("year")).otherwise(pl.lit("month")),
            interval_count=pl.when(_term() == 3).then(pl.lit(3, pl.Int64)).otherwise(1),
            valid_from=_day("since"),
            valid_to=pl.when(pl.col("until") < MONTHS).then(_day("until")),
            term_ends_on=_day("until"),
        )
        .with_columns(pl.col("seats").fill_null(0))
    )


def invoice_lines(alive: pl.LazyFrame, month: int, each: float) -> pl.LazyFrame:
    """Lines of one month of those accounts, about ``each`` of every one."""
    wanted = (pl.col("h") // 19 % 1000 / 1000 * 2 * each).round().cast(pl.UInt64)
    invoiced = alive.with_columns(first=pl.lit(month, pl.Int32), order=pl.col("h").hash(month))
    rows = _times(invoiced.sort("order"), wanted, "line").with_columns(
        h=pl.struct("h", "line").hash(month)
    )
    rows = rows.with_columns(k=pl.col("h") % 4, kind=pl.col("h") // 7 % 100)
    is_due = (month - pl.col("begin")) % _term() == 0
    is_term, kind = is_due & (pl.col("kind") < _TERM_KINDS), pl.col("kind")
    term = pl.when(is_term).then(_term()).otherwise(1)
    is_off = is_term & (kind >= _TERM_KINDS - 3)
    amount = pl.when(is_term).then(_amount() * term).otherwise(_amount() // 10)
    dated = rows.with_columns(until=pl.col("first") + term)
    return dated.select(
        line_id=pl.format("il_{}", "h"),
        invoice_id=pl.format("in_{}", "order"),
        account_id="account_id",
        subscription_id=pl.format("sub_{}_{}", "account_id", "k"),
        product=_product(),
        plan="plan",
        charge_type=pl.when(is_term)
        .then(pl.lit("recurring"))
        .when(kind < 97)
        .then(pl.lit("usage"))
        .otherwise(pl.lit("one_time")),
        entry_type=pl.when(is_off & (kind == _TERM_KINDS - 3))
        .then(pl.lit("refund"))
        .when(is_off)
        .then(pl.lit("credit"))
        .otherwise(pl.lit("charge")),
        amount=pl.when(is_off).then(-amount // 5).otherwise(amount),
        discount=pl.when(is_term, kind < 4)
        .then(pl.col("h").cast(pl.Int64, strict=False) % 97)
        .fill_null(0),
        tax=amount // 5,
        currency="currency",
        service_from=_billed_day("first"),
        service_to=_billed_day("until"),
        invoiced_on=_billed_day("first"),
    )


def users(alive: pl.LazyFrame, month: int) -> pl.LazyFrame:
    """Head counts of one month."""
    day = pl.lit(START).dt.offset_by(f"{month}mo")
    return alive.select(
        "account_id", month=day, active_users=(pl.col("h") // 5 % 60).cast(pl.Int64) + month % 7
    )


def rates() -> pl.LazyFrame:
    """Rates that move every month."""
    rows = pl.LazyFrame({"from_currency": list(_RATES), "base": list(_RATES.values())})
    return _times(rows, pl.lit(MONTHS + 12), "n").select(
        month=pl.lit(START).dt.offset_by(pl.format("{}mo", pl.col("n") - 12)),
        from_currency="from_currency",
        to_currency=pl.lit("USD"),
        rate=(pl.col("base") * (1 + (pl.col("n") % 11).cast(pl.Float64) / 97)).round(6),
    )


def spend(count: int) -> pl.LazyFrame:
    """What was spent on winning them, by channel."""
    rows = pl.LazyFrame({"channel": ["organic", "paid", "partner"]})
    return _times(rows, pl.lit(MONTHS), "n").select(
        month=_day("n"),
        channel="channel",
        category=pl.lit("program"),
        amount=pl.lit(count * 2_000, pl.Int64) + pl.col("n") * 100,
        currency=pl.lit("USD"),
    )


def _described(people: pl.LazyFrame) -> pl.LazyFrame:
    return people.select(
        account_id="account_id",
        name=pl.format("Account {}", "n"),
        segment=_one_of(17, "SMB", "Mid-market", "Enterprise", "Self-serve"),
        region=_one_of(19, "NA", "EMEA", "APAC", "LATAM"),
        channel=_one_of(23, "organic", "paid", "partner"),
        industry=_one_of(29, "Finance", "Health", "Industry", "Retail", "Software"),
        signed_up_on=_day("begin"),
    )


def _alive(people: pl.LazyFrame, month: int) -> pl.LazyFrame:
    return people.filter(pl.col("begin") <= month, pl.col("end") > month)


def _times(frame: pl.LazyFrame, times: pl.Expr, name: str) -> pl.LazyFrame:
    """Each row so many times, numbered from nought."""
    numbers = pl.int_ranges(times.cast(pl.Int64), dtype=pl.Int32).alias(name)
    return frame.with_columns(numbers).explode(name).drop_nulls(name)


def _product() -> pl.Expr:
    return pl.col("k").cast(pl.Int64).replace_strict(dict(enumerate(_PRODUCTS)))


def _term() -> pl.Expr:
    """Months billed at once: three in four by the month, one in five by the year."""
    part = pl.col("n") % 50
    return pl.when(part < 37).then(1).when(part < 40).then(3).otherwise(12).cast(pl.Int32)


def _amount() -> pl.Expr:
    return pl.col("price") // (pl.col("k").cast(pl.Int64) + 1)


def _day(month: str) -> pl.Expr:
    return pl.lit(START).dt.offset_by(pl.format("{}mo", month))


def _billed_day(month: str) -> pl.Expr:
    """Three accounts in five are billed on the first, others on a day of their own."""
    day = pl.when(pl.col("n") % 5 < 3).then(0).otherwise(pl.col("n") % 28)
    return _day(month) + pl.duration(days=day)


def _one_of(salt: int, *words: str) -> pl.Expr:
    number = (pl.col("h") // salt % len(words)).cast(pl.Int64)
    return number.replace_strict(dict(enumerate(words)))


def _sink(frame: pl.LazyFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.sink_parquet(path, compression_level=3, row_group_size=_A_ROW_GROUP)


def size(root: Path) -> Mapping[str, int]:
    """Rows by table."""
    folder = root / str(AS_OF)
    tables = ("billing/invoice_lines/*", "billing/subscription_items", "crm/accounts")
    return {
        table.removesuffix("/*"): pl.scan_parquet(folder / f"{table}.parquet")
        .select(pl.len())
        .collect()
        .item()
        for table in tables
    }
