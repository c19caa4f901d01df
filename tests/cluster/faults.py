"""Loaded by a worker whose first part is never done: what happens instead, ``HARM`` says."""

import os
import signal
import time
from functools import wraps
from pathlib import Path

from engine.cluster import parts


def _dies() -> None:
    os._exit(1)


def _kills_the_scheduler() -> None:
    os.kill(int(os.environ["SCHEDULER"]), signal.SIGKILL)
    time.sleep(60)


def _sleeps() -> None:
    Path(os.environ["ASLEEP"]).touch()
    time.sleep(60)


_HARMS = {each.__name__: each for each in (_dies, _kills_the_scheduler, _sleeps)}


@wraps(parts.partial)
def _harmed(*_: object) -> None:
    _HARMS[os.environ["HARM"]]()


parts.partial = _harmed
