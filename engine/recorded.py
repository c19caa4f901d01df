"""A finished run as its manifest tells it: of which day and period, and by which rules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.errors import UsageError
from engine.metrics.restatement import Rules, recorded
from engine.policy import Policy
from engine.store.place import Place, way

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class PastRun:
    """What a manifest says.

    Attributes:
        period: As ``--period`` takes it.
    """

    folder: Place
    as_of: date
    period: str
    rules: Rules


def past_run(folder: Place) -> PastRun:
    """The run in that folder; a UsageError where its manifest is missing or no manifest."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return PastRun(
            folder,
            date.fromisoformat(manifest["snapshot"]["as_of"]),
            manifest["period"]["label"],
            recorded(_policy(manifest["policy"]), manifest["definitions"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "a run's folder is named <as-of date>-<run id> and holds report.pdf beside it"
        raise UsageError("manifest", f"{path} is no run's manifest", hint=hint) from error


def run_of(output: Place, period: str, as_of: date, packs: Sequence[str] = ()) -> PastRun | None:
    """A run of that period on that day's snapshot; None where there is none that can be read.

    Args:
        output: Maps periods to packs to runs; see SPEC §6. Runs of one group lie a folder deeper.
        packs: Names of packs, those to be looked at first in front.
    """
    found = [
        path.parent
        for depth in ("*", "*/*")
        for path in (output / period).glob(f"{depth}/{as_of}-*/{MANIFEST}")
    ]
    place = {pack: number for number, pack in enumerate(packs)}
    for folder in sorted(found, key=lambda each: (_place(each, output / period, place), str(each))):
        try:
            return past_run(folder)
        except UsageError:
            continue
    return None


def _place(folder: Place, packs: Place, place: Mapping[str, int]) -> tuple[int, bool]:
    """Where the run stands: by its pack, the newest of a pack first."""
    pack = packs / way(packs, folder).parts[0]
    try:
        named = json.loads((folder.parent / "current.json").read_text(encoding="utf-8"))
        is_newest = named["run"] == folder.name
    except (OSError, ValueError, KeyError, TypeError):
        is_newest = False
    return place.get(pack.name, len(place)), not is_newest


def _policy(entry: Mapping[str, object]) -> Policy:
    """The policy as it was, keys that it has no more left out."""
    return Policy.model_validate({key: entry[key] for key in Policy.model_fields if key in entry})
