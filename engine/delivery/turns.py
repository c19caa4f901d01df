"""Which pack of which period is made next, and from which snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.delivery.schedule import due_at
from engine.errors import EngineError
from engine.period import Period
from engine.settings.pack import Pack
from engine.settings.schedule import Schedule

#: Of the snapshots that were there on the due day, so many are tried, the latest first.
_TRIED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A pack of a period that is due.

    Attributes:
        days: Snapshots that it may be made from, the one to try first.
        reasons: Why those that were tried before would not do.
    """

    pack: Pack
    period: Period
    days: tuple[date, ...]
    reasons: tuple[EngineError, ...] = ()

    @classmethod
    def of(cls, pack: Pack, period: Period, days: Sequence[date]) -> "Turn":
        """The first try, with all the snapshots that there are."""
        schedule = pack.schedule or Schedule()
        return cls(pack, period, _candidates(days, period, due_at(schedule, period).date()))

    def after(self, reason: EngineError) -> "Turn":
        """The next try."""
        return replace(self, days=self.days[1:], reasons=(*self.reasons, reason))


def firsts(turns: Sequence[Turn]) -> tuple[list[Turn], list[Turn]]:
    """The first turn of each pack, and the others: a pack may tell of its earlier periods."""
    now: dict[str, Turn] = {}
    for each in turns:
        now.setdefault(each.pack.name, each)
    return list(now.values()), [each for each in turns if now[each.pack.name] is not each]


def _candidates(days: Sequence[date], period: Period, due_on: date) -> tuple[date, ...]:
    """Snapshots to try: what was there on the due day, the latest first; else the next ones."""
    after = [day for day in days if day > period.last_day]
    in_time = [day for day in after if day <= due_on]
    return (*reversed(in_time[-_TRIED:]), *(day for day in after if day > due_on))
