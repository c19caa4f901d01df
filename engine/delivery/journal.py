"""How a delivery changes its state: claimed in the output, committed in the ledger, acted on."""

from datetime import UTC, datetime, timedelta
from time import monotonic

from engine.delivery.ledger import Ledger
from engine.delivery.lock import Lock
from engine.delivery.receipts import write_receipt
from engine.delivery.records import Delivery, State
from engine.errors import EnvironmentFault
from engine.store.place import Place


class Clock:
    """The time from a given start on."""

    def __init__(self, now: datetime) -> None:
        """Starts at ``now``, which has a time zone."""
        self._start = now.astimezone(UTC)
        self._since = monotonic()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return self._start + timedelta(seconds=monotonic() - self._since)


class Journal:
    """Ledger and receipts kept in step, under the lock.

    Attributes:
        output: The workspace's output folder.
    """

    def __init__(self, ledger: Ledger, output: Place, lock: Lock, clock: Clock) -> None:
        """Takes an open ledger and a held lock."""
        self.ledger = ledger
        self.output = output
        self.lock = lock
        self.clock = clock

    def record(self, delivery: Delivery) -> Delivery:
        """Keeps the delivery's new state; only after that may it be acted on.

        What a server has answered is kept even if the lock was lost meanwhile.

        Raises:
            EnvironmentFault: The lock is lost, or another process has moved this delivery.
        """
        if delivery.state in {State.PLANNED, State.SENDING}:
            self.lock.require()
        try:
            write_receipt(self.output, delivery)
        except FileExistsError as error:
            raise EnvironmentFault(
                "delivery-taken-over",
                f"another process is sending {delivery.title}",
                where=str(error.filename2 or error.filename),
                hint="let one host deliver, or give both the same output folder and clock",
            ) from error
        self.ledger.put([delivery])
        return delivery
