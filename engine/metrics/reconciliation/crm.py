"""The accounts that billing knows against those that the CRM knows."""

from collections.abc import Iterator

import polars as pl

from engine.facts.book import Book
from engine.facts.keys import as_text
from engine.metrics import sheets
from engine.metrics.measures import lacking
from engine.metrics.model import Unit
from engine.metrics.reconciliation.line import Check, Line, compared, missing, row, total
from engine.period import YEAR, Period

_PAYING = Check(
    "paying-in-crm",
    "Paying accounts that the CRM knows",
    "Accounts with MRR on the period's last day",
    "Those of them that the CRM holds",
    Unit.COUNT,
    0.0,
    "Those that it does not hold are shown as Unknown in every group of the CRM's.",
    "Accounts made in billing since the CRM was exported, or test accounts.",
)
_MRR = Check(
    "mrr-in-crm",
    "MRR of accounts that the CRM knows",
    "MRR on the period's last day",
    "Part of it that belongs to accounts in the CRM",
    Unit.MONEY,
    0.0,
    _PAYING.meaning,
    _PAYING.explained_by,
)
_BILLED = Check(
    "crm-in-billing",
    "CRM accounts that billing knows",
    "Accounts in the CRM, signed up by the period's end",
    "Those of them that billing has ever held a contract or an invoice of",
    Unit.COUNT,
    None,
    "The rest has never been billed, so it has no MRR.",
    "Prospects, partners, parents of groups, free users.",
)
_WON = Check(
    "won-in-billing",
    "New customers won that billing knows",
    "Accounts with new business won in the last twelve months",
    "Those of them that billing has ever held a contract or an invoice of",
    Unit.COUNT,
    0.05,
    "The rest was won and never billed: under another identifier, or not set up at all.",
    "Deals won in the last days, contracts that start later, customers of resellers.",
)
_WON_MRR = Check(
    "won-value-in-billing",
    "New business won that billing knows, a month's worth",
    "A twelfth of the first-year value of new business won in the last twelve months",
    "Part of it that belongs to accounts billing has ever held a contract or an invoice of",
    Unit.MONEY,
    0.05,
    _WON.meaning,
    _WON.explained_by,
)


def against_crm(book: Book, period: Period) -> Iterator[Line]:
    """How many accounts, and how much of MRR, either side does not know of the other."""
    if reason := lacking(book, "mrr", ()):
        yield from (missing(check, reason) for check in (_PAYING, _MRR, _BILLED, _WON, _WON_MRR))
        return
    sums = book.counted((), _known, period).row(0, named=True)
    yield compared(_PAYING, sums["paying"], sums["paying_known"])
    yield compared(_MRR, sums["mrr"], sums["mrr_known"])
    yield compared(_BILLED, sums["signed"], sums["signed_billed"])
    if reason := lacking(book, "won_value", ()):
        yield from (missing(check, reason) for check in (_WON, _WON_MRR))
        return
    sums = book.counted((), _won, period).row(0, named=True)
    yield compared(_WON, sums["accounts"], sums["accounts_billed"])
    yield compared(_WON_MRR, sums["amount"], sums["amount_billed"])


def _known(book: Book, period: Period) -> pl.DataFrame:
    """One row: what pays, and what of it the CRM knows; who signed up, and was billed."""
    known, billed = _in_crm(book, period), _in_billing(book, period)
    paying = sheets.state(book, period, ("account_id",)).filter(pl.col("mrr") > 0)
    found = paying.join(as_text(known, ("account_id",)), on="account_id", how="semi")
    signed = known.filter("is_signed")
    return row(
        paying=paying.height,
        paying_known=found.height,
        mrr=total(paying["mrr"]),
        mrr_known=total(found["mrr"]),
        signed=signed.height,
        signed_billed=signed.join(billed, on="account_id", how="semi").height,
    )


def _won(book: Book, period: Period) -> pl.DataFrame:
    """One row: accounts with new business won and what of it, and those that were billed."""
    since = Period(period.closing - YEAR + 1, YEAR).first_day
    is_won = pl.col("is_closed") & pl.col("is_won") & (pl.col("kind") == "new")
    in_year = pl.col("close_on").is_between(since, period.last_day)
    rows = book.opportunities(is_won & in_year & pl.col("account_id").is_not_null(), period.closing)
    won = rows.group_by("account_id").agg(pl.col("amount").sum() // YEAR)
    found = won.join(_in_billing(book, period), on="account_id", how="semi")
    return row(
        accounts=won.height,
        accounts_billed=found.height,
        amount=total(won["amount"]),
        amount_billed=total(found["amount"]),
    )


def _in_crm(book: Book, period: Period) -> pl.DataFrame:
    """One row an account, as facts name it: ``is_signed``, whether by the period's last day."""
    is_signed = (pl.col("signed_up_on") <= period.last_day).any().fill_null(value=False)
    own = book.sources.accounts.group_by("account_id").agg(is_signed.alias("is_signed")).collect()
    return book.of_parents(own).group_by("account_id").agg(pl.col("is_signed").any())


def _in_billing(book: Book, period: Period) -> pl.DataFrame:
    """One row an account with any contract or invoice up to the period's last month."""
    facts = [book.states, *([book.revenue] if book.sources.invoice_lines is not None else [])]
    by_then = pl.col("month_number") <= period.closing
    return (
        pl.concat([fact.filter(by_then).select("account_id") for fact in facts]).unique().collect()
    )
