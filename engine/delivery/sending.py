"""Planned messages on their way: each state kept before the act, in rounds for those put off."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_result,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential_jitter,
)

from engine.config import Workspace
from engine.delivery.compose import Composer
from engine.delivery.journal import Journal
from engine.delivery.records import Delivery, State
from engine.delivery.smtp import Answer, UnreachableError
from engine.errors import EngineError, EnvironmentFault

#: Between two calls: so long after the first attempt, twice as long after each, up to the last.
_FIRST_WAIT, _LAST_WAIT = timedelta(minutes=10), timedelta(hours=6)


class Post(Protocol):
    """What carries messages away; see ``engine.delivery.smtp.SmtpPost``."""

    def send(
        self, sender: str, recipient: str, message: bytes, announce: Callable[[], None]
    ) -> Answer:
        """Hands one message over; ``announce`` is called before any of it leaves."""
        ...

    def hang_up(self) -> None:
        """Ends the session, if there is one."""
        ...


@dataclass
class Sending:
    """Sends deliveries, and tells what became of them.

    Attributes:
        done: Deliveries in the state that they were left in, those that no server refused or
            took and that stay as they were left out.
        errors: What kept messages from being made, or all from being sent; each once.
    """

    workspace: Workspace
    journal: Journal
    post: Post
    sleep: Callable[[float], None] = time.sleep
    done: dict[str, Delivery] = field(default_factory=dict[str, Delivery])
    errors: list[EngineError] = field(default_factory=list[EngineError])
    _left: list[Delivery] = field(default_factory=list[Delivery])
    _unreachable: str = ""

    def send(self, deliveries: Iterable[Delivery]) -> None:
        """Sends all, those put off again and again within the patience of ``[mail]``."""
        self._left = list(deliveries)
        if not self._left:
            return
        mail = self.workspace.configuration.mail
        rounds = Retrying(
            stop=stop_after_attempt(mail.attempts) | stop_after_delay(mail.patience_seconds),
            wait=wait_exponential_jitter(initial=1, max=30),
            retry=retry_if_result(bool),
            retry_error_callback=_as_it_is,
            sleep=self.sleep,
        )
        rounds(self._round)
        for each in self._left:
            if each.key not in self.done:
                self._keep(replace(each, attempts=each.attempts + 1), self._put_off())

    def _round(self) -> bool:
        """One attempt at each; whether another round may help."""
        composer = Composer(self.workspace, self.journal.ledger)
        left, self._left, self._unreachable = self._left, [], ""
        try:
            for number, each in enumerate(left):
                try:
                    self._one(each, composer)
                except UnreachableError as error:
                    self._unreachable = str(error)
                    self._left += left[number:]
                    break
        except EnvironmentFault as error:
            self._note(error)
            self._left = []
        finally:
            self.post.hang_up()
        return bool(self._left)

    def _one(self, delivery: Delivery, composer: Composer) -> None:
        try:
            message = composer.message(delivery)
        except EngineError as error:
            self._note(error)
            return
        sending = replace(
            delivery.moved(State.SENDING, self.journal.clock()),
            attempts=delivery.attempts + 1,
            sha256=hashlib.sha256(message).hexdigest(),
        )
        told: list[Delivery] = []

        def announce() -> None:
            told.append(self.journal.record(sending))

        sender = self.workspace.configuration.mail.sender or ""
        answer = self.post.send(sender, delivery.recipient, message, announce)
        before = told[0] if told else replace(delivery, attempts=delivery.attempts + 1)
        result = self._keep(before, answer)
        if result.state is State.RETRY:
            self._left.append(result)

    def _note(self, error: EngineError) -> None:
        """Keeps the error, unless another recipient's was the same."""
        if str(error) not in map(str, self.errors):
            self.errors.append(error)

    def _put_off(self) -> Answer:
        return Answer(State.RETRY, f"no session: {self._unreachable}")

    def _keep(self, before: Delivery, answer: Answer) -> Delivery:
        """Records the answer; a message put off for too long has failed."""
        at = self.journal.clock()
        result = before.moved(answer.state, at, answer.detail)
        if answer.state is State.RETRY:
            hours = self.workspace.configuration.delivery.give_up_after_hours
            if at - before.planned_at >= timedelta(hours=hours):
                result = before.moved(State.FAILED, at, f"given up: {answer.detail}")
            else:
                wait = min(_FIRST_WAIT * 2 ** min(before.attempts - 1, 10), _LAST_WAIT)
                result = replace(result, not_before=at + wait)
        self.done[result.key] = self.journal.record(result)
        return result


def _as_it_is(state: RetryCallState) -> bool:
    """What the last round said, once there is no more patience."""
    return state.outcome is not None and bool(state.outcome.result())
