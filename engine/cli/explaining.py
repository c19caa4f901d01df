"""``qbr explain``: what a metric is, and what stands behind its number."""

import json
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import (
    OutputOption,
    PartialOption,
    PeriodOption,
    PolicyOption,
    QuarantineOption,
    SnapshotOption,
    WorkspaceOption,
    workspace_of,
)

if TYPE_CHECKING:
    from engine.analysis import Analysis
    from engine.metrics.model import Number
    from engine.period import Period
    from engine.policy import Policy


class CardFormat(StrEnum):
    """How an explanation is written."""

    TABLE = "table"
    JSON = "json"


Which = Annotated[str, typer.Argument(metavar="METRIC", help="A metric, such as arpu.")]
Group = Annotated[
    str | None,
    typer.Option("--group", metavar="K=V[,K=V]", help="One group, such as segment=SMB."),
]
Policies = Annotated[
    bool, typer.Option("--policies", help="Under every policy and preset, side by side.")
]
FormatOption = Annotated[CardFormat, typer.Option("--format", help="How it is written.")]

#: Text as an answer, and the same as part of the JSON document.
Answer = tuple[str, dict[str, object]]

_WIDEST = 100


def explain(
    metric: Which,
    group: Group = None,
    period: PeriodOption = None,
    snapshot: SnapshotOption = None,
    policy: PolicyOption = None,
    policies: Policies = False,
    partial: PartialOption = False,
    quarantine: QuarantineOption = False,
    format: FormatOption = CardFormat.TABLE,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The definition card; with a period or group also both sums and the accounts behind them."""
    text, document = _definition(metric, _policy(workspace, policy))
    if policies or partial or any((group, period, snapshot, quarantine)):
        from engine.cli.opening import opened

        analysis = opened(workspace_of(workspace), snapshot, policy, quarantine=quarantine)
        over = analysis.period(period, partial=partial)
        part = _compared if policies else _behind
        more, numbers = part(analysis, metric, over, _group(group))
        text, document = f"{text}\n{more}", document | numbers
    if format is CardFormat.JSON:
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    _write(text, output)


def _definition(name: str, policy: "Policy") -> Answer:
    from engine.cli.cards import card
    from engine.metrics.evaluate import definition
    from engine.metrics.glossary import entry

    metric = definition(name, policy)
    return card(metric, policy, _width()), entry(metric, policy)


def _behind(analysis: "Analysis", name: str, period: "Period", group: Mapping[str, str]) -> Answer:
    """The number and its accounts."""
    from engine.cli.cards import behind
    from engine.intake.read import steady
    from engine.metrics.explanation import document, money_sides
    from engine.metrics.explanation import explain as explained

    with steady(analysis.snapshot):
        book = analysis.book(period.closing, ("account_id", *group))
        found = explained(book, name, period, group)
    currency = analysis.workspace.settings.currency
    text = behind(found, money_sides(found.metric, analysis.policy), currency, _width())
    return text, document(found)


def _compared(
    analysis: "Analysis", name: str, period: "Period", group: Mapping[str, str]
) -> Answer:
    """The number under the own policy, each other of the workspace, each preset, fixed rates."""
    from engine.cli.comparing import compared
    from engine.metrics.comparison import compare, counterpart, document
    from engine.metrics.evaluate import definition
    from engine.metrics.explanation import money_sides, number
    from engine.presets import PRESETS

    def count(policy: "Policy") -> "Number":
        book = replace(analysis, policy=policy).book(period.closing, tuple(group))
        return number(book, name, period, group)

    place, own = analysis.workspace, analysis.policy
    names = dict.fromkeys((place.policy().name, *place.configuration.policies, *PRESETS))
    others = [place.policy(each) for each in names if each != own.name]
    rows = compare(name, own, [*others, counterpart(own, period)], count)
    sides = money_sides(definition(name, own), own)
    return compared(rows, sides, place.settings.currency, _width()), document(rows)


def _policy(workspace: Path | None, name: str | None) -> "Policy":
    """The policy of that name; where there is no workspace, a preset or the contract's."""
    from engine.config import find_workspace
    from engine.policy import Policy
    from engine.presets import PRESETS, policy_of

    place = find_workspace(workspace, Path.cwd())
    if place is None and name is None:
        return Policy()
    if place is None and name is not None and name in PRESETS:
        return policy_of(PRESETS[name])
    return (place or workspace_of(None)).policy(name)


def _group(text: str | None) -> dict[str, str]:
    """``segment=SMB,region=Korea, Republic of`` by dimension."""
    from engine.errors import UsageError

    group: dict[str, str] = {}
    for part in re.split(r",\s*(?=\w+=)", text) if text else ():
        name, equals, value = part.partition("=")
        if not equals or not name:
            hint = "write it as --group segment=SMB,region=EMEA"
            raise UsageError("group", f"`{part[:40]}` is not a dimension and its value", hint=hint)
        group["account_id" if name == "account" else name] = value
    return group


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        from engine.files import write_whole

        write_whole(output, text.encode())
    else:
        sys.stdout.write(text)
        sys.stdout.flush()


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)
