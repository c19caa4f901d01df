"""All that decides a book of facts, small enough to be sent to where its parts are counted."""

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from pathlib import Path

import polars as pl

import engine
import schemas
from engine.errors import EnvironmentFault
from engine.facts.attributes import parents
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar, Sources
from engine.facts.tables import sources
from engine.intake.listing import is_remote
from engine.intake.snapshot import Snapshot
from engine.money import Rates
from engine.policy import Policy


@dataclass(frozen=True, slots=True)
class Job:
    """A snapshot, what is counted of it, and into how many buckets its accounts are dealt.

    Attributes:
        key: Tells it from other jobs.
        stack: What counts, see ``stack``.
    """

    key: str
    snapshot: Snapshot = field(compare=False)
    currency: str = field(compare=False)
    calendar: Calendar = field(compare=False)
    policy: Policy = field(compare=False)
    dimensions: tuple[str, ...] = field(compare=False)
    months: range | None = field(compare=False)
    buckets: int = field(compare=False)
    stack: tuple[str, ...] = field(compare=False)


@lru_cache(maxsize=2)
def opened(job: Job) -> Sources:
    """The snapshot's tables, opened once in each process that counts, and who belongs to whom.

    Raises:
        EnvironmentFault: Other versions than the job's count here, or its files are not here.
    """
    if job.stack != stack():
        raise _another_stack(job.stack, stack())
    _require_files(job.snapshot)
    found = sources(job.snapshot, job.currency)
    if job.policy.account_level == "account":
        return found
    return replace(found, roots=parents(found.keyed(()).accounts))


@cache
def stack() -> tuple[str, ...]:
    """Versions that must agree wherever parts of one number are counted."""
    return (
        f"Python {platform.python_version()}",
        f"polars {pl.__version__}",
        f"quarterdeck {engine.__version__} ({_code()})",
    )


def _code() -> str:
    """Names the engine's own code, wherever it is installed."""
    digest = hashlib.sha256()
    for package in (engine, schemas):
        root = Path(package.__path__[0])
        for file in sorted(root.rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def named(how: Recognition) -> str:
    """A name for how lines are recognised, alike in every process."""
    plain = [
        getattr(how, each.name) for each in fields(how) if each.name not in {"rates", "policy"}
    ]
    return f"{plain} {how.policy.model_dump_json()}"


def unrated(how: Recognition) -> Recognition:
    """The same without rates, which each process has of its own."""
    return replace(how, rates=Rates("", {}))


def _require_files(snapshot: Snapshot) -> None:
    files = (file for found in snapshot.tables.values() for file in found if not is_remote(file))
    gone = next((file for file in files if not Path(file).exists()), None)
    if gone is not None:
        raise EnvironmentFault(
            "cluster-snapshot",
            "a worker does not see the snapshot",
            where=gone,
            hint="put snapshots into an object store, or a folder that lies under the same path "
            "on every machine",
        )


def _another_stack(wanted: Sequence[str], found: Sequence[str]) -> EnvironmentFault:
    pairs = zip(wanted, found, strict=True)
    differing = [f"{theirs} there, {ours} here" for ours, theirs in pairs if ours != theirs]
    return EnvironmentFault(
        "cluster-versions",
        "a worker of the cluster runs other versions, so its sums could be others",
        where="; ".join(differing),
        hint="install the same versions for the scheduler and all workers",
    )
