"""What is contracted against what was billed."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from engine.facts.billed import billed_of
from engine.facts.book import Book
from engine.facts.recognition import Recognition
from engine.metrics import sheets
from engine.metrics.measures import lacking
from engine.metrics.model import Unit
from engine.metrics.reconciliation.line import Check, Line, compared, missing, total
from engine.period import MONTH, YEAR, Period

_RECOGNISED = Check(
    "mrr-recognised",
    "MRR against recognised revenue",
    "MRR on the period's last day",
    "Recurring revenue recognised in its last month",
    Unit.MONEY,
    0.10,
    "A large difference means that contracts are not billed, or billed at other amounts.",
    "Contracts that began or ended within the month, months of other lengths, credits, and "
    "prices that changed after the invoice.",
)
_UNBILLED = Check(
    "paying-billed",
    "Paying accounts that were billed",
    "MRR on the period's last day",
    "Part of it that belongs to accounts with recurring revenue in the last month",
    Unit.MONEY,
    0.02,
    "The difference is contracted and not billed: lost revenue, or contracts that have ended.",
    "Invoices written in arrears, free months, contracts that began in the last days.",
)
_UNBILLED_ACCOUNTS = Check(
    "paying-billed-accounts",
    "Paying accounts that were billed, counted",
    "Accounts with MRR on the period's last day",
    "Those of them with recurring revenue in the last month",
    Unit.COUNT,
    0.02,
    _UNBILLED.meaning,
    _UNBILLED.explained_by,
)
_UNCONTRACTED = Check(
    "billed-paying",
    "Billed accounts that have a contract",
    "Recurring revenue recognised in the last month",
    "Part of it that belongs to accounts with MRR on the period's last day",
    Unit.MONEY,
    0.05,
    "The difference is billed without a contract that is live: subscriptions are missing.",
    "Accounts that stopped within the month, or are paused while an invoice runs on.",
)
_INVOICED = Check(
    "mrr-invoiced",
    "A year of MRR against a year of invoices",
    "Sum of MRR at each month's end, up to twelve months",
    "Recurring amounts invoiced in those months, net of credits and refunds",
    Unit.MONEY,
    0.15,
    "Over a year, contracts and invoices tell of the same money.",
    "Annual invoices of a company that grows or shrinks, billing in arrears, large credits.",
)
_CHECKS = (_RECOGNISED, _UNBILLED, _UNBILLED_ACCOUNTS, _UNCONTRACTED, _INVOICED)


def against_invoices(book: Book, period: Period) -> Iterator[Line]:
    """The last month's and the last year's recurring amounts, contracted and billed."""
    if reason := _reason(book):
        yield from (missing(check, reason) for check in _CHECKS)
        return
    last = Period(period.closing, MONTH, period.fiscal_year_start)
    sums = book.counted((), _against, last).row(0, named=True)
    yield compared(_RECOGNISED, sums["mrr"], sums["revenue"])
    yield compared(_UNBILLED, sums["mrr"], sums["mrr_billed"])
    yield compared(_UNBILLED_ACCOUNTS, sums["paying"], sums["paying_billed"])
    yield compared(_UNCONTRACTED, sums["revenue"], sums["revenue_paying"])
    yield compared(_INVOICED, *_over_a_year(book, period))


def _reason(book: Book) -> str | None:
    if book.policy.mrr_source == "invoices":
        return "by the policy MRR is itself taken from invoices"
    return lacking(book, "mrr", ()) or lacking(book, "recurring_revenue", ())


def _against(book: Book, month: Period) -> pl.DataFrame:
    """One row: MRR at the month's end and recurring revenue of it, and what of each has both."""
    mrr, revenue = pl.col("mrr"), pl.col("recurring_revenue")
    is_paying, is_billed = mrr > 0, revenue > 0
    return _accounts(book, month).select(
        mrr=mrr.sum(),
        revenue=revenue.sum(),
        mrr_billed=mrr.filter(is_billed).sum(),
        paying=is_paying.sum().cast(pl.Int64),
        paying_billed=(is_paying & is_billed).sum().cast(pl.Int64),
        revenue_paying=revenue.filter(is_paying).sum(),
    )


def _accounts(book: Book, month: Period) -> pl.DataFrame:
    """One row an account: ``mrr`` at the month's end, ``recurring_revenue`` of the month."""
    by = ("account_id",)
    parts = [
        sheets.state(book, month, by).select("account_id", "mrr"),
        sheets.revenue(book, month, by).select("account_id", "recurring_revenue"),
    ]
    return pl.concat(parts, how="diagonal").fill_null(0).group_by("account_id").sum()


def _over_a_year(book: Book, period: Period) -> tuple[int, int]:
    """MRR at the month ends, and recurring amounts by the month of their invoice."""
    keys = ("month_number",)
    contracted = book.counted(keys, _contracted, period)
    invoiced = book.counted(keys, _invoiced, period)
    since = contracted.select(pl.col("month_number").min())
    invoiced = invoiced.filter(pl.col("month_number") >= since.to_series())
    return total(contracted["mrr"]), total(invoiced["revenue"])


def _contracted(book: Book, period: Period) -> pl.DataFrame:
    """One row a month of the year that something was live in, with its MRR."""
    in_year = pl.col("month_number").is_between(period.closing - YEAR + 1, period.closing)
    months = book.account_months.lazy().filter(in_year)
    return months.group_by("month_number").agg(pl.col("mrr").sum()).collect()


def _invoiced(book: Book, period: Period) -> pl.DataFrame:
    """One row a month of the year, with the recurring amounts invoiced in it."""
    year = Period(period.closing - YEAR + 1, YEAR)
    on_invoice = book.policy.model_copy(update={"recognition": "invoice_date"})
    how = Recognition(
        book.calendar,
        book.sources.rates,
        on_invoice,
        parts=("net",),
        kind="recurring",
        invoiced=(year.first_day, period.last_day),
    )
    # Nothing of it is kept: another period has another year.
    fact = pl.concat(billed_of(replace(book.sources, line_parts=()), how))
    return fact.group_by("month_number").agg(pl.col("revenue").sum())
