"""What a call came to."""

from dataclasses import dataclass, field

from engine.delivery.records import Delivery, State
from engine.errors import DeliveryError, EngineError


@dataclass
class Summary:
    """Filled while the call works.

    Attributes:
        made: Runs that were made or found, by folder.
        done: Deliveries that were worked on, each in the state that it was left in.
        waiting: What is not done yet, and for want of what.
        notes: What a person should know besides.
        problems: Deliveries that failed, or of which nobody knows whether they arrived.
        errors: What kept packs from being made, or messages from being sent.
    """

    made: list[str] = field(default_factory=list[str])
    done: list[Delivery] = field(default_factory=list[Delivery])
    waiting: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    problems: list[Delivery] = field(default_factory=list[Delivery])
    errors: list[EngineError] = field(default_factory=list[EngineError])

    @property
    def error(self) -> EngineError | None:
        """What the call ends with: trouble with deliveries first; None where all went well."""
        if self.problems:
            return delivery_error(self.problems)
        return self.errors[0] if self.errors else None


def delivery_error(problems: list[Delivery]) -> DeliveryError:
    """One message that names every recipient."""
    lines = [
        f"{each.title}: {each.state}: {each.detail or 'not sent yet'}"
        for each in sorted(problems, key=lambda each: (each.state, each.title))
    ]
    people = "1 delivery" if len(problems) == 1 else f"{len(problems)} deliveries"
    unknown = any(each.state is State.UNKNOWN for each in problems)
    ask = (
        "ask them; then `qbr deliver --resend RUN/RECIPIENT --reason …`, or --settle if it is there"
    )
    return DeliveryError(
        "delivery",
        f"{people} did not arrive for certain",
        where="\n      ".join(lines),
        note="what is unknown may have arrived, so it is never sent again by itself"
        if unknown
        else "",
        hint=ask if unknown else "correct the address or the server, then `qbr deliver`",
    )
