"""What was counted before is used again where it still holds, and says the same as new."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from engine.cache import Cache
from engine.intake import checked as by_parts
from engine.intake import parts
from engine.intake.conversion import Conversion
from engine.intake.snapshot import open_snapshot
from engine.intake.verdict import Verdict, as_json, verdict
from engine.settings.validation import Validation
from fixtures.stories import Row, table_frame, write_table
from tests.intake.bad_snapshots import BAD
from tests.intake.one_snapshot import ACCOUNTS, AS_OF, ITEMS, LINES, RATES, told

FIRST = date(2025, 10, 1)
A_DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def parts_of_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_ENOUGH", 1)


def aged(root: Path, days: int = 1) -> Path:
    """The snapshots, each file last written so many days ago."""
    for file in root.rglob("*.parquet"):
        past = file.stat().st_mtime - days * A_DAY
        os.utime(file, (past, past))
    return root


def found(root: Path, state: Path | None = None, validation: Validation | None = None) -> Verdict:
    snapshot = open_snapshot(str(root))
    conversion = Conversion("USD", snapshot.as_of)
    asked = validation or Validation()
    return verdict(snapshot, conversion, validation=asked, cache=Cache(state))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The table of each counting that rows were read for."""
    names: list[str] = []
    collected = by_parts.collected

    def listening(frame: pl.LazyFrame, name: str) -> pl.DataFrame:
        names.append(name)
        return collected(frame, name)

    monkeypatch.setattr(by_parts, "collected", listening)
    return names


def lines(random: Random, number: int) -> list[Row]:
    """Lines of one file, some of them wrong, some of them with the ids of another file's."""
    day = FIRST + timedelta(days=31 * (number % 12))
    return [
        {
            "line_id": f"L{number if random.random() > 0.01 else 0}-{n}",
            "account_id": random.choice(["A", "B", "a", "C-1", "c 1"]),
            "product": random.choice(["Core", "core ", "Pro"]),
            "amount": random.choice([100, 200, -5 if random.random() < 0.02 else 300]),
            "currency": random.choice(["USD", "USD", "EUR", "XXX" if n % 19 == 0 else "GBP"]),
            "service_from": day,
            "service_to": day + timedelta(days=random.choice([30, 365])),
            "invoiced_on": day,
        }
        for n in range(random.randint(0, 60))
    ]


def write_lines(root: Path, random: Random, number: int, days: int = 1) -> None:
    file = root / AS_OF / f"{LINES}/{number:02}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    table_frame(LINES, lines(random, number)).write_parquet(file)
    past = file.stat().st_mtime - days * A_DAY
    os.utime(file, (past, past))


def company(root: Path, random: Random) -> None:
    """Lines in six files, and a snapshot of a month before with some of them."""
    for day in ("2026-09-01", AS_OF):
        write_table(root / day, ACCOUNTS, [{"account_id": each} for each in ("A", "B", "C-1")])
        write_table(
            root / day, RATES, [{"month": FIRST, "from_currency": "EUR", "to_currency": "USD"}]
        )
    write_table(root / "2026-09-01", LINES, lines(random, 1))
    aged(root)
    for number in range(6):
        write_lines(root, random, number)


def entries(state: Path) -> list[Path]:
    return sorted(each for each in state.rglob("*") if each.is_file())


@pytest.mark.parametrize("rule", BAD)
def test_a_verdict_is_the_same_cold_warm_and_without_a_cache(tmp_path: Path, rule: str) -> None:
    BAD[rule](tmp_path / "data" / AS_OF)
    root, state = aged(tmp_path / "data"), tmp_path / "state"
    plain, cold, warm = found(root), found(root, state), found(root, state)
    assert cold == plain
    assert warm == plain
    assert json.dumps(as_json(warm)) == json.dumps(as_json(plain))


def test_a_second_time_no_row_is_read(tmp_path: Path, counted: list[str]) -> None:
    company(tmp_path / "data", Random(1))
    first = found(tmp_path / "data", tmp_path / "state")
    assert set(counted) >= {LINES, ACCOUNTS, RATES}
    counted.clear()
    assert found(tmp_path / "data", tmp_path / "state") == first
    assert counted == []


def test_of_one_changed_file_only_its_own_rows_are_read(tmp_path: Path, counted: list[str]) -> None:
    company(tmp_path / "data", Random(2))
    found(tmp_path / "data", tmp_path / "state")
    whole = counted.count(LINES)
    counted.clear()
    write_lines(tmp_path / "data", Random(99), 3)
    changed = found(tmp_path / "data", tmp_path / "state")
    assert set(counted) == {LINES}
    assert counted.count(LINES) * 6 <= whole
    assert changed == found(tmp_path / "data")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_the_verdict_is_that_of_counting_anew(tmp_path: Path, seed: int) -> None:
    root, state, random = tmp_path / "data", tmp_path / "state", Random(seed)
    company(root, random)
    for step in range(4):
        assert found(root, state) == found(root), (seed, step)
        assert found(root, state) == found(root), (seed, step)
        files = sorted((root / AS_OF / LINES).iterdir())
        chosen = random.choice(files)
        match random.randrange(4):
            case 0:
                write_lines(root, random, int(chosen.stem), days=2)
            case 1:
                chosen.unlink()
            case 2:
                write_lines(root, random, len(files) + 10 + step)
            case _:
                chosen.rename(chosen.with_stem(f"{90 + step}"))
        for entry in random.sample(entries(state), 5):
            damage(entry, random)


def damage(entry: Path, random: Random) -> None:
    content = bytearray(entry.read_bytes())
    match random.randrange(4):
        case 0:
            entry.unlink()
        case 1:
            entry.write_bytes(content[: random.randrange(len(content))])
        case 2:
            entry.write_bytes(random.choice(entries(entry.parent)).read_bytes())
        case _:
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
            entry.write_bytes(content)


def test_what_is_damaged_is_counted_anew_and_replaced(tmp_path: Path, counted: list[str]) -> None:
    root, state = tmp_path / "data", tmp_path / "state"
    company(root, Random(3))
    first = found(root, state)
    for entry in entries(state):
        entry.write_bytes(entry.read_bytes()[:-1])
    assert found(root, state) == first
    counted.clear()
    assert found(root, state) == first
    assert counted == []


def test_a_file_written_a_moment_ago_is_not_trusted(tmp_path: Path, counted: list[str]) -> None:
    """Its time could be that of two writings, so nothing of it is kept."""
    root = tmp_path / "data"
    write_table(root / AS_OF, ACCOUNTS, [{"account_id": "A"}])
    found(root, tmp_path / "state")
    counted.clear()
    found(root, tmp_path / "state")
    assert set(counted) == {ACCOUNTS}
    assert entries(tmp_path / "state") == []


def test_a_file_with_another_footer_is_another_one_whatever_its_time_says(tmp_path: Path) -> None:
    root, state = tmp_path / "data", tmp_path / "state"
    for amount in (100, -100):
        write_table(root / AS_OF, ITEMS, [{"item_id": "i", "account_id": "A", "discount": amount}])
        write_table(root / AS_OF, ACCOUNTS, [{"account_id": "A"}])
        for file in root.rglob("*.parquet"):
            os.utime(file, (1_700_000_000, 1_700_000_000))
        after = found(root, state)
    assert (ITEMS, "range", "discount", 1) in told(after)


def test_a_file_that_changes_while_it_is_counted_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, state = tmp_path / "data", tmp_path / "state"
    company(root, Random(4))
    collected = by_parts.collected

    def changing(frame: pl.LazyFrame, name: str) -> pl.DataFrame:
        counted = collected(frame, name)
        aged(root)
        return counted

    monkeypatch.setattr(by_parts, "collected", changing)
    found(root, state)
    assert entries(state) == []


def test_a_file_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    """What was in its way may be over, while the file stays as it is."""
    BAD["unreadable"](tmp_path / "data" / AS_OF)
    found(aged(tmp_path / "data"), tmp_path / "state")
    assert not (tmp_path / "state" / "verdicts").exists()


@pytest.mark.parametrize(
    "other",
    [
        Validation(drift_share=0.9),
        Validation(freshness_days=10_000),
        Validation(severities={"account-unbilled": "error"}),
        Validation(severities={"drift": "off"}),
    ],
    ids=str,
)
def test_other_settings_ask_anew(tmp_path: Path, other: Validation) -> None:
    root, state = tmp_path / "data", tmp_path / "state"
    company(root, Random(5))
    first = found(root, state)
    assert found(root, state, other) == found(root, None, other)
    assert found(root, state) == first


def test_another_snapshot_before_is_compared_with(tmp_path: Path) -> None:
    root, state = tmp_path / "data", tmp_path / "state"
    company(root, Random(6))
    found(root, state)
    write_table(root / "2026-09-15", LINES, lines(Random(7), 2))
    aged(root / "2026-09-15")
    assert found(root, state) == found(root)
    assert found(root, state).compared_with == "2026-09-15"


def test_a_state_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    company(tmp_path / "data", Random(8))
    (tmp_path / "state").write_text("no folder")
    assert found(tmp_path / "data", tmp_path / "state") == found(tmp_path / "data")


def test_another_process_finds_what_was_kept(tmp_path: Path) -> None:
    """What names an entry does not hang on how a process orders its sets."""
    root, state = tmp_path / "data", tmp_path / "state"
    company(root, Random(9))
    found(root, state)
    (verdict_kept,) = (state / "verdicts").iterdir()
    verdict_kept.unlink()
    kept = entries(state)
    command = (
        "import sys; from pathlib import Path; from engine.intake import parts;"
        "from tests.intake.test_known import found;"
        "parts._ENOUGH = 1; found(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    ours = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": ours}
    subprocess.run([sys.executable, "-c", command, root, state], env=environment, check=True)
    assert entries(state) == sorted([*kept, verdict_kept])
