"""The closed sets of words that canonical columns hold."""

from enum import StrEnum


class BillingUnit(StrEnum):
    """What an item is charged by."""

    SEAT = "seat"
    ACCOUNT = "account"
    USAGE = "usage"


class Status(StrEnum):
    """Where an item stands in its life; the policy says which of these count as live."""

    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"


class Interval(StrEnum):
    """The calendar unit of a billing interval."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class ChargeType(StrEnum):
    """What kind of revenue an invoice line is."""

    RECURRING = "recurring"
    USAGE = "usage"
    ONE_TIME = "one_time"


class EntryType(StrEnum):
    """Which way the money of an invoice line goes."""

    CHARGE = "charge"
    CREDIT = "credit"
    REFUND = "refund"


class OpportunityKind(StrEnum):
    """What an opportunity would sell."""

    NEW = "new"
    EXPANSION = "expansion"
    RENEWAL = "renewal"


def words(closed_set: type[StrEnum]) -> list[str]:
    """Its values, in the order they are declared."""
    return [each.value for each in closed_set]
