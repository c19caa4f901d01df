"""Measures by name: which sheet has them, and where they cannot be had."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.facts.book import Book
from engine.facts.keys import spoken
from engine.metrics import economics, levers, pipeline, retention, sheets, standing
from engine.period import Period

Sheet = Callable[[Book, Period, Sequence[str]], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a sheet.

    Attributes:
        nothing: Why a ratio with it below cannot be had where it is zero, in words.
        unknown: What it means where it is null.
    """

    sheet: Sheet
    is_money: bool = False
    nothing: str = "nothing to divide by"
    unknown: str = "not known"


def _money(
    sheet: Sheet, *names: str, nothing: str = "no amount", unknown: str = "not known"
) -> dict[str, Measure]:
    return {name: Measure(sheet, True, nothing, unknown) for name in names}


def _counts(sheet: Sheet, **nothing: str) -> dict[str, Measure]:
    return {name: Measure(sheet, nothing=words) for name, words in nothing.items()}


MEASURES: Mapping[str, Measure] = {
    **_money(sheets.state, "mrr", nothing="no recurring revenue"),
    **_counts(
        sheets.state,
        accounts="no paying accounts",
        paid_seats="no paid seats",
        free_users="no free users",
        users="no users",
    ),
    **_counts(sheets.heads, active_users="no active users"),
    **_money(sheets.movement, *sheets.MOVES, "mrr_gained"),
    **_money(sheets.movement, "mrr_down", nothing="nothing contracted or churned"),
    **_counts(
        sheets.movement,
        new_accounts="no new accounts",
        churned_accounts="no churned accounts",
        reactivated_accounts="no reactivated accounts",
    ),
    **_money(levers.levers, *levers.LEVERS),
    **_money(sheets.revenue, *sheets.REVENUES, *sheets.REDUCTIONS),
    **_counts(sheets.months, user_months="no users", account_months="no paying accounts"),
    **_money(retention.retained, "kept", "kept_at_most"),
    **_money(retention.retained, "base", nothing="no account paid twelve months before"),
    **_counts(
        retention.lost,
        churned_openings="no churn observed",
        accounts_opening="no accounts at any opening",
    ),
    **_money(retention.lost, "mrr_lost", "mrr_lost_net"),
    **_money(retention.lost, "mrr_opening", nothing="no recurring revenue at any opening"),
    **_money(standing.concentration, "account_median", "top10_mrr"),
    **_money(standing.renewals, "renewals_due"),
    **_counts(
        standing.conversion,
        free_opening="no account was live and free at the opening",
        free_converted="no free account converted",
    ),
    **_money(economics.margins, "margin"),
    **_money(
        economics.spent,
        "spend",
        nothing="no spend",
        unknown="no spend is recorded for these months",
    ),
    **_money(economics.newcomers, "newcomer_mrr", nothing="no new account is still paying"),
    **_counts(
        economics.newcomers,
        newcomer_seats="new accounts hold no paid seats",
        newcomers_paying="no new account is still paying",
    ),
    **_counts(
        pipeline.pipeline,
        opportunities_created="no opportunities created",
        opportunities_won="no opportunities won",
        opportunities_closed="no opportunities closed",
        cycle_median="no opportunities won",
    ),
    **_money(pipeline.pipeline, *pipeline.VALUES, nothing="no opportunities closed"),
    **_money(
        pipeline.plan,
        "new_arr_target",
        nothing="the next period's new_arr target is zero",
        unknown="no new_arr target for the next period",
    ),
}

#: Measures that count seats, which invoices do not tell.
_SEATS = frozenset({"paid_seats", "free_users", "users", "user_months", "newcomer_seats"})

#: Sheets of one table whatever the policy's source of MRR, and whether its rows have accounts.
_TABLES: Mapping[Sheet, tuple[str, str, bool]] = {
    sheets.heads: ("account_users", "billing/account_users", True),
    sheets.revenue: ("invoice_lines", "billing/invoice_lines", True),
    standing.renewals: ("subscription_items", "billing/subscription_items", True),
    standing.conversion: ("subscription_items", "billing/subscription_items", True),
    economics.spent: ("spend", "crm/spend", False),
    pipeline.pipeline: ("opportunities", "crm/opportunities", True),
    pipeline.plan: ("targets", "crm/targets", False),
}
_STATES = {"invoices": _TABLES[sheets.revenue], "subscriptions": _TABLES[standing.renewals]}


def lacking(book: Book, name: str, by: Sequence[str]) -> str | None:
    """Why the measure cannot be had at all by these keys, in words; None if it can."""
    invoiced = book.policy.mrr_source == "invoices"
    if invoiced and MEASURES[name].sheet is standing.conversion:
        return "invoices do not tell which accounts are live and free"
    if invoiced and MEASURES[name].sheet is standing.renewals:
        return "invoices do not tell when a term ends"
    source = _TABLES.get(MEASURES[name].sheet, _STATES[book.policy.mrr_source])
    attribute, table, of_accounts = _TABLES[sheets.heads] if invoiced and name in _SEATS else source
    rows = getattr(book.sources, attribute)
    if rows is None:
        return f"{table} was not exported"
    if MEASURES[name].sheet is levers.levers and (other := book.of_items(by) - {"product"}):
        return f"levers are told apart by product, not by {', '.join(sorted(spoken(other)))}"
    if missing := book.lacking(rows, by, of_accounts=of_accounts):
        return f"{table} is not recorded by {', '.join(spoken(missing))}"
    return None
