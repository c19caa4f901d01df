"""Tables by month that are made once for all months of a pack and read a period at a time."""

from collections.abc import Callable, Sequence

import polars as pl


class Kept:
    """What was made so far, by what it is and what it is cut by."""

    def __init__(self, months: range | None) -> None:
        """Takes all months that will be asked for, if more than one period's."""
        self.months = months
        self.made: dict[tuple[object, ...], pl.DataFrame] = {}

    def of(
        self, name: str, months: range, by: Sequence[str], make: Callable[[range], pl.DataFrame]
    ) -> pl.DataFrame:
        """Rows of those months by ``month_number``, made once for all months where that pays.

        It does not by account, of which a period's are enough; nor can it by what accounts
        are called at the end of one period.
        """
        if {"stage", "cohort"}.intersection(by):
            return make(months)
        whole = self.months
        if whole is None or not {months[0], months[-1]}.issubset(whole) or "account_id" in by:
            whole = months
        key = (name, tuple(by), whole)
        if key not in self.made:
            self.made[key] = make(whole)
        if whole == months:
            return self.made[key]
        return self.made[key].filter(pl.col("month_number").is_between(months[0], months[-1]))
