"""Restatements as rows of the tidy long table, for the pages of a pack.

========================================  =============================================
``group``                                 ``value``
========================================  =============================================
``first_reported``                        what the metric was, on the snapshot of that day
``first_reported``, ``cause``             what the cause did to it since
``first_reported``, ``account``, ``name`` what the account did to it since; the largest
========================================  =============================================
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import polars as pl

from engine.metrics.numbers import SCHEMA, group_text
from engine.metrics.restatement.value import Restated, Restatement

#: Accounts of each metric and period that are told.
LARGEST = 10

BY_DAY = ("first_reported",)
BY_CAUSE = ("first_reported", "cause")
BY_ACCOUNT = ("first_reported", "account", "name")


def rows(found: Iterable[Restatement]) -> pl.DataFrame:
    """Every restatement's rows, in ``numbers.SCHEMA``; of a metric without a past only the day."""
    every = [row for each in found for metric in each.metrics for row in _rows(each, metric)]
    return pl.DataFrame(every, schema=SCHEMA, orient="row")


def _rows(found: Restatement, metric: Restated) -> Iterator[tuple[object, ...]]:
    day = {"first_reported": str(found.before)}
    yield _row(found, metric, day, metric.was)
    for cause, part in metric.causes.items():
        yield _row(found, metric, {**day, "cause": cause.value}, part)
    accounts = [each for each in found.accounts if each.metric == metric.metric]
    for each in accounts[:LARGEST]:
        ((_, account),) = each.group
        name = found.names.get(account, account)
        group = {**day, "account": account, "name": name}
        yield _row(found, metric, group, each.contribution)


def _row(
    found: Restatement, metric: Restated, group: Mapping[str, str], value: Fraction | None
) -> tuple[object, ...]:
    number = None if value is None else float(value)
    reason = None if value is not None else metric.reason or "it had no value then"
    return (
        metric.metric,
        found.period.label,
        ",".join(group),
        group_text(group),
        number,
        None,
        number,
        metric.unit.value,
        reason,
    )
