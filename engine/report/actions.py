"""Actions that people took upon them: what, who, until when, and what became of it.

An action is an item of a Markdown list that starts with a box, ticked once it is done::

    - [ ] Raise the price of Starter (Ana, 2026-11-15)
    - [x] Call the ten largest accounts (Ben, 2026-10-30): nine renewed, one left

The first brackets that hold an owner and a day, or a day alone, end the action; what follows them,
on the same line or indented under it, is its outcome. ``(Ana, )`` names an owner and no day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from markdown_it.tree import SyntaxTreeNode

from engine.report.markdown import passages, words
from engine.report.tone import Tone

_BOX = re.compile(r"\[([ xX])\]\s+")
_WHO_AND_WHEN = re.compile(r"\(\s*(?:([^()]*?)\s*,)?\s*(\d{4}-\d{2}-\d{2}|)\s*\)\s*:?\s*")
_GAP = re.compile(r"[^\S\n]+")
_OUTCOME = re.compile(r"\s:\s|\n")


class State(StrEnum):
    """How an action stands on the day of the snapshot."""

    OPEN = "Open"
    DONE = "Done"
    OVERDUE = "Overdue"

    @property
    def tone(self) -> Tone:
        """What it means."""
        return {State.DONE: Tone.GOOD, State.OVERDUE: Tone.BAD}.get(self, Tone.PLAIN)


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody took upon them; owner, day and outcome may be missing."""

    text: str
    owner: str
    due: date | None
    is_done: bool
    outcome: str = ""

    def state(self, day: date) -> State:
        """How it stands on that day; one is late from the day after it was due."""
        if self.is_done:
            return State.DONE
        return State.OVERDUE if self.due and self.due < day else State.OPEN

    @property
    def key(self) -> str:
        """What makes it the same action in another file: its words, however they are set."""
        return " ".join(self.text.casefold().split()).rstrip(".")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as a page shows it."""

    text: str
    owner: str
    due: str
    state: State
    outcome: str


@dataclass(frozen=True, slots=True)
class Actions:
    """Actions with owners and days.

    Attributes:
        is_followed_up: With what became of each, or room to write it.
        is_blank: Empty rows, to be written into by hand.
    """

    part: ClassVar[str] = "actions"
    title: str
    unit: str
    rows: tuple[ActionRow, ...]
    is_followed_up: bool = False
    is_blank: bool = False
    notes: tuple[str, ...] = ()


def is_action(item: SyntaxTreeNode) -> bool:
    """Whether the item of a list starts with a box."""
    return item.type == "list_item" and _BOX.match(_first(item)) is not None


def actions(blocks: Iterable[SyntaxTreeNode]) -> Iterator[Action]:
    """Every action in the blocks, in their order; of a list within an action too."""
    for block in blocks:
        for node in block.walk():
            if is_action(node):
                yield _action(node)


def carried(earlier: Sequence[Action], now: Sequence[Action]) -> tuple[Action, ...]:
    """The earlier actions as they stand now, where they were written down again."""
    latest = {action.key: action for action in now}
    return tuple(_updated(action, latest.get(action.key)) for action in earlier)


def _updated(action: Action, latest: Action | None) -> Action:
    if latest is None:
        return action
    owner, due = latest.owner or action.owner, latest.due or action.due
    is_done, outcome = latest.is_done or action.is_done, latest.outcome or action.outcome
    return Action(action.text, owner, due, is_done, outcome)


def _action(item: SyntaxTreeNode) -> Action:
    first = _first(item)
    box = _BOX.match(first)
    text, is_done = first[box.end() :] if box else first, bool(box and box[1] != " ")
    under = " ".join(_under(item))
    for found in _WHO_AND_WHEN.finditer(text):
        owner, day = found[1] or "", _day(found[2])
        if day or (owner and not found[2]):
            outcome = _joined(text[found.end() :], under)
            return Action(_joined(text[: found.start()]), owner, day, is_done, outcome)
    what, *rest = _OUTCOME.split(text, maxsplit=1)
    return Action(_joined(what), "", None, is_done, _joined(*rest, under))


def _joined(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _first(item: SyntaxTreeNode) -> str:
    """The item's first paragraph, its lines kept apart."""
    first = item.children[0] if item.children else None
    if first is None or first.type != "paragraph":
        return ""
    parts = first.children[0].children if first.children else ()
    text = "".join("\n" if "break" in each.type else words(each) for each in parts)
    return _GAP.sub(" ", text)


def _under(node: SyntaxTreeNode) -> Iterator[str]:
    """What stands under the item's first paragraph, but for actions of their own."""
    for each in node.children[1:] if node.type == "list_item" else node.children:
        if not any(is_action(item) for item in each.walk()):
            yield from passages(each)
