"""Scheduled packs made from a snapshot, once what the schedule asks for is there."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import date
from itertools import groupby
from operator import itemgetter

from engine.analysis import Analysis
from engine.config import Workspace
from engine.delivery.turns import Turn
from engine.errors import DataError, EngineError, tried
from engine.run import Made, Order, outcomes


class NotReadyError(DataError):
    """The snapshot holds, and has not all that the schedule asks for yet."""

    def __init__(self, as_of: date, lacking: Sequence[str]) -> None:
        super().__init__(
            "rows-missing",
            f"the snapshot of {as_of} has {'; '.join(lacking)}",
            hint="export it again once it is complete, or lower minimum_rows",
        )


class Workshop:
    """Makes packs; each snapshot is opened and checked once, whatever packs are made of it."""

    def __init__(
        self,
        workspace: Workspace,
        step: Callable[[str], AbstractContextManager[None]],
        processes: int = 1,
    ) -> None:
        """Takes the workspace, what shows a person the steps, and on how many to set pages."""
        self._workspace = workspace
        self._step = step
        self._processes = processes
        self._opened: dict[date, Analysis | DataError] = {}

    def __call__(
        self, turns: Sequence[Turn]
    ) -> Generator[tuple[Turn, Sequence[Made] | EngineError]]:
        """Every turn with its runs: one, or one a value of what its pack is burst by.

        In place of them stands what stopped it, and stops no other:

        * NotReadyError: A table has fewer rows than the schedule asks for.
        * DataError: The snapshot does not hold.
        * What else ``run.outcomes`` tells of a pack.
        """
        orders: list[Order] = []
        turn_of: dict[Order, Turn] = {}
        for turn in turns:
            order = tried(self._order, turn)
            if isinstance(order, EngineError):
                yield turn, order
            else:
                orders.append(order)
                turn_of[order] = turn
        with closing(outcomes(orders, self._step, self._processes)) as found:
            for order, made in groupby(found, key=itemgetter(0)):
                yield turn_of[order], _together(each for _, each in made)

    def _order(self, turn: Turn) -> Order:
        analysis = self._analysis(turn.days[0])
        if turn.pack.schedule is not None:
            rows = {each.table: each.rows for each in analysis.verdict.tables}
            needed = turn.pack.schedule.minimum_rows.items()
            lacking = [
                f"{rows.get(table, 0):,} rows of {table}, not {least:,}"
                for table, least in needed
                if rows.get(table, 0) < least
            ]
            if lacking:
                raise NotReadyError(turn.days[0], lacking)
        return Order(analysis, turn.pack, turn.period)

    def _analysis(self, as_of: date) -> Analysis:
        if as_of not in self._opened:
            try:
                with self._step(f"checking the snapshot of {as_of}"):
                    self._opened[as_of] = Analysis.open(self._workspace, as_of)
            except DataError as error:
                self._opened[as_of] = error
        found = self._opened[as_of]
        if isinstance(found, DataError):
            raise found
        return found


def _together(outcomes_of_one: Iterable[Made | EngineError]) -> Sequence[Made] | EngineError:
    """All runs of a pack, or the first error: a burst pack goes out whole or not at all."""
    made: list[Made] = []
    faults: list[EngineError] = []
    for each in outcomes_of_one:
        if isinstance(each, EngineError):
            faults.append(each)
        else:
            made.append(each)
    return faults[0] if faults else made


def unseen(_: str) -> AbstractContextManager[None]:
    """A step that is shown to nobody."""
    return nullcontext()
