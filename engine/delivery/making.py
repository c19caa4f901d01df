"""Scheduled packs made from a snapshot, once what the schedule asks for is there."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date

from engine.analysis import Analysis
from engine.config import Workspace
from engine.errors import DataError
from engine.period import Period
from engine.run import Made, make_pack
from engine.settings.pack import Pack


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
        self, workspace: Workspace, step: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        """Takes the workspace, and what shows a person the steps."""
        self._workspace = workspace
        self._step = step
        self._opened: dict[date, Analysis | DataError] = {}

    def __call__(self, pack: Pack, period: Period, as_of: date) -> Sequence[Made]:
        """The pack of the period, from the snapshot of that day.

        Raises:
            NotReadyError: A table has fewer rows than the schedule asks for.
            DataError: The snapshot does not hold.
        """
        analysis = self._analysis(as_of)
        if pack.schedule is not None:
            rows = {each.table: each.rows for each in analysis.verdict.tables}
            needed = pack.schedule.minimum_rows.items()
            lacking = [
                f"{rows.get(table, 0):,} rows of {table}, not {least:,}"
                for table, least in needed
                if rows.get(table, 0) < least
            ]
            if lacking:
                raise NotReadyError(as_of, lacking)
        return packs_made(analysis, pack, period, self._step)

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


def packs_made(
    analysis: Analysis,
    pack: Pack,
    period: Period,
    step: Callable[[str], AbstractContextManager[None]],
) -> Sequence[Made]:
    """Every run that the pack comes to: one, or one a value of what it is burst by."""
    return make_pack(analysis, pack, period, step)


def unseen(_: str) -> AbstractContextManager[None]:
    """A step that is shown to nobody."""
    return nullcontext()
