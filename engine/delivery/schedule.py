"""When packs are due; nothing here reads a clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.period import MONTH, QUARTER, YEAR, Period
from engine.settings.holidays import calendar
from engine.settings.schedule import Schedule

_LENGTHS = {"month": MONTH, "quarter": QUARTER, "year": YEAR}


def due_at(schedule: Schedule, period: Period) -> datetime:
    """The moment, in UTC, from which the period's pack is due.

    A local time that the clocks skip counts by the clock before the change; of one that they
    show twice, the first.
    """
    if schedule.offset_business_days is None:
        offset = 1 if schedule.offset_days is None else schedule.offset_days
        day = period.last_day + timedelta(days=offset)
    else:
        working = calendar(schedule.holidays)
        day = working.get_nth_working_day(period.last_day, schedule.offset_business_days)
    at = datetime.combine(day, time.fromisoformat(schedule.at), ZoneInfo(schedule.time_zone))
    return at.astimezone(UTC)


def due_periods(schedule: Schedule, now: datetime, fiscal_year_start: int) -> tuple[Period, ...]:
    """The periods whose packs are due by now, the earliest first; at most ``catch_up`` of them."""
    length = _LENGTHS[schedule.every]
    latest = _running(now, length, fiscal_year_start)
    while due_at(schedule, latest) > now:
        latest = latest.before()
    found = [latest.before(back) for back in reversed(range(schedule.catch_up))]
    if schedule.since is None:
        return tuple(found)
    first = Period.parse(schedule.since, fiscal_year_start)
    return tuple(each for each in found if each.start >= first.start)


def _running(now: datetime, length: int, fiscal_year_start: int) -> Period:
    """A period that ends after ``now`` wherever on Earth that is read."""
    year = (now + timedelta(days=2)).year + 1
    text = {MONTH: f"{year}-12", QUARTER: f"{year}Q4", YEAR: f"{year}"}[length]
    return Period.parse(text, fiscal_year_start)
