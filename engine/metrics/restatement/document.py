"""A restatement as a JSON document, and as a tidy table of one row a cause."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import polars as pl

from engine.metrics.numbers import group_text
from engine.metrics.restatement.causes import Cause
from engine.metrics.restatement.rules import Rules
from engine.metrics.restatement.value import Restated, Restatement

#: One row per metric, group and cause; ``cause`` is ``all`` where the row is their sum.
SCHEMA = pl.Schema(
    {
        "scope": pl.String,  # total, group or account
        "metric": pl.String,
        "unit": pl.String,
        "group": pl.String,  # a JSON object; of an account its id
        "name": pl.String,
        "was": pl.Float64,
        "is": pl.Float64,
        "cause": pl.String,
        "change": pl.Float64,  # of this value
        "contribution": pl.Float64,  # to the change of the metric's total
    }
)


def document(found: Restatement) -> dict[str, object]:
    """The JSON of ``qbr diff``; money in major units, rounded to floating point last."""
    return {
        "period": found.period.label,
        "from": str(found.before),
        "to": str(found.after),
        "policy": {"from": _policy(found.rules[0]), "to": _policy(found.rules[1])},
        "metrics": [_entry(each, found.causes) for each in found.metrics],
        "groups": [
            _entry(each, found.causes, group=dict(spoken(each.group))) for each in found.groups
        ],
        "accounts": [
            _entry(each, found.causes, **_account(each, found)) for each in found.accounts
        ],
        "rows": {cause.value: dict(tables) for cause, tables in found.rows.items()},
        "notes": list(found.notes),
    }


def frame(found: Restatement) -> pl.DataFrame:
    """The same in ``SCHEMA``."""
    scopes = {"total": found.metrics, "group": found.groups, "account": found.accounts}
    rows = [
        row
        for scope, every in scopes.items()
        for each in every
        for row in _rows(scope, each, found)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def spoken(group: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The group as it was asked for: ``account`` is the contract's word for ``account_id``."""
    return tuple(("account" if name == "account_id" else name, label) for name, label in group)


def _policy(rules: Rules) -> dict[str, object]:
    policy = rules.policy
    return {"name": policy.name, "version": policy.version, "fingerprint": policy.fingerprint}


def _account(row: Restated, found: Restatement) -> dict[str, object]:
    ((_, account),) = row.group
    return {"account": account, "name": found.names.get(account)}


def _entry(row: Restated, causes: tuple[Cause, ...], **where: object) -> dict[str, object]:
    entry = {
        "metric": row.metric,
        **where,
        "was": _number(row.was),
        "is": _number(row.now),
        "change": _number(row.change),
        "causes": None if row.change is None else _numbers(row.causes, causes),
    }
    if where:
        entry["contribution"] = _number(row.contribution)
        given = row.contributions
        entry["contributions"] = None if given is None else _numbers(given, causes)
    return entry | {"unit": row.unit.value, "reason": row.reason}


def _numbers(
    parts: Mapping[Cause, Fraction], causes: tuple[Cause, ...]
) -> dict[str, int | float | None]:
    return {cause.value: _number(parts.get(cause, Fraction(0))) for cause in causes}


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _rows(scope: str, row: Restated, found: Restatement) -> Iterator[tuple[object, ...]]:
    group, name = group_text(dict(spoken(row.group))), None
    if scope == "account":
        ((_, group),) = row.group
        name = found.names.get(group)
    head = (scope, row.metric, row.unit.value, group, name, _float(row.was), _float(row.now))
    yield (*head, "all", _float(row.change), _float(row.contribution))
    for cause in found.causes:
        own = None if row.change is None else row.causes.get(cause, Fraction(0))
        given = None if row.contributions is None else row.contributions.get(cause, Fraction(0))
        if own or given:
            yield (*head, cause.value, _float(own), _float(given))


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
