"""What pages ask of the engine; every answer comes as rows of the tidy long table.

Besides plain metrics these are, told apart by the dimensions that their rows are keyed by:

===================  =========================================  ==================================
ask                  ``metric``, ``period``                     ``group``
===================  =========================================  ==================================
`Request`            the metric, its period                     the dimensions of ``by``
`CohortRequest`      ``cohort_active`` …, the reported period   ``cohort``, ``age``, then ``by``;
                                                                over all cohorts ``age`` alone
`ShiftRequest`       the ratio, ``A..B``                        ``by``, then ``effect``; in total
                                                                ``dimension``, ``effect``
`RankingRequest`     the ratio, ``A..B``                        ``dimension``, ``effect``
(both)               the ratio's numerator, ``A..B``            ``ratio``, ``dimension``, ``effect``
`PlanRequest`        the planned metric, its period             ``scenario``: ``plan``
===================  =========================================  ==================================
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.metrics.numbers import Request


@dataclass(frozen=True, slots=True)
class CohortRequest:
    """The cohort table at the end of a period, and its averages over all cohorts by age.

    Attributes:
        by: Dimensions that cohorts are cut by.
        by_month: Cohorts are months, not fiscal quarters.
    """

    period: str
    by: tuple[str, ...] = ()
    by_month: bool = False


@dataclass(frozen=True, slots=True)
class ShiftRequest:
    """The mix-shift of a ratio, and of its numerator, from one period to a later one.

    Effects are ``bridge.EFFECTS``, of the numerator ``volume`` too. Without rows where the ratio
    has no bridge over ``by``.
    """

    metric: str
    by: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class RankingRequest:
    """How much of a ratio's movement each of these dimensions explains (``explained``, 0 to 1).

    Its effects and those of its numerator stand beside it, told apart by dimension, so they can
    be looked up where several dimensions are bridged in one pack.
    """

    metric: str
    dimensions: tuple[str, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Plan figures of those periods; without rows where nothing is planned."""

    periods: tuple[str, ...]


Ask = Request | CohortRequest | ShiftRequest | RankingRequest | PlanRequest


def between(start: str, end: str) -> str:
    """What stands as the period of a change between two periods."""
    return f"{start}..{end}"


def periods_of(ask: Ask) -> tuple[str, ...]:
    """Labels of the periods that the answer looks at, but for a plan's: those need no facts."""
    match ask:
        case Request():
            return ask.periods
        case CohortRequest():
            return (ask.period,)
        case ShiftRequest() | RankingRequest():
            return (ask.start, ask.end)
        case PlanRequest():
            return ()


def dimensions_of(ask: Ask) -> tuple[str, ...]:
    """Dimensions that the answer is cut by."""
    match ask:
        case Request() | CohortRequest():
            return ask.by
        case ShiftRequest():
            return (ask.by,)
        case RankingRequest():
            return ask.dimensions
        case PlanRequest():
            return ()


def together(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """The same asks, what is asked of one period and cut in one, so that it is counted once.

    Periods of which the same is asked are in one, too.
    """
    metrics: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    others: dict[Ask, None] = {}
    for ask in asks:
        if isinstance(ask, Request) and not ask.most:
            for period in ask.periods:
                metrics.setdefault((period, ask.by), {}).update(dict.fromkeys(ask.metrics))
        else:
            others[ask] = None
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (period, by), names in metrics.items():
        alike.setdefault((tuple(names), by), []).append(period)
    plain = (Request(names, tuple(periods), by) for (names, by), periods in alike.items())
    return (*plain, *others)
