"""An S3-compatible server, and a snapshot in it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

SERVER = Path(__file__).with_name("server.py")

#: What the server knows, and what a person would have in the environment.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "made-up",
    "AWS_SECRET_ACCESS_KEY": "made-up-too",
    "AWS_REGION": "us-east-1",
}


@dataclass(frozen=True)
class Server:
    """The process, reached through environment variables alone."""

    folder: Path
    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: each for name, each in os.environ.items() if not name.startswith("AWS_")}
        return {**plain, **CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint}

    @property
    def requests(self) -> list[dict]:
        """All that it was asked so far, oldest first."""
        lines = (self.folder / "requests").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def fails(self, **faults: list[str]) -> None:
        """What goes wrong from now on, see ``server.py``; nothing without arguments."""
        aside = self.folder / "faults.new"
        aside.write_text(json.dumps(faults))
        aside.replace(self.folder / "faults.json")


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Generator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(SERVER), str(folder)], stdout=log, stderr=log
        )
    try:
        while not (folder / "port").exists():
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield Server(folder, f"http://127.0.0.1:{(folder / 'port').read_text()}")
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Bucket:
    """A bucket of its own for each test."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        return f"s3://{self.name}"

    @property
    def store(self):
        from obstore.store import S3Store

        options = {"allow_http": True}
        config = {"endpoint": self.server.endpoint, "region": "us-east-1", **_keys()}
        return S3Store(self.name, config=config, client_options=options)

    def put(self, key: str, content: bytes) -> None:
        self.store.put(key, content)

    def get(self, key: str) -> bytes:
        return bytes(self.store.get(key).bytes())

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.store.list(prefix or None)
        return sorted(each["path"] for page in pages for each in page)

    def upload(self, folder: Path, prefix: str) -> str:
        """Puts every file of the folder below the prefix; its URL."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"{self.url}/{prefix}"

    def requested(self, since: int = 0) -> list[dict]:
        """Requests for this bucket from the given number of all on."""
        found = self.server.requests[since:]
        return [each for each in found if each["path"].startswith(f"/{self.name}")]


@pytest.fixture
def bucket(server: Server) -> Bucket:
    import boto3

    name = f"bucket-{uuid4().hex[:12]}"
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=name)
    client.close()
    server.fails()
    return Bucket(server, name)


@pytest.fixture
def qbr(server: Server):
    """Runs the command as a process of its own, with the server's address in its environment."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from engine.cli import main; main()", *arguments],
            env={**server.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run


def _keys() -> dict[str, str]:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return {name.removeprefix("AWS_").lower(): CREDENTIALS[name] for name in names}
