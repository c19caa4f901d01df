"""People's words for a period: where they are read from, and what a run makes of them."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.commentary import LARGEST, commentary, path_part
from engine.errors import UsageError
from engine.period import Period
from engine.settings.pack import Pack

Q3 = Period.parse("2026Q3")


def pack(place: str = "notes/{period}.md", **others: object) -> Pack:
    return Pack.model_validate({"name": "board", "commentary": place, **others})


def write(folder: Path, place: str, content: str | bytes = "words") -> None:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_a_pack_without_a_file_has_no_commentary(tmp_path) -> None:
    assert commentary(tmp_path, Pack(name="board"), Q3) is None


def test_this_periods_words_and_the_last_ones_are_read(tmp_path) -> None:
    write(tmp_path, "notes/2026Q3.md", b"\xef\xbb\xbfnow")
    write(tmp_path, "notes/2026Q2.md", "then")
    found = commentary(tmp_path, pack(), Q3)
    assert (found.now.text, found.before.text) == ("now", "then")
    assert (found.now.place, found.before.place) == ("notes/2026Q3.md", "notes/2026Q2.md")


def test_a_missing_file_is_no_error(tmp_path) -> None:
    (tmp_path / "notes" / "2026Q2.md").mkdir(parents=True)
    found = commentary(tmp_path, pack(), Q3)
    assert (found.place, found.now, found.before) == ("notes/2026Q3.md", None, None)


def test_one_file_for_all_periods_has_no_earlier_one(tmp_path) -> None:
    write(tmp_path, "notes.md")
    found = commentary(tmp_path, pack("notes.md"), Q3)
    assert found.now is not None
    assert found.before is None


def test_a_burst_pack_has_a_file_a_group(tmp_path) -> None:
    write(tmp_path, "notes/board/DACH/2026Q3.md", "für DACH")
    burst = pack("notes/{pack}/{group}/{period}.md", burst_by="region")
    assert commentary(tmp_path, burst, Q3, "DACH").now.text == "für DACH"
    assert commentary(tmp_path, burst, Q3, "Nordics").now is None


@pytest.mark.parametrize(
    "group", ["../x", "a/b", "..", ".", "", "a\\b", "x" * 300, "\x00", "{period}"]
)
def test_a_groups_name_cannot_lead_anywhere_else(group: str) -> None:
    part = path_part(group)
    assert part not in {"", ".", ".."}
    assert not set(part) & set("/\\\x00{}")
    assert len(part) < 80
    assert part != path_part(f"{group}-")


@pytest.mark.parametrize(
    "place", ["/etc/passwd", "../x.md", "a/../../x", "a\\b", "C:x", "{year}.md", "{", "a\0"]
)
def test_a_path_out_of_the_workspace_is_refused(place: str) -> None:
    with pytest.raises(ValidationError):
        pack(place)


def test_a_group_needs_a_pack_that_is_burst() -> None:
    with pytest.raises(ValidationError, match="not burst"):
        pack("{group}.md")


def test_a_link_out_of_the_workspace_is_refused(tmp_path) -> None:
    write(tmp_path, "secret.md", "secret")
    workspace = tmp_path / "acme"
    (workspace / "notes").mkdir(parents=True)
    (workspace / "notes" / "2026Q3.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(UsageError, match="out of the workspace"):
        commentary(workspace, pack(), Q3)
    (workspace / "notes" / "2026Q3.md").unlink()
    (workspace / "notes" / "2026Q3.md").symlink_to(workspace / "notes" / "2026Q3.md")
    with pytest.raises(UsageError, match="cannot be read"):
        commentary(workspace, pack(), Q3)


@pytest.mark.parametrize(
    ("content", "why"), [(b"x" * (LARGEST + 1), "larger than 256 kB"), (b"caf\xe9", "UTF-8")]
)
def test_what_is_no_commentary_is_refused(tmp_path, content, why) -> None:
    write(tmp_path, "notes/2026Q3.md", content)
    with pytest.raises(UsageError, match=why):
        commentary(tmp_path, pack(), Q3)


def test_the_words_are_part_of_the_runs_identity(northbeam_notes) -> None:
    first = northbeam_notes({"2026Q3": "a"})
    assert first == northbeam_notes({"2026Q3": "a"})
    assert len({first, northbeam_notes({"2026Q3": "b"}), northbeam_notes({})}) == 3
    assert northbeam_notes({"2026Q3": "a", "2026Q2": "c"}) != first


@pytest.fixture
def northbeam_notes(tmp_path):
    """The run id of a pack with those notes, and its manifest's digests checked on the way."""
    from engine.analysis import Analysis
    from engine.config import read
    from engine.edition import Edition
    from fixtures.stories import write_snapshot

    tables = {
        "crm/accounts": [{"account_id": "A"}],
        "billing/subscription_items": [{"account_id": "A", "valid_from": "2025-01-01"}],
    }
    write_snapshot(tmp_path / "snapshots" / "2026-10-01", tables)

    def run_id(notes: dict[str, str]) -> str:
        for file in (tmp_path / "notes").glob("*"):
            file.unlink()
        for period, text in notes.items():
            write(tmp_path, f"notes/{period}.md", text)
        (tmp_path / "quarterdeck.toml").write_text('[workspace]\nsnapshots = "snapshots"\n')
        edition = Edition(Analysis.open(read(tmp_path / "quarterdeck.toml")), pack(), Q3)
        digests = json.loads(json.dumps(edition.identity))["commentary"]
        assert (digests["notes/2026Q3.md"] is not None) == ("2026Q3" in notes)
        return edition.run_id

    return run_id
