"""An edition: one pack of one period from one snapshot, known by its id before work starts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

import engine
from engine.analysis import Analysis
from engine.brand import Brand
from engine.commentary import commentary
from engine.diff import first_snapshots
from engine.intake.identity import identities
from engine.intake.verdict import as_json
from engine.metrics.answers import Answers
from engine.metrics.asks import Ask
from engine.metrics.definitions import DEFINITIONS, definitions_fingerprint
from engine.metrics.numbers import Numbers
from engine.metrics.reconciliation import Line
from engine.metrics.reconciliation.rows import rows as reconciliation
from engine.past import Past
from engine.period import Period
from engine.precedent import differences, precedents
from engine.report.context import PackContext
from engine.report.look import PAPERS
from engine.report.pack import asks
from engine.report.remarks import Commentary
from engine.report.sections import restated
from engine.report.span import Span
from engine.report.write import rendering_stack, templates_digest
from engine.settings.pack import DELIVERY_FIELDS, Pack
from engine.store.place import Place


@dataclass(frozen=True)
class Edition:
    """What decides every byte of a run.

    Attributes:
        group: Value of the pack's ``burst_by`` that it is of; empty for the whole pack.
    """

    analysis: Analysis
    pack: Pack
    period: Period
    group: str = ""

    @property
    def name(self) -> str:
        """Folder of its runs within the period's: the pack's, or a group's below it."""
        return f"{self.pack.name}/{folder_name(self.group)}" if self.group else self.pack.name

    @property
    def folder(self) -> Place:
        """Where the runs of this pack and period lie."""
        return self.analysis.workspace.output / self.period.label / self.name

    @property
    def place(self) -> Place:
        """Where this run lies."""
        return self.folder / f"{self.analysis.snapshot.as_of}-{self.run_id}"

    @property
    def scope(self) -> Mapping[str, str]:
        """What all its numbers are within."""
        burst = {self.pack.burst_by: self.group} if self.group else {}
        return {**self.pack.filters, **burst}

    @property
    def brand(self) -> Brand:
        """What it is drawn with."""
        return self.analysis.workspace.brand(self.pack.brand)

    @property
    def locale(self) -> str:
        """How its numbers and dates are written."""
        return self.pack.locale or self.analysis.workspace.settings.locale

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader who compares with earlier packs must know."""
        found = precedents(self.analysis.workspace.output, self.name, self.period)
        return differences(found, self.analysis.policy, definitions_fingerprint())

    @cached_property
    def commentary(self) -> Commentary | None:
        """What people wrote about the period, read once."""
        return commentary(self.analysis.workspace.folder, self.pack, self.period, self.group)

    @cached_property
    def past(self) -> Past:
        """What earlier periods were first reported as, where the pack tells of it.

        A pack that is burst tells of it only if it names the chapter: it costs a count each.
        """
        key, sections = restated.CHAPTER.key, self.pack.sections
        is_told = key in sections if sections else not self.group
        periods = restated.periods(Span(self.period)) if is_told else ()
        return Past(self.analysis, first_snapshots(self.analysis, periods))

    @cached_property
    def identity(self) -> Mapping[str, object]:
        """All that the bytes depend on; its hash is the run id.

        Raises:
            UsageError: A file that the brand draws with is missing.
        """
        workspace, period = self.analysis.workspace, self.period
        known = {
            "engine": engine.__version__,
            "snapshot": {
                "as_of": str(self.analysis.snapshot.as_of),
                "files": self._files,
            },
            "period": {
                "label": period.label,
                "first_day": str(period.first_day),
                "last_day": str(period.last_day),
                "fiscal_year_start": period.fiscal_year_start,
            },
            "pack": self.pack.model_dump(mode="json", exclude=set(DELIVERY_FIELDS)),
            "group": self.group,
            "policy": {
                "fingerprint": self.analysis.policy.fingerprint,
                **self.analysis.policy.model_dump(mode="json"),
            },
            "definitions_fingerprint": definitions_fingerprint(),
            "validation": as_json(self.analysis.verdict),
            "currency": workspace.settings.currency,
            "locale": self.locale,
            "brand": self.brand.model_dump(mode="json"),
            "brand_files": self._brand_files(),
            "templates": templates_digest(),
            "rendering_stack": dict(rendering_stack()),
        }
        told = {
            "notes": self.notes,
            "first_reported": self.past.identity,
            "commentary": self._remarked,
        }
        return known | {name: each for name, each in told.items() if each}

    @cached_property
    def run_id(self) -> str:
        """Sixteen hex digits."""
        return digest(json.dumps(self.identity, sort_keys=True).encode())[:16]

    @property
    def asks(self) -> tuple[Ask, ...]:
        """All that its pages look up."""
        return asks(self.period, self.pack.dimensions, self.pack.sections)

    def context(self, answers: Answers | None = None) -> PackContext:
        """What the pack is written from, its numbers counted.

        Args:
            answers: From where, if several editions share one count.
        """
        analysis, pack = self.analysis, self.pack
        lines, asked = (answers or self.answers()).foreseen(self._asked)
        told = lines if not self.scope else ()
        past, unread = self.past.rows(restated.METRICS, self.scope)
        return PackContext(
            numbers=Numbers(pl.concat((asked, reconciliation(told, self.period), past))),
            period=self.period,
            as_of=analysis.snapshot.as_of,
            brand=self.brand,
            brand_folder=self._brand_folder(),
            title=pack.title,
            policy=analysis.policy,
            definitions={name: each.under(analysis.policy) for name, each in DEFINITIONS.items()},
            definitions_fingerprint=definitions_fingerprint(),
            snapshot=str(analysis.snapshot.as_of),
            snapshot_digest=digest(json.dumps(self._files, sort_keys=True).encode())[:12],
            currency=analysis.workspace.settings.currency,
            locale=self.locale,
            run_id=self.run_id,
            engine_version=engine.__version__,
            tables=tuple((each.table, each.rows) for each in analysis.verdict.tables),
            verdict=analysis.verdict,
            lines=told,
            dimension=pack.dimensions[0],
            dimensions=pack.dimensions,
            sections=pack.sections,
            scope=self.scope,
            audience=pack.audience,
            paper=PAPERS[pack.paper],
            notes=(*self.notes, *unread),
            commentary=self.commentary,
        )

    def answers(self) -> Answers:
        """What answers its asks, and those of every other group of the pack."""
        return self.analysis.answers(self.asks, (*self.pack.dimensions, *self.scope))

    def _asked(self, answers: Answers) -> tuple[tuple[Line, ...], pl.DataFrame]:
        """What is compared, and what its pages look up."""
        lines = answers.reconciled(self.period, self.pack.dimensions)
        return lines, answers.rows(self.asks, self.scope)

    @property
    def _files(self) -> list[dict[str, object]]:
        """Every file of the snapshot with its size and hash."""
        state = self.analysis.workspace.state
        return [asdict(each) for each in identities(self.analysis.snapshot, state)]

    @property
    def _remarked(self) -> Mapping[str, str | None]:
        """Digest of each file of people's words; None where it is not there."""
        words = self.commentary
        found = (words.now, words.before) if words else ()
        places = {words.place: None} if words else {}
        return places | {each.place: each.digest for each in found if each}

    def _brand_files(self) -> dict[str, str]:
        """Digest of each file that the brand draws with."""
        folder = self._brand_folder()
        return {
            str(file.relative_to((folder or file).resolve())): digest(file.read_bytes())
            for file in self.brand.files(folder)
        }

    def _brand_folder(self) -> Path | None:
        folder = self.analysis.workspace.folder / "brand"
        return folder if folder.is_dir() else None


def folder_name(group: str) -> str:
    """A folder's name for a group whose name may be anything: readable, and never another's."""
    plain = "".join(each if each.isascii() and each.isalnum() else "-" for each in group)
    return f"{plain.strip('-')[:40] or 'group'}-{digest(group.encode())[:8]}"


def digest(content: bytes) -> str:
    """SHA-256 in hex digits."""
    return hashlib.sha256(content).hexdigest()
