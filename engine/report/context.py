"""Everything that a pack is written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.brand import Brand
from engine.metrics.model import Metric
from engine.metrics.numbers import Numbers
from engine.period import Period
from engine.policy import Policy


@dataclass(frozen=True, slots=True)
class PackContext:
    """One pack's numbers, and where they came from.

    Attributes:
        numbers: Evaluated for all of ``pack.requests(period, dimension=dimension)``.
        as_of: The snapshot's date; also the date of the document, as no clock is read.
        snapshot: Name of the snapshot, as ``2026-10-01``.
        definitions: As the policy in force reads them.
        tables: Every table of the snapshot with its number of rows.
        dimension: What the segment page and the movements are cut by.
        notes: What a reader who compares with earlier packs must know, a sentence each.
    """

    numbers: Numbers
    period: Period
    as_of: date
    brand: Brand
    brand_folder: Path | None
    title: str
    policy: Policy
    definitions: Mapping[str, Metric]
    definitions_fingerprint: str
    snapshot: str
    snapshot_digest: str
    currency: str
    locale: str
    run_id: str
    engine_version: str
    tables: tuple[tuple[str, int], ...]
    dimension: str = "segment"
    notes: tuple[str, ...] = ()
