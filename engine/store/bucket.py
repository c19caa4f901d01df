"""A bucket of an object store: listed, read and written, each fault an OSError.

Whatever the store is, its own standard variables say where it is and who asks: AWS_…, GOOGLE_…,
AZURE_…; this project keeps no credentials.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from engine.store.faults import told_as_files

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

#: What is asked for at once.
_BLOCK = 16 << 20

#: How often, and for how long, a store that does not answer is asked again.
TRIES, GIVEN_UP = 4, timedelta(seconds=30)

_RETRIES: "RetryConfig" = {
    "max_retries": TRIES,
    "retry_timeout": GIVEN_UP,
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=4),
        "base": 2,
    },
}
_CLIENT: "ClientConfig" = {
    "allow_http": True,  # only where the address says http://
    "connect_timeout": timedelta(seconds=5),
    "timeout": timedelta(seconds=30),
}


@dataclass(frozen=True, slots=True)
class Object:
    """One object as it was listed.

    Attributes:
        key: Its path within the bucket.
        size: In bytes.
        etag: Differs once the content does; empty where the store gives none.
        version: Of stores that count versions, else empty.
    """

    key: str
    size: int
    etag: str
    version: str
    modified: datetime


@dataclass(frozen=True)
class Bucket:
    """One bucket or container; ``keys`` are paths within it, without a slash in front.

    Every method raises what ``told_as_files`` says.

    Attributes:
        url: ``s3://bucket``, without what comes after.
    """

    url: str

    def objects(self, folder: str) -> Iterator[Object]:
        """Every object below the folder, in pages of the store."""
        import obstore

        with told_as_files(f"{self.url}/{folder}"):
            for page in obstore.list(_opened(self.url), folder or None, chunk_size=1_000):
                for each in page:
                    yield Object(
                        each["path"],
                        each["size"],
                        each["e_tag"] or "",
                        each["version"] or "",
                        each["last_modified"],
                    )

    def folders(self, folder: str) -> list[str]:
        """Names of what has a slash after it, directly below the folder."""
        import obstore

        with told_as_files(f"{self.url}/{folder}"):
            found = obstore.list_with_delimiter(_opened(self.url), folder or None)
        return [each.rpartition("/")[2] for each in found["common_prefixes"]]

    def blocks(self, key: str, size: int, etag: str = "") -> Iterator[bytes]:
        """The content, piece by piece; a ChangedError once it is not that of ``etag``."""
        import obstore

        for start in range(0, size, _BLOCK):
            with told_as_files(f"{self.url}/{key}"):
                found = obstore.get(
                    _opened(self.url),
                    key,
                    options={
                        "range": (start, min(start + _BLOCK, size)),
                        "if_match": etag or None,
                    },
                )
                yield bytes(found.bytes())


def split(url: str) -> tuple[Bucket, str]:
    """The bucket of a URL, and the path within it."""
    scheme, _, rest = url.partition("://")
    name, _, path = rest.partition("/")
    return Bucket(f"{scheme}://{name}"), path.strip("/")


@cache
def _opened(url: str) -> "ObjectStore":
    """The bucket's client, one a process: it keeps connections and credentials."""
    from obstore.store import from_url

    if url == "file://":
        return from_url("file:///")
    return from_url(url, client_options=_CLIENT, retry_config=_RETRIES)
