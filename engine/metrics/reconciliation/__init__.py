"""Numbers that should agree, set against one another: within the books, and between systems.

What adds up by construction (``adding_up``) must be equal, and stops the run if it is not. What
two systems tell of one thing (``invoices``, ``crm``, ``seats``) differs for good reasons too, so
it is compared within a tolerance and told.
"""

from collections.abc import Sequence

from engine.facts.book import Book
from engine.metrics.reconciliation.adding_up import adding_up
from engine.metrics.reconciliation.crm import against_crm
from engine.metrics.reconciliation.invoices import against_invoices
from engine.metrics.reconciliation.line import Check, Line, Outcome
from engine.metrics.reconciliation.seats import against_active_users
from engine.period import Period

__all__ = ["Check", "Line", "Outcome", "reconcile"]


def reconcile(book: Book, period: Period, dimensions: Sequence[str] = ()) -> tuple[Line, ...]:
    """Every comparison for the period, in the order in which a reader looks at them.

    Args:
        book: Kept apart by the dimensions at least; facts that it has made are used again.
        dimensions: Each is compared with the total, on its own.

    Raises:
        EngineError: Something that adds up by construction does not: a fault of ours.
    """
    return (
        *adding_up(book, period, dimensions),
        *against_invoices(book, period),
        *against_crm(book, period),
        *against_active_users(book, period),
    )
