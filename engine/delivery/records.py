"""What the ledger keeps: runs that were made, and deliveries with the state each is in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self

from engine.store.place import Place, way

MANIFEST = "manifest.json"


class State(StrEnum):
    """Where a delivery stands; only ``retry`` and ``planned`` are sent without a person asking."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a message is for."""

    PACK = "pack"
    REVIEW = "review"
    ALERT = "alert"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One finished run.

    Attributes:
        period: Label, as ``--period`` takes it.
        group: The value of ``burst_by`` that it was made for; empty for the whole.
        snapshot: As-of date that it was made from.
        folder: Relative to the output folder, with slashes.
        made_at: With time zone; of a run found without a ledger, when its manifest was written.
        outputs: File name to SHA-256.
    """

    run_id: str
    period: str
    pack: str
    group: str
    snapshot: date
    folder: str
    made_at: datetime
    outputs: Mapping[str, str]

    @classmethod
    def read(
        cls, folder: Place, output: Place, made_at: datetime | None = None, group: str | None = None
    ) -> Self:
        """The run that lies in ``folder``, from its manifest.

        Args:
            folder: The run's own, somewhere below ``output``.
            output: The workspace's output folder.
            made_at: Default: when the manifest was written.
            group: Default: what the manifest says, else the folder between pack and run.

        Raises:
            OSError, ValueError, KeyError: It holds no run.
        """
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        place = way(output, folder)
        written = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
        between = "/".join(place.parts[2:-1])
        return cls(
            run_id=manifest["run_id"],
            period=manifest["period"]["label"],
            pack=manifest["pack"]["name"],
            group=str(manifest.get("group") or between) if group is None else group,
            snapshot=date.fromisoformat(manifest["snapshot"]["as_of"]),
            folder=place.as_posix(),
            made_at=made_at or written,
            outputs=dict(manifest["outputs"]),
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient.

    Attributes:
        key: Stable name of the delivery, also of its receipts.
        folder: Run folder, or for an alert the schedule's, relative to the output folder.
        planned_at: When it was first meant to leave; the message is dated so.
        changed_at: When it came into this state.
        revision: Counts the changes of state; each is one receipt.
        attempts: How often a server was asked, or could not be.
        message_id: The same for every attempt.
        sha256: Of the message as last sent or about to be.
        not_before: A retry waits until then.
        detail: What the server answered, or why nothing is known.
        note: The reason for an alert, or a person's for sending again.
    """

    key: str
    folder: str
    run_id: str
    period: str
    pack: str
    group: str
    kind: Kind
    recipient: str
    planned_at: datetime
    changed_at: datetime
    message_id: str
    state: State = State.PLANNED
    revision: int = 1
    attempts: int = 0
    sha256: str = ""
    not_before: datetime | None = None
    detail: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may still be sent without a person asking."""
        return self.state in {State.PLANNED, State.RETRY}

    @property
    def title(self) -> str:
        """Run and recipient, as ``--resend`` takes them."""
        return f"{self.run_id or self.kind}/{self.recipient}"

    def moved(self, state: State, at: datetime, detail: str = "") -> "Delivery":
        """The same delivery in its next state."""
        return replace(
            self,
            state=state,
            changed_at=at,
            revision=self.revision + 1,
            detail=detail,
            not_before=None,
        )

    def as_json(self) -> str:
        """The receipt's text."""
        return json.dumps(asdict(self), default=_text, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The delivery of a receipt; anything else is a ValueError, KeyError or TypeError."""
        fields = json.loads(text)
        fields["kind"], fields["state"] = Kind(fields["kind"]), State(fields["state"])
        for name in ("planned_at", "changed_at", "not_before"):
            written = fields[name]
            fields[name] = datetime.fromisoformat(written) if written else None
        return cls(**fields)


def delivery_key(run_id: str, kind: Kind, recipient: str, occasion: str = "") -> str:
    """Names a delivery: one a run, purpose and recipient; ``occasion`` tells tests apart."""
    parts = json.dumps([run_id, kind, recipient, occasion])
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
