"""Everything that a pack is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from engine.brand import Brand
from engine.intake.outcome import Verdict
from engine.metrics.model import Metric
from engine.metrics.numbers import Numbers
from engine.metrics.reconciliation import Line
from engine.period import Period
from engine.policy import Policy
from engine.report.look import A4, Paper
from engine.report.remarks import Commentary


@dataclass(frozen=True, slots=True)
class PackContext:
    """One pack's numbers, and where they came from.

    Attributes:
        numbers: Answers to all of ``pack.asks(…)``.
        as_of: The snapshot's date; also the date of the document, as no clock is read.
        snapshot: Name of the snapshot, as ``2026-10-01``.
        definitions: As the policy in force reads them.
        tables: Every table of the snapshot with its number of rows.
        verdict: What the check of the snapshot found.
        lines: Comparisons of what should agree, of the whole company.
        dimension: What the pages at hand are cut by: the first of ``dimensions``, or in a chapter
            that is made for each of them, that one.
        dimensions: Everything that chapters are cut by.
        sections: Keys of the chapters, in order; empty takes all.
        scope: What the whole pack is limited to, dimension → value.
        audience: Whom it is for, as the cover says it.
        paper: The sheet.
        notes: What a reader who compares with earlier packs must know, a sentence each.
        commentary: What people wrote about the period; None where the pack names no file for it.
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
    verdict: Verdict
    lines: tuple[Line, ...] = ()
    dimension: str = "segment"
    dimensions: tuple[str, ...] = ("segment",)
    sections: tuple[str, ...] = ()
    scope: Mapping[str, str] = field(default_factory=dict[str, str])
    audience: str = ""
    paper: Paper = A4
    notes: tuple[str, ...] = ()
    commentary: Commentary | None = None
