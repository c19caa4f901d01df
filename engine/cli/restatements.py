"""A restatement as text for a terminal: the totals, their causes, groups and accounts."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import polars as pl

from engine.cli.cards import amount, printable, wrapped
from engine.cli.results import beside, table
from engine.metrics.model import Unit
from engine.metrics.restatement.causes import Cause
from engine.metrics.restatement.value import Restated, Restatement
from engine.policy import Policy

#: Groups and accounts that a table shows for each metric; JSON has them all.
SHOWN = 10

_NONE = "–"


def restatement_text(found: Restatement, told: Sequence[str], currency: str, width: int) -> str:
    """All of it in words and tables.

    Args:
        told: Metrics whose groups and accounts are shown.
    """
    head = (
        f"{found.period.title} as counted on the snapshot of {found.before}, and on that of "
        f"{found.after}; money in {currency}"
    )
    parts = [head, *_totals(found, width)]
    for metric in told:
        parts += _groups(found, metric)
        parts += _accounts(found, metric)
    return "\n".join(parts) + "\n"


def _totals(found: Restatement, width: int) -> Iterator[str]:
    moved = [each for each in found.metrics if each.was != each.now]
    causes = tuple(cause for cause in found.causes if any(cause in each.causes for each in moved))
    if moved:
        yield ""
        yield _table(["metric"], [((each.metric,), each) for each in moved], causes, own=True)
    still = len(found.metrics) - len(moved)
    if still:
        yield (
            f"{still} of {len(found.metrics)} metrics are what they were."
            if moved
            else ("Every metric is what it was.")
        )
    yield from _words(found, causes, width)
    for each in moved:
        if each.reason:
            yield from wrapped(f"{each.metric}: {each.reason}", width, "", "  ")
    for note in found.notes:
        yield from wrapped(note, width, "", "  ")


def _words(found: Restatement, causes: Sequence[Cause], width: int) -> Iterator[str]:
    """What each cause is, and how many rows moved for it."""
    for cause in causes:
        tables = found.rows.get(cause, {})
        rows = ", ".join(f"{count:,} of {name}" for name, count in tables.items())
        text = f"{cause.value}: {cause.words}" + (f" ({rows})" if rows else "")
        if cause is Cause.DEFINITIONS:
            text += " (" + " → ".join(_policy(rules.policy) for rules in found.rules) + ")"
        yield from wrapped(text, width, "", "  ")


def _policy(policy: Policy) -> str:
    return f"{policy.name}, version {policy.version}, {policy.fingerprint}"


def _groups(found: Restatement, metric: str) -> Iterator[str]:
    rows = [each for each in found.groups if each.metric == metric]
    moved = [each for each in rows if each.was != each.now or each.contributions]
    if not rows:
        return
    names = [name for name, _ in rows[0].group]
    yield f"\n{metric} by {', '.join(names)}"
    if not moved:
        yield "No group moved."
        return
    labelled = [(tuple(label for _, label in each.group), each) for each in moved[:SHOWN]]
    yield _table(names, labelled, found.causes, own=moved[0].contributions is None)
    yield from _rest(moved)


def _accounts(found: Restatement, metric: str) -> Iterator[str]:
    rows = [each for each in found.accounts if each.metric == metric]
    if not rows:
        return
    yield f"\n{metric} by account, what each did to the total"
    labelled = [
        ((account, found.names.get(account, _NONE)), each)
        for each in rows[:SHOWN]
        for _, account in each.group
    ]
    yield _table(["account", "name"], labelled, found.causes, own=False)
    yield from _rest(rows)


def _rest(rows: Sequence[Restated]) -> Iterator[str]:
    rest = rows[SHOWN:]
    if not rest:
        return
    added = sum((each.contribution or Fraction(0) for each in rest), Fraction(0))
    tail = "" if rest[0].contribution is None else f": {_signed(added, rest[0].unit)}"
    yield f"and {len(rest):,} more{tail}"


def _table(
    names: Sequence[str],
    rows: Sequence[tuple[tuple[str, ...], Restated]],
    causes: Sequence[Cause],
    *,
    own: bool,
) -> str:
    """A row a metric, group or account.

    Args:
        own: Causes are of the row's own change, else of what it did to the total; where the
            two are the same, they stand once.
    """
    own = own or all(row.contributions == row.causes for _, row in rows)
    shown = [cause for cause in causes if any(cause in _parts(row, own=own) for _, row in rows)]
    figures = ["was", "is", "change", *([] if own else ["to the total"])]
    columns = [*figures, *(cause.value for cause in shown), "unit"]
    lines = [(*labels, *_figures(row, shown, own=own), row.unit.value) for labels, row in rows]
    heads = [*beside(names, columns), *columns]
    schema = dict.fromkeys(heads, pl.String)
    text = table(pl.DataFrame(lines, schema=schema, orient="row"), columns[:-1])
    return printable_lines(text)


def printable_lines(text: str) -> str:
    """The table without its last line break."""
    return "\n".join(printable(line) for line in text.splitlines())


def _figures(row: Restated, causes: Sequence[Cause], *, own: bool) -> Iterator[str]:
    yield _plain(row.was, row.unit)
    yield _plain(row.now, row.unit)
    yield _signed(row.change, row.unit)
    if not own:
        yield _signed(row.contribution, row.unit)
    parts = _parts(row, own=own)
    yield from (_signed(parts.get(cause), row.unit) for cause in causes)


def _parts(row: Restated, *, own: bool) -> Mapping[Cause, Fraction]:
    return row.causes if own else (row.contributions or {})


def _plain(value: Fraction | None, unit: Unit) -> str:
    return amount(None if value is None else float(value), unit.is_money)


def _signed(value: Fraction | None, unit: Unit) -> str:
    """The difference with its sign; small ones with more digits than the values have."""
    if value is None:
        return _NONE
    digits = 0 if unit is Unit.COUNT else 2 if unit.is_money and abs(value) >= 1 else 4
    return f"{float(value):+,.{digits}f}" if value else "0"
