"""When a pack is due: month lengths, holidays, clocks that jump."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.schedule import due_at, due_periods
from engine.period import Period
from engine.settings.schedule import Schedule


def due_on(period, **settings):
    schedule = Schedule.model_validate(settings)
    return due_at(schedule, Period.parse(period))


@pytest.mark.parametrize(
    ("period", "days", "expected"),
    [
        ("2026-01", 0, date(2026, 1, 31)),
        ("2026-02", 0, date(2026, 2, 28)),
        ("2028-02", 0, date(2028, 2, 29)),
        ("2026Q2", 1, date(2026, 7, 1)),
        ("2026-11", 5, date(2026, 12, 5)),
        ("2026", 31, date(2027, 1, 31)),
    ],
)
def test_days_are_counted_from_the_last_day_of_the_period(period, days, expected):
    assert due_on(period, offset_days=days).date() == expected


def test_a_fiscal_quarter_ends_when_it_ends():
    schedule = Schedule(offset_days=0)
    assert due_at(schedule, Period.parse("2026Q4", 2)).date() == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("holidays", "days", "expected"),
    [
        ("", 1, date(2026, 1, 1)),  # a Thursday
        ("US", 1, date(2026, 1, 2)),
        ("US", 2, date(2026, 1, 5)),
        ("DE", 3, date(2026, 1, 6)),
        ("DE-BY", 3, date(2026, 1, 7)),  # Epiphany is a holiday in Bavaria
        ("NYSE", 1, date(2026, 1, 2)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(holidays, days, expected):
    assert due_on("2025Q4", offset_business_days=days, holidays=holidays).date() == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("07:00", datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        ("01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # skipped: 03:30 summer time
    ],
)
def test_clocks_going_forward_lose_no_run(at, expected):
    zone = {"at": at, "time_zone": "Europe/Berlin"}
    assert due_on("2026-02", offset_days=29, **zone) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the first
        ("07:00", datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
    ],
)
def test_clocks_going_back_make_nothing_due_twice(at, expected):
    zone = {"at": at, "time_zone": "Europe/Berlin"}
    assert due_on("2026-09", offset_days=25, **zone) == expected


def labels(schedule, now, start=1):
    return [period.label for period in due_periods(schedule, now, start)]


def test_a_period_is_due_from_the_very_moment():
    schedule = Schedule(every="month", offset_days=1, at="07:00", catch_up=1)
    at = datetime(2026, 10, 1, 7, tzinfo=UTC)
    assert labels(schedule, at - timedelta(seconds=1)) == ["2026-08"]
    assert labels(schedule, at) == ["2026-09"]


def test_since_and_catch_up_limit_what_is_made_up_for():
    now = datetime(2026, 10, 7, tzinfo=UTC)
    assert labels(Schedule(catch_up=3), now) == ["2026Q1", "2026Q2", "2026Q3"]
    assert labels(Schedule(since="2026Q2"), now) == ["2026Q2", "2026Q3"]
    assert labels(Schedule(since="2027Q1"), now) == []


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from(["month", "quarter", "year"]),
    st.integers(0, 40),
    st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"]),
    st.integers(1, 12),
)
def test_the_latest_due_period_is_due_and_the_next_is_not(moment, every, days, zone, start):
    now = moment.replace(tzinfo=UTC)
    schedule = Schedule.model_validate({"every": every, "offset_days": days, "time_zone": zone})
    found = due_periods(schedule, now, start)
    assert len(found) == schedule.catch_up
    assert due_at(schedule, found[-1]) <= now < due_at(schedule, found[-1].before(-1))
    assert [each.start for each in found] == sorted(each.start for each in found)
