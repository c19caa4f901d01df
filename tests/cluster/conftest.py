"""A small company, and a cluster of two workers that lasts for all tests."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from engine.analysis import Analysis
from engine.cluster.dask import workers
from engine.config import read
from fixtures.company import write_company
from tests.cluster.processes import Processes, processes

Opened = Callable[..., Analysis]
WAIT = 30


@pytest.fixture(scope="session")
def company(tmp_path_factory) -> Path:
    """A folder with the demo company's snapshot, of 80 accounts."""
    folder = tmp_path_factory.mktemp("company")
    write_company(folder / "snapshots", accounts=80)
    return folder


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Generator[Processes]:
    with processes(tmp_path_factory.mktemp("dask"), workers=2) as found:
        yield found
        workers(found.scheduler, WAIT)._client.close()
        workers.cache_clear()


@pytest.fixture(scope="session")
def cluster(running) -> str:
    """The table of a workspace that counts on it."""
    return f'[cluster]\nscheduler = "{running.scheduler}"\nwait_seconds = {WAIT}\n'


@pytest.fixture
def place(company, tmp_path):
    """Makes workspaces over the company's snapshot: ``place("here", toml)``."""

    def made(name: str, toml: str = "") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        text = f'[workspace]\nsnapshots = "{company}/snapshots"\n{toml}'
        (folder / "quarterdeck.toml").write_text(text)
        return folder

    return made


@pytest.fixture
def opened(place) -> Opened:
    """The same, opened."""

    def made(name: str, toml: str = "") -> Analysis:
        return Analysis.open(read(place(name, toml) / "quarterdeck.toml"))

    return made
