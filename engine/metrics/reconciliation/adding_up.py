"""What adds up by construction: opening and movements to closing, groups to totals.

Compared in whole micro-units. A difference is a fault of the engine, and nothing is reported then.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

import polars as pl

from engine.errors import EngineError
from engine.facts.book import Book
from engine.facts.derived import Cut
from engine.facts.keys import keys
from engine.metrics import sheets
from engine.metrics.measures import lacking
from engine.metrics.model import Unit
from engine.metrics.reconciliation.line import Check, Line, compared, missing, total
from engine.period import MONTH, Period

#: Measures whose groups add up to the total; accounts do not, as one may be in several groups.
_STATES = ("mrr", "paid_seats", "free_users")
_NOTHING = "Nothing: the two are sums of the same amounts, so a difference is a fault of ours."


def adding_up(book: Book, period: Period, dimensions: Sequence[str]) -> Iterator[Line]:
    """A line for the total's roll-forward; for each dimension one for its groups', one for sums.

    Raises:
        EngineError: Two sides differ, be it by a millionth.
    """
    whole = _Total(book, period)
    yield whole.rolled(())
    for dimension in dimensions:
        yield whole.rolled((dimension,))
        yield whole.summed(dimension)


class _Total:
    """The period's sums over everything, made once for all dimensions."""

    def __init__(self, book: Book, period: Period) -> None:
        self.book = book
        self.period = period

    def rolled(self, by: Sequence[str]) -> Line:
        """Opening + movements = closing, for the total or for each group."""
        check = _roll_forward(*by)
        cut = Cut(keys(by), self.period.months)
        if reason := lacking(self.book, "mrr", cut):
            return missing(check, reason)
        found = self._steps(cut)
        amiss = found.filter(pl.col("reached") != pl.col("closing"))
        if not amiss.is_empty():
            _refuse(check.name, amiss["reached"][0], amiss["closing"][0])
        return compared(check, total(found["reached"]), total(found["closing"]))

    def summed(self, dimension: str) -> Line:
        """Every measure's groups = its total; the line tells that of MRR."""
        check = _groups(dimension)
        cut, none = Cut(keys((dimension,)), self.period.months), Cut((), self.period.months)
        if reason := lacking(self.book, "mrr", cut):
            return missing(check, reason)
        for name, (left, right) in self._sums(cut, none).items():
            if left != right:
                _refuse(f"{check.name} {name}", left, right)
        left, right = (total(_closing(self.book, self.period, each)["mrr"]) for each in (cut, none))
        return compared(check, left, right)

    def _steps(self, cut: Cut) -> pl.DataFrame:
        """One row a group: ``closing``, and what opening and movements ``reached``."""
        opening = Period(self.period.opening, MONTH, self.period.fiscal_year_start)
        moves = self.book.counted(cut, sheets.movement, self.period, cut)
        moved = pl.sum_horizontal(sheets.MOVES)
        zero = pl.lit(0, pl.Int64)
        parts = [
            _closing(self.book, opening, cut).select(*cut, reached="mrr", closing=zero),
            moves.select(*cut, reached=moved, closing=zero),
            _closing(self.book, self.period, cut).select(*cut, reached=zero, closing="mrr"),
        ]
        sides = pl.concat(parts)
        return sides.group_by(*cut).sum() if cut else sides.sum()

    def _sums(self, cut: Cut, none: Cut) -> Mapping[str, tuple[int, int]]:
        """Each measure's sum over the groups, and its total."""
        made = {
            sheets.state: _STATES,
            sheets.movement: sheets.MOVES,
            sheets.revenue: (*sheets.REVENUES, *sheets.REDUCTIONS),
        }
        sums: dict[str, tuple[int, int]] = {}
        for sheet, names in made.items():
            if any(lacking(self.book, name, cut) for name in names):
                continue
            groups, whole = (
                self.book.counted(each, sheet, self.period, each) for each in (cut, none)
            )
            sums |= {name: (total(groups[name]), total(whole[name])) for name in names}
        return sums


def _closing(book: Book, period: Period, cut: Cut) -> pl.DataFrame:
    return book.counted(cut, sheets.state, period, cut)


def _refuse(name: str, left: int, right: int) -> NoReturn:
    raise EngineError(
        "does-not-add-up",
        f"{name}: {left} is not {right} (millionths)",
        note="this is a fault of Quarterdeck, not of your data, so nothing is reported",
        hint="report it with this message",
    )


def _roll_forward(dimension: str = "") -> Check:
    each = f"By {dimension}, each group's" if dimension else "The"
    return Check(
        "roll-forward" + f":{dimension}" * bool(dimension),
        f"{each} MRR rolls forward",
        "Opening MRR and all movements",
        "Closing MRR",
        Unit.MONEY,
        0.0,
        "Every change of MRR is classified, and none twice.",
        _NOTHING,
    )


def _groups(dimension: str) -> Check:
    return Check(
        f"groups:{dimension}",
        f"Groups by {dimension} add up",
        "Sum over the groups: MRR; seats, movements and revenue were compared alike",
        "Total",
        Unit.MONEY,
        0.0,
        "No amount is lost between groups, and none is in two.",
        _NOTHING,
    )
