"""``[packs.schedule]``: when a pack is due, and what must be there first."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from engine.errors import UsageError
from engine.period import Period
from engine.settings.base import Table


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("write a time zone such as `Europe/Berlin` or `UTC`") from error
    return name


def _known_calendar(name: str) -> str:
    from engine.settings.holidays import calendar

    calendar(name)
    return name


def _known_period(text: str) -> str:
    try:
        Period.parse(text)
    except UsageError as error:
        raise ValueError(f"{error.message}; {error.hint}") from error
    return text


class Schedule(Table):
    """When a pack is due after each period; all days are counted from the period's last day.

    Attributes:
        offset_days: Calendar days after the last day.
        offset_business_days: Working days after it, in place of calendar days.
        holidays: Whose holidays are no working days: a country `DE`, a part of one `DE-BY`, or
            an exchange `NYSE`; empty: Saturdays and Sundays alone.
        at: Local time in ``time_zone``.
        since: The first period that is due; empty: the one due when the schedule first ran.
        catch_up: Of missed periods, so many are made up for, the latest.
        minimum_rows: Table to the rows that it must have at least.
        alert_after_hours: Operators hear of a pack that is so late; 0: never.
    """

    every: Literal["month", "quarter", "year"] = "quarter"
    offset_days: int | None = Field(default=None, ge=0, le=366)
    offset_business_days: int | None = Field(default=None, ge=1, le=250)
    holidays: Annotated[str, AfterValidator(_known_calendar)] = ""
    at: str = Field(default="07:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    since: Annotated[str, AfterValidator(_known_period)] | None = None
    catch_up: int = Field(default=4, ge=1, le=120)
    minimum_rows: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    alert_after_hours: int = Field(default=48, ge=0, le=8784)

    @model_validator(mode="after")
    def _one_offset(self) -> Self:
        if self.offset_days is not None and self.offset_business_days is not None:
            raise ValueError("write `offset_days` or `offset_business_days`, not both")
        return self

    @model_validator(mode="after")
    def _since_is_of_its_kind(self) -> Self:
        kinds = {"month": 1, "quarter": 3, "year": 12}
        if self.since is not None and Period.parse(self.since).length != kinds[self.every]:
            raise ValueError(f"`since` is no {self.every}, and the schedule is every {self.every}")
        return self
