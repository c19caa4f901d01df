"""Processes killed at any point: nobody gets a message twice, and nothing is lost from sight."""

import multiprocessing
import os
import random
import shutil
import signal
import socket
import time
from datetime import timedelta

import pytest

from engine.config import read
from engine.delivery.ledger import open_ledger
from tests.delivery.post_office import NOW, due_in_a_process, opened, run_due, workspace

PEOPLE = tuple(f"p{number}@example.com" for number in range(3))
#: States that a delivery may rest in.
AT_REST = {"sent", "failed", "retry", "unknown"}


@pytest.fixture(scope="module")
def office():
    """One server for all; each round has recipients of its own."""
    controller = opened()
    yield controller.handler
    controller.stop()


@pytest.fixture(scope="module")
def processes():
    """Processes that start at once, with everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.delivery.test_killed", "engine.report.pdf"])
    return context


def dies_at(folder, step):
    """Calls ``due`` in this process, which kills itself at the given durable or network step."""
    steps = iter(range(step))

    def counted(real):
        def call(*arguments):
            if next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)

        return call

    os.fsync = counted(os.fsync)
    os.link = counted(os.link)
    socket.socket.sendall = counted(socket.socket.sendall)
    due_in_a_process(folder)


def recipients(round_):
    return tuple(f"r{round_}.{each}" for each in PEOPLE)


def round_of(tmp_path, office, number):
    return workspace(tmp_path / str(number), office.port, recipients=recipients(number))


def require_sent_once(place, office, lost_ledger=False):
    """Lets two more calls come by, and looks at what everybody got."""
    if lost_ledger:
        shutil.rmtree(place.state, ignore_errors=True)
    last = [run_due(place, NOW + timedelta(hours=hours)) for hours in (1, 9)][-1]
    with open_ledger(place.state, place.output) as ledger:
        known = {each.recipient: str(each.state) for each in ledger.deliveries()}
    assert set(known) == set(place.configuration.packs[0].recipients)
    for recipient, state in known.items():
        got = len(office.received.get(recipient, []))
        assert got in {"sent": {1}, "unknown": {0, 1}}[state], (recipient, state, got)
    unknown = {recipient for recipient, state in known.items() if state == "unknown"}
    assert {each.recipient for each in last.problems} == unknown
    assert last.error is None or last.error.exit_status == 4
    return unknown


def killed_at(processes, place, step):
    """Whether the process died at that step; False once it has no so many."""
    child = processes.Process(target=dies_at, args=(place.folder, step))
    child.start()
    child.join(60)
    return child.exitcode == -signal.SIGKILL


def test_killed_at_any_step_nobody_gets_it_twice(tmp_path, office, processes):
    """Before every write to disk and every word to the server, with and without the ledger."""
    step, unknown = 0, set()
    while True:
        place = round_of(tmp_path, office, step)
        if not killed_at(processes, place, step):
            break
        unknown |= require_sent_once(place, office, lost_ledger=step % 3 == 0)
        step += 3
    assert step > 40
    assert unknown


def killed_after(processes, place, seconds):
    child = processes.Process(target=due_in_a_process, args=(place.folder,))
    child.start()
    time.sleep(seconds)
    child.kill()
    child.join(60)


@pytest.mark.soak
def test_killed_at_random_moments_nobody_gets_it_twice(tmp_path, office, processes):
    """Some hundred times, some killed twice over."""
    chance = random.Random(7)
    for number in range(1000, 1300):
        place = round_of(tmp_path, office, number)
        for _ in range(chance.choice([1, 1, 2])):
            killed_after(processes, place, chance.uniform(0.02, 0.5))
        require_sent_once(place, office, lost_ledger=chance.random() < 0.3)


@pytest.mark.soak
def test_killed_at_every_single_step_nobody_gets_it_twice(tmp_path, office, processes):
    step = 0
    while True:
        place = round_of(tmp_path, office, 2000 + step)
        if not killed_at(processes, place, step):
            break
        require_sent_once(place, office, lost_ledger=step % 2 == 0)
        step += 1


def test_two_hosts_at_once_send_it_once(tmp_path, office, processes):
    """Each with a ledger of its own, over one output folder."""
    place = round_of(tmp_path, office, 5000)
    other = tmp_path / "other"
    shutil.copytree(place.folder, other)
    toml = (other / "quarterdeck.toml").read_text()
    shared = toml.replace("[mail]", f'output = "{place.output}"\n[mail]')
    (other / "quarterdeck.toml").write_text(shared)
    hosts = [
        processes.Process(target=due_in_a_process, args=(folder,))
        for folder in (place.folder, other, place.folder, other)
    ]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join(60)
    assert [each.exitcode for each in hosts] == [0, 0, 0, 0]
    assert not require_sent_once(place, office)
    assert not require_sent_once(read(other / "quarterdeck.toml"), office)
