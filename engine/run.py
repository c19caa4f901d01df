"""One run: an edition made whole, and never made twice."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.analysis import Analysis
from engine.bursting import editions
from engine.edition import Edition, digest
from engine.errors import EngineError, EnvironmentFault, tried
from engine.files import require_writable, update, write_folder
from engine.period import Period
from engine.press import MANIFEST, Step
from engine.settings.pack import Pack
from engine.store.place import Place
from engine.typesetting import contents, nothing


@dataclass(frozen=True, slots=True)
class Made:
    """Where a run's files are, and whether they were there before.

    Attributes:
        group: Value of the pack's ``burst_by`` that it is of; empty for the whole pack.
        warnings: What to know about its pages, a sentence each.
        pack: The pack's name.
    """

    folder: Place
    run_id: str
    was_there: bool
    group: str = ""
    warnings: tuple[str, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A pack to be made of a period."""

    analysis: Analysis
    pack: Pack
    period: Period


def outcomes(
    orders: Sequence[Order], step: Step, processes: int = 1
) -> Generator[tuple[Order, Made | EngineError]]:
    """What becomes of each pack, or of each that one is burst into; one that fails stops no other.

    Orders come in their order, those that cannot be begun before all others. What was made before
    is not made again.

    Args:
        processes: On how many to set pages, if there are several to set; numbers are counted here.
    """
    listed = [(order, tried(_editions, order)) for order in orders]
    found: list[tuple[Order, Edition]] = []
    for order, each in listed:
        if isinstance(each, EngineError):
            yield order, each
        else:
            found += [(order, edition) for edition in each]
    missing = {each.place: each for _, each in found if not is_finished(each.place)}
    settled: dict[Place, bool | EngineError] = {}
    todo = contents(list(missing.values()), step, min(processes, len(missing)))
    with closing(todo):
        for order, edition in found:
            while edition.place in missing.keys() - settled.keys():
                done, content = next(todo)
                settled[done.place] = _kept(done.place, content)
            is_new = settled.get(edition.place, False)
            if isinstance(is_new, EngineError):
                yield order, is_new
            else:
                yield order, tried(partial(_told, edition, is_new=is_new))


def make_packs(
    analysis: Analysis, packs: Sequence[Pack], period: Period, step: Step, processes: int = 1
) -> Iterator[Made]:
    """Makes the packs, or each that one is burst into; the first that fails ends it.

    Args:
        processes: As ``outcomes`` takes it.

    Raises:
        DataError: The data does not hold.
        EnvironmentFault: Files of an earlier run under this id were changed since; or a name
            cannot be set in any font; or the pages take more time or memory than they may.
        UsageError: The snapshot has nothing to report for the period.
    """
    orders = [Order(analysis, each, period) for each in packs]
    with closing(outcomes(orders, step, processes)) as found:
        for _, each in found:
            if isinstance(each, EngineError):
                raise each
            yield each


def make_pack(analysis: Analysis, pack: Pack, period: Period, step: Step) -> tuple[Made, ...]:
    """Makes one pack in this process; see ``make_packs``."""
    return tuple(make_packs(analysis, (pack,), period, step))


def _editions(order: Order) -> tuple[Edition, ...]:
    """What the pack is burst into, where what is missing of it may be written."""
    found = editions(order.analysis, order.pack, order.period)
    if not found:
        raise nothing(order.period)
    if not all(is_finished(each.place) for each in found):
        require_writable(order.analysis.workspace.output)
    return found


def _kept(folder: Place, made: Mapping[str, bytes] | EngineError) -> bool | EngineError:
    """Whether the files were written, or what is in the way of it."""
    return made if isinstance(made, EngineError) else tried(_is_first, folder, made)


def _told(edition: Edition, *, is_new: bool) -> Made:
    """What is to be known of a run that is there."""
    place = edition.place
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    if not is_new:
        require_intact(place)
    _name_newest(edition)
    warnings = tuple(manifest["warnings"])
    return Made(place, edition.run_id, not is_new, edition.group, warnings, edition.pack.name)


def _is_first(folder: Place, made: Mapping[str, bytes]) -> bool:
    """Whether the files were written; False where the same run, made at once, was faster."""
    try:
        write_folder(folder, made)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    return True


def is_finished(folder: Place) -> bool:
    """Whether the run is there, whole: in an object store its manifest comes last."""
    return folder.exists() if isinstance(folder, Path) else (folder / MANIFEST).is_file()


def require_intact(folder: Place) -> None:
    """EnvironmentFault where a file of the run is not what its manifest says was written."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name, recorded in manifest["outputs"].items():
        if not (folder / name).is_file() or digest((folder / name).read_bytes()) != recorded:
            raise EnvironmentFault(
                "run-changed",
                f"{name} is not what this run had written",
                where=str(folder),
                note="the same run id gives the same bytes, so a finished run is never overwritten",
                hint="move the folder away and run again",
            )


def _name_newest(edition: Edition) -> None:
    """Lets ``current.json`` name the run, unless it names one of a later snapshot."""
    as_of = str(edition.analysis.snapshot.as_of)
    content = {"as_of": as_of, "run": edition.place.name}

    def forward(known: bytes | None) -> bytes | None:
        is_earlier = known is not None and json.loads(known)["as_of"] > as_of
        return None if is_earlier else (json.dumps(content, indent=1) + "\n").encode()

    update(edition.folder / "current.json", forward)
