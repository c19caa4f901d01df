"""Months, fiscal quarters and fiscal years; nothing here reads a clock.

A fiscal year is named by the calendar year that it ends in: with ``fiscal_year_start = 2``,
fiscal year 2026 runs from February 2025 to January 2026.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Self

from engine.errors import UsageError

MONTH, QUARTER, YEAR = 1, 3, 12

_FORMS = (
    (YEAR, re.compile(r"([1-9][0-9]{3})")),
    (QUARTER, re.compile(r"([1-9][0-9]{3})Q([1-4])", re.IGNORECASE)),
    (MONTH, re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])")),
)


def month_number(day: date) -> int:
    """Months since year 0, so that differences count months."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    """First day of the month with that number."""
    return date(number // 12, number % 12 + 1, 1)


def month_end(number: int) -> date:
    """Last day of the month with that number."""
    return month_start(number + 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole months: one month, a fiscal quarter or a fiscal year.

    Attributes:
        start: Number of the first month (see ``month_number``).
        length: 1, 3 or 12 months.
        fiscal_year_start: Calendar month (1 to 12) that fiscal years begin in.
    """

    start: int
    length: int
    fiscal_year_start: int = 1

    @classmethod
    def parse(cls, text: str, fiscal_year_start: int = 1) -> Self:
        """The period written ``2026-06``, ``2026Q2`` or ``2026``; anything else is a UsageError."""
        for length, form in _FORMS:
            if (found := form.fullmatch(text.strip())) is not None:
                year, part = int(found[1]), int(found[2]) if length != YEAR else 1
                if year == MAXYEAR:
                    break
                first = year * 12 + part - 1
                if length != MONTH:
                    first = _fiscal_year(year, fiscal_year_start) + (part - 1) * QUARTER
                return cls(first, length, fiscal_year_start)
        raise UsageError(
            "period",
            f"`{text[:40]}` is not a period",
            hint="write a month `2026-06`, a fiscal quarter `2026Q2` or a fiscal year `2026`",
        )

    @classmethod
    def last_complete_quarter(cls, as_of: date, fiscal_year_start: int = 1) -> Self:
        """The latest fiscal quarter whose last day is not after ``as_of``."""
        complete = month_number(as_of + timedelta(days=1))
        into = (complete - (fiscal_year_start - 1)) % QUARTER
        return cls(complete - into - QUARTER, QUARTER, fiscal_year_start)

    @property
    def label(self) -> str:
        """As ``--period`` takes it: ``2026-06``, ``2026Q2``, ``2026``."""
        if self.length == MONTH:
            return f"{month_start(self.start):%Y-%m}"
        return f"{self._year}Q{self._quarter}" if self.length == QUARTER else f"{self._year}"

    @property
    def title(self) -> str:
        """As a headline says it: ``June 2026``, ``Q2 2026``, ``FY 2026``."""
        if self.length == MONTH:
            return f"{month_start(self.start):%B %Y}"
        return f"Q{self._quarter} {self._year}" if self.length == QUARTER else f"FY {self._year}"

    @property
    def months(self) -> range:
        """Numbers of its months."""
        return range(self.start, self.start + self.length)

    @property
    def closing(self) -> int:
        """Number of its last month."""
        return self.start + self.length - 1

    @property
    def opening(self) -> int:
        """Number of the month before it, whose end is where its movements start."""
        return self.start - 1

    @property
    def first_day(self) -> date:
        """Its first day."""
        return month_start(self.start)

    @property
    def last_day(self) -> date:
        """Its last day, SPEC's *E*."""
        return month_end(self.closing)

    def before(self, periods: int = 1) -> "Period":
        """The period of the same length that many periods earlier (later if negative)."""
        return self._moved(-periods * self.length)

    @property
    def year_before(self) -> "Period":
        """The same period a year earlier."""
        return self._moved(-YEAR)

    @property
    def by_month(self) -> "tuple[Period, ...]":
        """Its months as periods of their own."""
        return tuple(Period(month, MONTH, self.fiscal_year_start) for month in self.months)

    def _moved(self, months: int) -> "Period":
        return Period(self.start + months, self.length, self.fiscal_year_start)

    @property
    def _year(self) -> int:
        ends_next_year = self.fiscal_year_start > 1
        return (self.start - (self.fiscal_year_start - 1)) // YEAR + ends_next_year

    @property
    def _quarter(self) -> int:
        return (self.start - (self.fiscal_year_start - 1)) % YEAR // QUARTER + 1


def _fiscal_year(year: int, fiscal_year_start: int) -> int:
    """Number of the first month of the fiscal year that ends in calendar ``year``."""
    return (year - (fiscal_year_start > 1)) * 12 + fiscal_year_start - 1
