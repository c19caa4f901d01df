"""A metric under several policies side by side, as text for a terminal."""

import json
from collections.abc import Sequence
from typing import cast

import polars as pl

from engine.cli.cards import amount, printable, wrapped
from engine.cli.results import table
from engine.metrics.comparison import Counted, Difference
from engine.metrics.model import Number


def compared(rows: Sequence[Counted], money: tuple[bool, bool], currency: str, width: int) -> str:
    """The metric under every policy, and why each differs from the first."""
    base = rows[0].number
    group = "".join(f", {key} {value}" for key, value in base.group)
    unit = base.unit.value.replace("money", currency)
    head = printable(f"{base.period}{group}, in {unit}")
    reasons = [line for each in rows[1:] for line in _reasons(each, base, width)]
    lines = [head, "", _side_by_side(rows, money), "The effect is each rule's own, taken alone."]
    return "\n".join([*lines, "", *reasons])


def _side_by_side(rows: Sequence[Counted], money: tuple[bool, bool]) -> str:
    """A line a policy."""
    base = rows[0].number
    columns = ["policy", "numerator", "denominator", "value", "difference", "relative", "reason"]
    lines = [
        (
            each.policy.name,
            amount(each.number.numerator, money[0]),
            amount(each.number.denominator, money[1]),
            amount(each.number.value, base.unit.is_money),
            _signed(each.change, base.unit.is_money),
            _relative(each.change, base.value),
            each.number.reason,
        )
        for each in rows
    ]
    frame = pl.DataFrame(lines, schema=dict.fromkeys(columns, pl.String), orient="row")
    if all(each.number.reason is None for each in rows):
        frame = frame.drop("reason")
    return table(frame, columns[1:-1])


def _reasons(row: Counted, base: Number, width: int) -> list[str]:
    if not row.differences and not row.limits:
        return []
    rules = [each for each in row.differences if each.alone != 0]
    idle = [each.key for each in row.differences if each.alone == 0]
    lines = [printable(row.policy.name)]
    for rule in rules:
        effect = "" if rule.alone is None else _signed(rule.alone, base.unit.is_money) or ""
        lines += wrapped(f"{_choice(rule)}  {effect}", width, "  ")
        lines += wrapped(f"{rule.words} ({rule.source})", width, "    ")
    if idle:
        lines += wrapped(f"Different without effect here: {', '.join(idle)}", width, "  ", "    ")
    for limit in row.limits:
        lines += wrapped(f"Not reproduced: {limit.words} ({limit.source})", width, "  ", "    ")
    return [*lines, ""]


def _choice(rule: Difference) -> str:
    return f"{rule.key}: {_written(rule.theirs)} in place of {_written(rule.own)}"


def _written(choice: object) -> str:
    """The choice as a workspace's file would write it, near enough."""
    if isinstance(choice, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", choice)))
    return json.dumps(choice, ensure_ascii=False).replace('"', "")


def _relative(change: float | None, base: float | None) -> str | None:
    return f"{change / abs(base):+.1%}" if change is not None and base else None


def _signed(value: float | None, is_money: bool) -> str | None:
    if value is None:
        return None
    return ("+" if value > 0 else "") + amount(value, is_money)
