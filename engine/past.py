"""What earlier periods were first reported as, from the snapshots of those days."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl

from engine.analysis import Analysis
from engine.diff import restatements
from engine.errors import DataError
from engine.intake.identity import identities
from engine.intake.snapshot import open_snapshot
from engine.metrics.numbers import SCHEMA
from engine.metrics.restatement.rows import rows
from engine.metrics.scope import Scope
from engine.period import Period


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier periods, each with the day of the snapshot that it was first reported from."""

    analysis: Analysis
    firsts: Mapping[Period, date]

    @property
    def identity(self) -> dict[str, object]:
        """By period the snapshot's day, and the digest of its files."""
        digests = {day: self._digest(day) for day in set(self.firsts.values())}
        return {
            period.label: {"as_of": str(day), "digest": digests[day]}
            for period, day in self.firsts.items()
        }

    def rows(self, metrics: Sequence[str], scope: Scope) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """What the metrics were and what moved them since; and a note where that cannot be read."""
        if not self.firsts:
            return pl.DataFrame(schema=SCHEMA), ()
        try:
            return rows(restatements(self.analysis, self.firsts, metrics, scope)), ()
        except DataError as error:
            note = f"Earlier snapshots do not pass today’s checks: {error.message}."
            return pl.DataFrame(schema=SCHEMA), (note,)

    def _digest(self, day: date) -> str:
        workspace = self.analysis.workspace
        files = identities(open_snapshot(workspace.snapshots, day), workspace.state)
        text = json.dumps([asdict(each) for each in files])
        return hashlib.sha256(text.encode()).hexdigest()
