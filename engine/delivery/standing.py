"""Which runs stand for a pack when a person delivers it."""

import json
from collections.abc import Sequence

from engine.config import Workspace
from engine.delivery.ledger import Ledger
from engine.delivery.records import Kind, RecordedRun
from engine.period import Period
from engine.settings.pack import Pack
from engine.store.place import Place, way

_CURRENT = "current.json"


def runs_of(
    workspace: Workspace, ledger: Ledger, pack: Pack, period: str | None
) -> tuple[RecordedRun, ...]:
    """The runs that stand for the pack: those under review, else the newest of each group.

    Empty where the pack has none in that period, or in any.
    """
    ledger.rebuild(workspace.output, places(workspace, [pack], period))
    runs = ledger.runs(period, pack.name)
    if not runs:
        return ()
    if period is None:
        start = workspace.settings.fiscal_year_start
        period = max(runs, key=lambda run: Period.parse(run.period, start).last_day).period
        runs = tuple(run for run in runs if run.period == period)
    reviewed = {
        each.run_id
        for each in ledger.deliveries(period, pack.name)
        if each.kind is Kind.REVIEW and pack.review
    }
    under_review = [run for run in runs if run.run_id in reviewed]
    newest = max(run.snapshot for run in under_review or runs)
    chosen = [run for run in under_review or runs if run.snapshot == newest]
    by_group = {run.group: run for run in chosen}
    by_group |= {run.group: run for run in chosen if _is_current(workspace.output / run.folder)}
    return tuple(by_group.values())


def _is_current(folder: Place) -> bool:
    try:
        named = json.loads((folder.parent / _CURRENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return named.get("run") == folder.name


def places(workspace: Workspace, packs: Sequence[Pack], period: str | None) -> list[str]:
    """Folders of the output with the packs' runs."""
    if period is not None:
        return [f"{period}/{pack.name}" for pack in packs]
    found = [path for pack in packs for path in workspace.output.glob(f"*/{pack.name}")]
    return [way(workspace.output, path).as_posix() for path in found]
