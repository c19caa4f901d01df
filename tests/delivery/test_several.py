"""Several packs that are due at once are set beside each other, and sent as if they were not."""

import subprocess
import sys
import time

import pytest

import engine.typesetting
from engine.cli import exit_status
from engine.delivery.due import due, post_of
from engine.errors import UsageError
from engine.worker import Limits
from tests.delivery.post_office import NOW, SCHEDULE, maker, workspace

ACCOUNTS = [
    {"account_id": "A", "name": "Ares", "region": "EMEA", "industry": "Steel"},
    {"account_id": "B", "name": "Berg", "region": "APAC", "industry": "Steel"},
]
ITEMS = [
    {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"},
    {"account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2025-07-20"},
]
MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "qbr@example.com"
"""
PACK = '[[packs]]\nname = "{name}"\nsections = ["summary"]\nrecipients = ["{name}@example.com"]\n'
BOARD = PACK.format(name="board") + SCHEDULE
OPS = PACK.format(name="ops") + SCHEDULE
REGIONS = PACK.format(name="regions") + 'burst_by = "region"\n' + SCHEDULE
MARS = PACK.format(name="mars") + 'filters = { region = "Mars" }\n' + SCHEDULE
DUE = ["due", "--now", "2026-10-06T08:00+00:00", "--workspace"]
VENUS = (
    PACK.format(name="venus") + 'burst_by = "industry"\nfilters = { region = "Venus" }\n' + SCHEDULE
)
#: The pack of regions comes to a message a region.
ALL = {"board@example.com": 1, "regions@example.com": 2}


@pytest.fixture
def firm(company, office):
    """A company in which the named packs are due."""

    def made(*packs):
        tables = {"crm/accounts": ACCOUNTS, "billing/subscription_items": ITEMS}
        return company(tables, MAIL.format(port=office.port) + "".join(packs)).folder

    return made


def runs(folder):
    """The files of the output's runs, by path."""
    found = (folder / "out").rglob("2026-10-01-*/*.*")
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def test_several_processes_make_what_one_makes_and_one_that_fails_stops_no_other(
    firm, office, capsys
):
    """The pack of Mars has nothing to report, and there is no region for one of Venus."""
    folder = firm(VENUS, MARS, REGIONS, BOARD)
    assert exit_status([*DUE, str(folder), "--jobs", "2"]) == 2
    assert capsys.readouterr().err.count("nothing to report for Q3 2026") == 2
    assert office.counts == ALL
    beside = runs(folder)
    assert len(beside) == 12
    (folder / "out").rename(folder / "before")
    (folder / ".quarterdeck").rename(folder / "old")
    assert exit_status([*DUE, str(folder), "--jobs", "1"]) == 2
    assert runs(folder) == beside


def test_packs_that_take_too_long_are_each_told_and_made_up_for(firm, office, capsys, monkeypatch):
    folder = firm(BOARD, OPS)
    limits = engine.typesetting._LIMITS
    monkeypatch.setattr(engine.typesetting, "_LIMITS", Limits(seconds=0.01))
    assert exit_status([*DUE, str(folder), "--jobs", "2"]) == 2
    error = capsys.readouterr().err
    assert error.count("error: pack-too-slow\n") == 2
    assert (office.counts, runs(folder)) == ({}, {})
    monkeypatch.setattr(engine.typesetting, "_LIMITS", limits)
    assert exit_status([*DUE, str(folder), "--jobs", "2"]) == 0
    assert office.counts == {"board@example.com": 1, "ops@example.com": 1}


def test_killed_while_several_are_set_nobody_gets_it_twice(firm, office):
    folder = firm(REGIONS)
    line = [sys.executable, "-c", "from engine.cli import main; main()", *DUE, str(folder)]
    first = subprocess.Popen([*line, "--jobs", "2"], stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 60
    while not list(folder.glob("out/2026Q3/*/**/2026-10-01-*")) and time.monotonic() < limit:
        time.sleep(0.01)
    first.kill()
    first.wait()
    sent = sum(office.counts.values())
    assert exit_status([*DUE, str(folder), "--jobs", "1"]) == 0
    assert (sent, office.counts) == (0, {"regions@example.com": 2})


def test_packs_take_turns_each_one_s_periods_in_their_order(tmp_path, office):
    """A pack may tell of its earlier periods; those of other packs need not be waited for."""
    since = SCHEDULE.replace("2026Q3", "2026Q2")
    place = workspace(tmp_path, office.port, pack=f'{since}[[packs]]\nname = "ops"\n{since}')
    rounds = []

    def makes(turns):
        rounds.append([f"{each.pack.name} {each.period.label}" for each in turns])
        for turn in turns:
            yield turn, maker(place)(turn.pack, turn.period, turn.days[0])

    due(place, NOW, post_of(place), makes, sleep=lambda _: None)
    assert rounds == [["board 2026Q2", "ops 2026Q2"], ["board 2026Q3", "ops 2026Q3"]]


def test_a_pack_that_fails_stops_no_other_of_its_round(tmp_path, office):
    place = workspace(tmp_path, office.port, pack=f'{SCHEDULE}[[packs]]\nname = "ops"\n{SCHEDULE}')
    error = UsageError("nothing-to-report", "nothing")

    def makes(turns):
        board, ops = turns
        yield board, error
        yield ops, maker(place)(ops.pack, ops.period, ops.days[0])

    summary = due(place, NOW, post_of(place), makes, sleep=lambda _: None)
    assert summary.errors == [error]
    assert [each[:10] for each in summary.made] == ["2026Q3/ops"]
