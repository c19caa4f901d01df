"""Actions in people's notes: the grammar, and how each stands."""

from datetime import date

import pytest

from engine.report.actions import Action, State, actions, carried
from engine.report.markdown import parsed

DAY = date(2026, 10, 1)
DUE = date(2026, 11, 15)


def taken(text: str) -> list[Action]:
    return list(actions(parsed(text).children))


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("[ ] Raise it (Ana, 2026-11-15)", Action("Raise it", "Ana", DUE, False)),
        ("[x] Raise it (Ana, 2026-11-15): done", Action("Raise it", "Ana", DUE, True, "done")),
        ("[X] Raise it (Ana, 2026-11-15) : done", Action("Raise it", "Ana", DUE, True, "done")),
        ("[ ] Raise it (2026-11-15)", Action("Raise it", "", DUE, False)),
        ("[ ] Raise it (Ana, )", Action("Raise it", "Ana", None, False)),
        ("[ ] Raise it", Action("Raise it", "", None, False)),
        ("[x] Raise it : it held", Action("Raise it", "", None, True, "it held")),
        ("[ ] Raise it: now", Action("Raise it: now", "", None, False)),
        ("[ ] Raise it (EU)", Action("Raise it (EU)", "", None, False)),
        ("[ ] Raise it (Ana, soon)", Action("Raise it (Ana, soon)", "", None, False)),
        ("[ ] Raise it (Ana, 2026-02-30)", Action("Raise it (Ana, 2026-02-30)", "", None, False)),
        ("[ ] Raise (EU) (Ana, Ben, 2026-11-15)", Action("Raise (EU)", "Ana, Ben", DUE, False)),
        ("[ ] Raise **it** `now` (Ana, 2026-11-15)", Action("Raise it now", "Ana", DUE, False)),
        ("[x] Raise it (Ana, 2026-11-15)\n  OK.", Action("Raise it", "Ana", DUE, True, "OK.")),
        ("[x] Raise\n  it (Ana, 2026-11-15)", Action("Raise it", "Ana", DUE, True)),
        ("[x] Raise it\n  It held.", Action("Raise it", "", None, True, "It held.")),
        (
            "[x] Raise it (Ana, 2026-11-15): a\n  - b\n  - c",
            Action("Raise it", "Ana", DUE, True, "a b c"),
        ),
    ],
)  # fmt: skip
def test_an_item_with_a_box_is_an_action(line: str, action: Action) -> None:
    assert taken(f"- {line}") == [action]


def test_other_items_are_none() -> None:
    assert taken("- Raise it (Ana, 2026-11-15)\n- [y] x\n- []\n\n[ ] Not in a list") == []


def test_an_action_within_an_action_is_one_of_its_own() -> None:
    found = taken("- [ ] A (Ana, 2026-11-15)\n  - [x] B (Ben, 2026-11-15)")
    assert [(each.text, each.outcome) for each in found] == [("A", ""), ("B", "")]


def test_actions_of_any_list_are_found_in_order() -> None:
    assert [each.text for each in taken("1. [ ] A\n\n> - [ ] B\n\n* [x] C")] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("due", "is_done", "state"),
    [
        (date(2026, 9, 30), False, State.OVERDUE),
        (DAY, False, State.OPEN),
        (DUE, False, State.OPEN),
        (None, False, State.OPEN),
        (date(2026, 9, 30), True, State.DONE),
    ],
)
def test_an_action_is_late_from_the_day_after(due, is_done, state) -> None:
    assert Action("A", "", due, is_done).state(DAY) is state


def test_an_earlier_action_stands_as_it_was_last_written_down() -> None:
    earlier = (Action("Raise  it.", "Ana", DUE, False), Action("B", "Ben", DUE, True, "so"))
    now = (Action("raise it", "", None, True, "it held"),)
    assert carried(earlier, now) == (
        Action("Raise  it.", "Ana", DUE, True, "it held"),
        earlier[1],
    )


def test_a_long_line_of_spaces_takes_no_time() -> None:
    assert len(taken("- [ ] A (" + " ," * 60_000 + "\t \u00a0" * 20_000)) == 1
