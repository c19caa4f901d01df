"""One process of all hosts delivers at a time."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from engine.delivery.lock import FOLDER, Busy, Claim, Lock
from engine.errors import EnvironmentFault
from tests.delivery.post_office import run_due

TEN = timedelta(minutes=10)


def left_behind(output, host, pid, expires, number=1):
    folder = output / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    claim = Claim(host, pid, "theirs", expires)
    (folder / f"{number:08d}.json").write_bytes(claim.as_json())


def soon():
    return datetime.now(UTC) + timedelta(minutes=5)


def test_a_second_process_is_held_off_and_told_by_whom(tmp_path):
    with Lock(tmp_path, TEN), pytest.raises(Busy) as caught, Lock(tmp_path, TEN):
        pass
    assert "is delivering from this output folder" in caught.value.message
    with Lock(tmp_path, TEN):
        pass


def test_another_hosts_lock_holds_until_it_expires(tmp_path):
    left_behind(tmp_path, "elsewhere", 1, soon())
    with pytest.raises(Busy, match="elsewhere"), Lock(tmp_path, TEN):
        pass
    left_behind(tmp_path, "elsewhere", 1, datetime.now(UTC), number=2)
    with Lock(tmp_path, TEN):
        pass


def test_the_lock_of_a_dead_process_of_this_host_is_taken_over_at_once(tmp_path):
    from engine.delivery import lock

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left_behind(tmp_path, lock._host(), dead.pid, soon())
    with Lock(tmp_path, TEN):
        pass


def test_of_many_that_find_an_expired_lock_one_gets_it(tmp_path):
    left_behind(tmp_path, "elsewhere", 1, datetime.now(UTC))
    locks = [Lock(tmp_path, TEN) for _ in range(8)]

    def tried(lock):
        try:
            return lock.__enter__()
        except Busy:
            return None

    with ThreadPoolExecutor(8) as pool:
        held = [each for each in pool.map(tried, locks) if each is not None]
    assert len(held) == 1
    held[0].__exit__()


def test_a_holder_that_slept_too_long_learns_of_it(tmp_path):
    with Lock(tmp_path, TEN) as lock:
        left_behind(tmp_path, "elsewhere", 1, soon(), number=lock._number + 1)
        lock.renew()
        with pytest.raises(EnvironmentFault, match="taken over"):
            lock.require()
    assert json.loads((tmp_path / FOLDER / "00000002.json").read_text())["host"] == "elsewhere"


def test_it_is_renewed_while_it_is_held(tmp_path):
    with Lock(tmp_path, timedelta(seconds=1.5)) as lock:
        first = lock._expires
        while lock._expires == first:
            lock._ended.wait(0.02)
        lock.require()


def test_an_expired_lock_sends_nothing_even_if_nobody_took_it(tmp_path):
    times = [datetime(2026, 1, 1, tzinfo=UTC)]
    with Lock(tmp_path, TEN, lambda: times[-1]) as lock:
        times.append(times[-1] + TEN)
        with pytest.raises(EnvironmentFault, match="taken over"):
            lock.require()


def test_the_row_of_files_stays_short(tmp_path):
    for _ in range(30):
        with Lock(tmp_path, TEN):
            pass
    assert len(list((tmp_path / FOLDER).iterdir())) <= 17


def test_a_rival_so_slow_that_its_number_was_cleared_away_does_not_get_it(tmp_path):
    rival = Lock(tmp_path, TEN)
    for _ in range(30):
        with Lock(tmp_path, TEN):
            pass
    assert not rival._claim()


def test_due_that_is_held_off_waits_with_status_0(place, office):
    left_behind(place.output, "elsewhere", 7, soon())
    summary = run_due(place)
    assert summary.error is None
    assert "process 7 on elsewhere is delivering" in summary.waiting[0]
    assert office.counts == {}
