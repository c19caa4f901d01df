"""Tables by month that are made once for all months of a pack and read a period at a time."""

from collections.abc import Callable, Collection, Sequence

import polars as pl

Make = Callable[[range, Sequence[str]], pl.DataFrame]

#: Rows of facts that a table is made of at once: some fifteen million would take gigabytes.
_AT_ONCE = 4_000_000


class Kept:
    """What was made so far, by what it is and what it is cut by."""

    def __init__(self, months: range | None) -> None:
        """Takes all months that will be asked for, if more than one period's."""
        self.months = months
        self.made: dict[tuple[object, ...], pl.DataFrame] = {}

    def of(
        self,
        name: str,
        months: range,
        by: Sequence[str],
        settled: Collection[str],
        make: Make,
        a_month: Callable[[], int],
    ) -> pl.DataFrame:
        """Rows of those months by ``month_number``, made once for all months where that pays.

        It does not by account, of which a period's are enough; nor can it by what accounts
        are called at the end of one period.

        Args:
            settled: Dimensions that keep every account in one group for ever, so that rows
                by some of them are sums of the rows by all. The total is made on its own, so
                that what groups add up to can be held against it.
            make: The rows of some months by some dimensions; what is no key of them adds up.
            a_month: About how many rows the facts of a month have that they are made of.
        """
        if {"stage", "cohort"}.intersection(by):
            return make(months, by)
        whole = self.months
        if whole is None or not {months[0], months[-1]}.issubset(whole) or "account_id" in by:
            whole = months
        rows = self._summed(name, whole, by, settled, _in_turns(make, a_month))
        if whole == months:
            return rows
        return rows.filter(pl.col("month_number").is_between(months[0], months[-1]))

    def _summed(
        self, name: str, months: range, by: Sequence[str], settled: Collection[str], make: Make
    ) -> pl.DataFrame:
        key = (name, tuple(by), months)
        if key not in self.made and by and set(by) < set(settled):
            finest = self._summed(name, months, tuple(settled), settled, make)
            self.made[key] = finest.group_by("month_number", *by).agg(
                pl.all().exclude("month_number", *settled).sum()
            )
        if key not in self.made:
            self.made[key] = make(months, by)
        return self.made[key]


def _in_turns(make: Make, a_month: Callable[[], int]) -> Make:
    """The same, of so many months at a time as have few enough rows."""

    def turns(months: range, by: Sequence[str]) -> pl.DataFrame:
        step = max(_AT_ONCE // max(a_month(), 1), 1) if len(months) > 1 else 1
        places = range(0, len(months), step)
        return pl.concat(make(months[place : place + step], by) for place in places)

    return turns
