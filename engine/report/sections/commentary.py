"""Commentary: people's own words about the period, and the actions that they took upon them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import shorten

from markdown_it.tree import SyntaxTreeNode

from engine.report.actions import Action, ActionRow, Actions, State, actions, carried, is_action
from engine.report.blocks import Block
from engine.report.chapter import Chapter, nothing
from engine.report.markdown import markup, parsed, passages, words
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import listed, plural
from engine.report.prose import Prose
from engine.report.remarks import Remarks
from engine.report.words import DASH

_AUTHOR = re.compile(r"\s*Author:[ \t]*([^\n]*)(?:\n|$)", re.IGNORECASE)

#: Height of a headline and a lead, in points.
_HEAD = 60.0

#: How far down a page empty lines go, as a part of it; their height and number.
_FULL, _LINE, _LINES, _FEWEST = 0.85, 26.0, 14, 3

#: The most that a page's headline takes of what somebody wrote as one, and a line of an author.
_HEADLINE, _NAME = 160, 80


@dataclass(frozen=True, slots=True)
class _Written:
    """What one file says: its prose, and the actions in it."""

    author: str
    title: str
    blocks: tuple[SyntaxTreeNode, ...]
    actions: tuple[Action, ...]


def section(material: Material) -> Section | str | None:
    """What was written about this period, then this period's actions and the last one's."""
    commentary = material.context.commentary
    if commentary is None:
        is_wanted = CHAPTER.key in material.context.sections
        return "the pack names no file of commentary" if is_wanted else None
    if commentary.now is None:
        return f"no {commentary.place}"
    now = _written(commentary.now)
    earlier = _written(commentary.before).actions if commentary.before else ()
    followed = carried(earlier, now.actions)
    taken = {action.key for action in earlier}
    fresh = tuple(action for action in now.actions if action.key not in taken)
    blocks = tuple(_blocks(material, now, fresh, followed))
    if not blocks:
        return f"{commentary.place} is empty"
    blocks = (*blocks, *_meeting(material, blocks))
    headline = f"“{now.title}”" if now.title else f"In our own words: {material.period.title}"
    return Section("commentary", CHAPTER.name, headline, _lead(material, fresh, followed), blocks)


def _written(remarks: Remarks) -> _Written:
    """The file without its line of authors, its title and its actions; these apart."""
    text, author = remarks.text, ""
    if found := _AUTHOR.match(text):
        text, author = text[found.end() :], found[1].strip()[:_NAME]
    blocks = parsed(text).children
    taken = tuple(actions(blocks))
    title = ""
    if blocks and blocks[0].type == "heading" and blocks[0].tag == "h1":
        title = shorten(words(blocks[0]), _HEADLINE, placeholder="…")
        blocks = blocks[1:]
    return _Written(author, title, tuple(_led(_without_actions(blocks))), taken)


def _without_actions(blocks: Sequence[SyntaxTreeNode]) -> list[SyntaxTreeNode]:
    """The blocks less every action, and less lists that held nothing else."""
    kept: list[SyntaxTreeNode] = []
    for block in blocks:
        had = len(block.children)
        if not is_action(block) and block.type != "inline":
            block.children = _without_actions(block.children)
        if not is_action(block) and (block.children or not had):
            kept.append(block)
    return kept


def _led(blocks: Sequence[SyntaxTreeNode]) -> list[SyntaxTreeNode]:
    """The blocks less headings that nothing stands under any more."""
    kept: list[SyntaxTreeNode] = []
    for block in reversed(blocks):
        is_left = not kept or (kept[-1].type == "heading" and kept[-1].tag <= block.tag)
        if block.type != "heading" or not is_left:
            kept.append(block)
    return kept[::-1]


def _blocks(
    material: Material, now: _Written, fresh: Sequence[Action], followed: Sequence[Action]
) -> Iterator[Block]:
    commentary = material.context.commentary
    if now.blocks and commentary:
        told = tuple(text for block in now.blocks for text in passages(block) if text.strip())
        yield Prose(now.author, commentary.place, markup(now.blocks), told)
    day = material.words.day(material.context.as_of)
    if fresh:
        title = f"Actions from {material.period.title}"
        yield Actions(title, f"As of {day}", _rows(material, fresh), notes=_incomplete(fresh))
    if followed:
        title = f"Actions from {material.span.previous.title}: what became of them"
        yield Actions(
            title,
            f"As of {day}",
            _rows(material, followed),
            is_followed_up=True,
            notes=_incomplete(followed),
        )


def _meeting(material: Material, blocks: Sequence[Block]) -> Iterator[Block]:
    """Empty lines for what will be agreed, where the last page has room for them."""
    page = material.look.paper.live_height
    left = page * _FULL - (_HEAD + sum(_height(block) for block in blocks)) % page
    lines = min(int(left / _LINE) - 3, _LINES)
    if lines >= _FEWEST:
        unit = "To be written here, and then as lines with a box into the next period’s file"
        empty = ActionRow("", "", "", State.OPEN, "")
        yield Actions("Agreed in the meeting", unit, (empty,) * lines, is_blank=True)


def _height(block: Block) -> float:
    """About how high it will be, in points."""
    match block:
        case Prose(words=told):
            return 30.0 + sum(8.0 + 14.0 * ceil(len(each) / 90) for each in told)
        case Actions(rows=rows):
            return 80.0 + sum(22.0 + 11.0 * (len(row.text) // 50) for row in rows)
        case _:
            return 0.0


def _rows(material: Material, taken: Sequence[Action]) -> tuple[ActionRow, ...]:
    day = material.context.as_of
    return tuple(
        ActionRow(
            action.text or DASH,
            action.owner or DASH,
            material.words.short_day(action.due) if action.due else DASH,
            action.state(day),
            action.outcome,
        )
        for action in taken
    )


def _incomplete(taken: Sequence[Action]) -> tuple[str, ...]:
    """That somebody or some day is missing, once for all actions."""
    nobody = sum(not action.owner for action in taken)
    no_day = sum(action.due is None for action in taken)
    said = [
        f"{count} without {what}"
        for count, what in ((nobody, "an owner"), (no_day, "a day"))
        if count
    ]
    if not said:
        return ()
    return (f"{listed(said)}: write them behind the action, as (Ana, 2026-11-15).",)


def _lead(material: Material, fresh: Sequence[Action], followed: Sequence[Action]) -> str:
    """How many actions there are, and how they stand."""
    sentences: list[str] = []
    if fresh:
        count = len(fresh)
        sentences.append(
            f"{count} {plural(count, 'action', 'actions')}: {_standing(material, fresh)}."
        )
    if followed:
        of = f"Of {len(followed)} from {material.span.previous.title}"
        sentences.append(f"{of}, {_standing(material, followed)}.")
    return " ".join(sentences)


def _standing(material: Material, taken: Sequence[Action]) -> str:
    states = [action.state(material.context.as_of) for action in taken]
    counts = (
        (states.count(state), state.value.lower())
        for state in (State.DONE, State.OPEN, State.OVERDUE)
    )
    return listed([f"{count} {name}" for count, name in counts if count])


CHAPTER = Chapter("commentary", "Commentary", nothing, section)
