"""An S3-compatible server as a process of its own: moto's, with a record of what it was asked.

``python server.py FOLDER`` takes a free port of the loopback interface and writes it to
``FOLDER/port``, a line of JSON for each request to ``FOLDER/requests``. What FOLDER/faults.json
says goes wrong: ``{"vanish": [part of a path]}`` and the like, see ``_fault``.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from moto.server import create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

#: Keys a page of a listing; Amazon's has 1,000.
PAGE = 20

ACCESS_KEY = "made-up"
_DENIED = b"<Error><Code>InvalidAccessKeyId</Code><Message>Nobody has that key.</Message></Error>"
_GONE = b"<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>"
_AWAY = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


class _Recorded:
    """The application behind a record and a check of who asks."""

    def __init__(self, application, folder: Path) -> None:
        self._application = application
        self._folder = folder
        self._mutex = threading.Lock()

    def __call__(self, environment, start):
        status, headers, body = self._answer(environment)
        range_ = environment.get("HTTP_RANGE", "")
        entry = {
            "method": environment["REQUEST_METHOD"],
            "path": environment["PATH_INFO"],
            "query": environment.get("QUERY_STRING", ""),
            "range": range_,
            "status": int(status.split()[0]),
            "bytes": len(body),
        }
        with self._mutex, (self._folder / "requests").open("a") as file:
            file.write(json.dumps(entry) + "\n")
        start(status, headers)
        return [body]

    def _answer(self, environment):
        if f"Credential={ACCESS_KEY}/" not in environment.get("HTTP_AUTHORIZATION", ""):
            return "403 Forbidden", [("Content-Type", "application/xml")], _DENIED
        if (answer := self._fault(environment)) is not None:
            return answer
        kept: list = []
        body = b"".join(self._application(environment, lambda *told: kept.extend(told[:2])))
        status, headers = kept
        return status, headers, body

    def _fault(self, environment):
        """What is to go wrong where all parts are in ``GET /bucket/key``.

        ``busy``: 503, again and again; ``hang``: no answer; ``vanish``: listed, and not there.
        """
        try:
            faults = json.loads((self._folder / "faults.json").read_text())
        except FileNotFoundError:
            return None
        asked = f"{environment['REQUEST_METHOD']} {environment['PATH_INFO']}"
        kinds = {kind for kind, parts in faults.items() if all(part in asked for part in parts)}
        if "hang" in kinds:
            time.sleep(3_600)
        if "busy" in kinds:
            return "503 Slow Down", [("Content-Type", "application/xml")], _AWAY
        if "vanish" in kinds:
            return "404 Not Found", [("Content-Type", "application/xml")], _GONE
        return None


class _KeepsAlive(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_) -> None:
        """The record is kept elsewhere."""


def main(folder: Path) -> None:
    os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = str(PAGE)
    application = _Recorded(create_backend_app("s3"), folder)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_KeepsAlive)
    (folder / "port.new").write_text(str(server.port))
    (folder / "port.new").rename(folder / "port")
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
