"""What will be counted, found by doing the same work over tables without rows.

Schemas and the policy decide that, hardly ever what is in the tables: so nearly everything can be
asked for at once. What was not foreseen is asked for when it is needed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import polars as pl

from engine.cluster.asks import OF_NO_ACCOUNT, Ask
from engine.cluster.job import named
from engine.facts.book import Book, Count
from engine.facts.recognition import Recognition
from engine.facts.sources import Sources

_TABLES = (
    "accounts",
    "subscription_items",
    "invoice_lines",
    "account_users",
    "opportunities",
    "spend",
    "targets",
)


class Foresight(Book):
    """A book of nothing, which notes what it is asked.

    Attributes:
        asks: In their order.
        hows: How lines were recognised for them, by name.
    """

    is_counted = False

    def __init__(self, book: Book, dimensions: Sequence[str]) -> None:
        """Takes the book that work will be done on."""
        self.asks: dict[Ask, None] = {}
        self.hows: dict[str, Recognition] = {}
        sources = replace(_emptied(book.sources), known=self._noted)
        super().__init__(sources, book.calendar, book.policy, dimensions, book.kept.months)

    def all_counted(
        self, keys: Sequence[str], counts: Sequence[Count], *args: Hashable
    ) -> list[pl.DataFrame]:
        """What there is of nothing."""
        for count in counts:
            if count not in OF_NO_ACCOUNT:
                self.asks[Ask.of(keys, count, args)] = None
        return super().all_counted(keys, counts, *args)

    def _noted(self, how: Recognition) -> None:
        self.hows[named(how)] = how


def _emptied(sources: Sources) -> Sources:
    tables = {name: _empty(getattr(sources, name)) for name in _TABLES}
    return replace(sources, **tables, line_parts=(), roots=None)


def _empty(table: pl.LazyFrame | None) -> pl.LazyFrame | None:
    return None if table is None else pl.DataFrame(schema=table.collect_schema()).lazy()
