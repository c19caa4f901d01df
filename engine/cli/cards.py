"""Definition cards and what stands behind a number, as text for a terminal."""

import textwrap
from collections.abc import Iterable
from math import fsum
from typing import TYPE_CHECKING

from engine.metrics.glossary import side_in_words
from engine.metrics.model import Metric, Number
from engine.metrics.standard import rule
from engine.policy import Policy

if TYPE_CHECKING:
    from engine.metrics.explanation import Explanation

#: Accounts that a terminal shows; JSON has them all.
SHOWN = 20

_LABEL = 13


def card(metric: Metric, policy: Policy, width: int) -> str:
    """The definition, a line or a few for each of its parts."""
    below = side_in_words(metric.bottoms) if metric.bottoms else "none: it is not a ratio"
    lines = [f"{metric.title} ({metric.id})", "", *wrapped(metric.meaning, width, "  "), ""]
    lines += _entry("Formula", metric.formula, width)
    lines += _entry("Numerator", side_in_words(metric.tops, metric.factor), width)
    lines += _entry("Denominator", below, width)
    lines += _entry("Unit", metric.unit.value, width)
    lines += _entry("Basis", metric.basis.value, width)
    for place, each in enumerate(metric.watch_outs):
        lines += _entry("Watch out" if place == 0 else "", each, width)
    adds = "groups make the total" if metric.is_additive else "no: groups do not make the total"
    lines += _entry("Adds up", adds, width)
    lines += _entry("Good", metric.good, width)
    lines += _entry("Status", rule(metric), width)
    lines += _entry("Source", metric.source, width)
    name = f"{policy.name}, version {policy.version}, {policy.fingerprint}"
    return "\n".join([*lines, *_entry("Policy", printable(name), width), ""])


def behind(found: "Explanation", money: tuple[bool, bool], currency: str, width: int) -> str:
    """The number, both sums, and the largest accounts."""
    metric, number = found.metric, found.number
    group = "".join(f", {key} {value}" for key, value in number.group)
    lines = [printable(f"{number.period}{group}"), ""]
    lines += _entry("Numerator", f"{amount(number.numerator, money[0])}", width)
    if metric.bottoms:
        lines += _entry("Denominator", f"{amount(number.denominator, money[1])}", width)
    lines += _entry("Value", valued(number, currency), width)
    for part in found.parts:
        lines += _entry(part.metric, valued(part, currency), width)
    if found.note:
        lines += ["", *wrapped(found.note, width, "  ")]
    accounts = ["", *_accounts(found, money)] if found.accounts.height else []
    return "\n".join([*lines, *accounts, ""])


def amount(value: float | None, is_money: bool) -> str:
    """A number with its thousands; money with two decimals; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.{2 if is_money else 0 if value.is_integer() else 4}f}"


def valued(number: Number, currency: str) -> str:
    """The value with its unit, or why there is none."""
    if number.value is None:
        return f"none: {number.reason}"
    unit = number.unit.value.replace("money", currency)
    return f"{amount(number.value, number.unit.is_money)} {unit}"


def printable(text: str) -> str:
    """The text without control characters, which could rewrite what a terminal shows."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _accounts(found: "Explanation", money: tuple[bool, bool]) -> list[str]:
    import polars as pl

    from engine.cli.results import table

    metric = found.metric
    times = "" if metric.factor == 1 else f"{metric.factor} × "
    sides = [("numerator", f"{times}{metric.numerator}", money[0])]
    if metric.bottoms:
        sides.append(("denominator", metric.denominator, money[1]))
    shown = found.accounts.head(SHOWN)
    columns = [shown["account_id"], shown["name"]]
    columns += [
        pl.Series(title, [amount(value, is_money) for value in shown[column]], dtype=pl.String)
        for column, title, is_money in sides
    ]
    shares = [None if each is None else f"{each:.1%}" for each in shown["share"]]
    columns.append(pl.Series("share", shares, dtype=pl.String))
    text = table(pl.DataFrame(columns), [title for _, title, _ in sides] + ["share"])
    return [text.rstrip("\n"), *_rest(found, sides)]


def _rest(found: "Explanation", sides: Iterable[tuple[str, str, bool]]) -> list[str]:
    """How many accounts are not shown, and what they add up to."""
    from engine.metrics.explanation import MEDIANS

    rest = found.accounts.slice(SHOWN)
    if rest.is_empty():
        return []
    if found.metric.numerator in MEDIANS:
        return [f"and {rest.height:,} more"]
    sums = [
        f"{title} {amount(fsum(rest[column].drop_nulls()), is_money)}"
        for column, title, is_money in sides
    ]
    return [f"and {rest.height:,} more: {', '.join(sums)}"]


def _entry(label: str, text: str, width: int) -> list[str]:
    """A label and its text, further lines under the text's first."""
    lines = wrapped(text, width - _LABEL - 2, "") or ["–"]
    return [f"  {label if n == 0 else '':<{_LABEL}}{line}" for n, line in enumerate(lines)]


def wrapped(text: str, width: int, indent: str, after: str | None = None) -> list[str]:
    """The text in lines of that width; those after the first indented by ``after``."""
    return textwrap.wrap(
        printable(text),
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent if after is None else after,
        break_long_words=False,
        break_on_hyphens=False,
    )
