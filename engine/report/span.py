"""Which periods the pages compare a period with."""

from dataclasses import dataclass

from engine.period import MONTH, YEAR, Period

TREND = {MONTH: 13, 3: 9, YEAR: 5}
RECENT = 4
MONTHS = 24


@dataclass(frozen=True, slots=True)
class Span:
    """The reported period and those around it."""

    period: Period

    @property
    def previous(self) -> Period:
        """The period just before."""
        return self.period.before()

    @property
    def year_ago(self) -> Period:
        """The same period a year earlier; for a year the same as ``previous``."""
        return self.period.year_before

    @property
    def compared(self) -> tuple[Period, ...]:
        """The periods that every change is told against, none twice."""
        return tuple(dict.fromkeys((self.previous, self.year_ago)))

    @property
    def trend(self) -> tuple[Period, ...]:
        """Periods of a trend table, the reported one last: two years of quarters and one more."""
        return tuple(self.period.before(n) for n in reversed(range(TREND[self.period.length])))

    @property
    def history(self) -> tuple[Period, ...]:
        """The periods of the trend and those compared with, none twice."""
        return tuple(dict.fromkeys((*self.trend, *self.compared)))

    @property
    def recent(self) -> tuple[Period, ...]:
        """The last four periods."""
        return self.trend[-RECENT:]

    @property
    def months(self) -> tuple[Period, ...]:
        """The last 24 months, each a period of its own."""
        last = Period(self.period.closing, MONTH, self.period.fiscal_year_start)
        return tuple(last.before(n) for n in reversed(range(MONTHS)))


def labels(periods: tuple[Period, ...]) -> tuple[str, ...]:
    """The periods as numbers are keyed by."""
    return tuple(period.label for period in periods)
