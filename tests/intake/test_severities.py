"""How grave each rule is, and how a workspace says otherwise."""

import re
from pathlib import Path

import pytest

from engine.config import read
from engine.errors import UsageError
from engine.intake.verdict import as_json
from engine.settings.severities import DEFAULTS, FIXED, Severity
from engine.settings.validation import Validation
from fixtures.stories import write_table
from tests.intake.one_snapshot import ACCOUNTS, AS_OF, ITEMS, checked

OVERLAP = [
    {"account_id": "A", "valid_to": "2026-05-01"},
    {"account_id": "A", "valid_from": "2026-04-01"},
]


def settings(tmp_path: Path, severities: str) -> Validation:
    path = tmp_path / "quarterdeck.toml"
    path.write_text(f'[workspace]\nsnapshots = "s"\n[validation.severities]\n{severities}\n')
    return read(path).configuration.validation


def test_a_rule_is_as_grave_as_the_workspace_says(tmp_path: Path) -> None:
    write_table(tmp_path / AS_OF, ACCOUNTS, OVERLAP)
    lowered = settings(tmp_path, 'overlap = "warning"\nstale = "off"')
    verdict = checked(tmp_path, validation=lowered)
    assert (verdict.ok, [each.severity for each in verdict.failures]) == (True, ["warning"])
    assert not checked(tmp_path).ok


def test_a_rule_that_is_off_is_not_told(tmp_path: Path) -> None:
    write_table(tmp_path / AS_OF, ACCOUNTS, OVERLAP)
    assert checked(tmp_path, validation=settings(tmp_path, 'overlap = "off"')).failures == ()


def test_a_warning_may_be_made_an_error(tmp_path: Path) -> None:
    write_table(tmp_path / AS_OF, ACCOUNTS, [{"account_id": "Z"}])
    write_table(tmp_path / AS_OF, ITEMS, [{"valid_from": "2026-09-20"}])
    strict = settings(tmp_path, 'account-unknown = "error"')
    verdict = checked(tmp_path, validation=strict)
    assert [(each.rule, each.severity) for each in verdict.errors] == [("account-unknown", "error")]


def test_each_change_is_told_in_a_sentence_and_in_the_document(tmp_path: Path) -> None:
    write_table(tmp_path / AS_OF, ACCOUNTS, OVERLAP)
    given = settings(
        tmp_path, 'overlap = "warning"\nstale = "error"\ndrift = "off"\nunique="error"'
    )
    document = as_json(checked(tmp_path, validation=given))
    assert document["severities"] == {"drift": "off", "overlap": "warning", "stale": "error"}
    assert document["changes"] == [
        "drift turned off by the workspace",
        "severity of overlap lowered to warning by the workspace",
        "severity of stale raised to error by the workspace",
    ]


@pytest.mark.parametrize("rule", sorted(FIXED))
def test_what_would_make_numbers_wrong_stays_an_error(tmp_path: Path, rule: str) -> None:
    with pytest.raises(UsageError, match=f"`{rule}` stays an error"):
        settings(tmp_path, f'{rule} = "warning"')


def test_an_unknown_rule_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`overlaps` is no rule; did you mean `overlap`"):
        settings(tmp_path, 'overlaps = "warning"')


@pytest.mark.parametrize("word", ['"ignore"', '"Error"', "1", "true"])
def test_a_severity_is_one_of_three_words(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError, match=r"severities\.overlap"):
        settings(tmp_path, f"overlap = {word}")


def test_every_rule_that_the_engine_tells_of_has_a_severity_of_its_own() -> None:
    """What is in no list would be an error that no workspace may name."""
    named: set[str] = set()
    for file in (Path(__file__).parents[2] / "engine/intake").glob("[!l]*.py"):
        text = file.read_text()
        named |= set(re.findall(r'Finding\(\s*[^"()]*?"([a-z-]+)"', text))
        named |= set(re.findall(r'Rule\("([a-z-]+)"', text))
    for file in (Path(__file__).parents[2] / "schemas/canonical").glob("*.py"):
        named |= set(re.findall(r'check\([^)]*name="([a-z-]+)"', file.read_text()))
    assert {"drift", "nulls", "overlap", "finite", "stale"} - {"overlap"} <= named
    assert named <= FIXED | DEFAULTS.keys()
    assert not FIXED & DEFAULTS.keys()
    assert Validation().severity("nulls") is Severity.ERROR
