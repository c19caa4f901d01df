"""A Dask scheduler and its workers as processes of their own, on the loopback interface."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Processes:
    """Attributes:
    preload: What every worker imports before it takes part.
    scheduler: Its address.
    """

    folder: Path
    environment: Mapping[str, str]
    preload: str
    scheduler: str = ""
    started: list[subprocess.Popen] = field(default_factory=list)

    def start(self, program: str, *arguments: str) -> subprocess.Popen:
        module = ["-m", f"distributed.cli.dask_{program}", *arguments, "--no-dashboard"]
        path = os.pathsep.join(filter(None, [str(Path.cwd()), os.environ.get("PYTHONPATH")]))
        with (self.folder / f"{program}-{len(self.started)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, *module],
                stdout=log,
                stderr=log,
                env={**self.environment, "PYTHONPATH": path, "POLARS_MAX_THREADS": "1"},
            )
        self.started.append(process)
        return process

    def start_scheduler(self) -> None:
        told = self.folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
        while not (told.exists() and told.read_text().endswith("}")):
            assert self.started[0].poll() is None, (self.folder / "scheduler-0.log").read_text()
            time.sleep(0.05)
        self.scheduler = json.loads(told.read_text())["address"]

    def start_worker(self) -> subprocess.Popen:
        own = self.folder / f"worker-{len(self.started)}"
        return self.start(
            "worker",
            self.scheduler,
            *("--nthreads", "1", "--no-nanny", "--memory-limit", "0"),
            *("--preload", self.preload),
            *("--local-directory", str(own)),
        )

    def stop(self) -> None:
        for process in reversed(self.started):
            process.kill()
            process.wait()


@contextmanager
def processes(
    folder: Path,
    workers: int,
    environment: Mapping[str, str] = os.environ,
    preload: str = "engine.cluster.parts",
) -> Generator[Processes]:
    """A scheduler with so many workers, none of which are waited for."""
    made = Processes(folder, environment, preload)
    try:
        made.start_scheduler()
        for _ in range(workers):
            made.start_worker()
        yield made
    finally:
        made.stop()
