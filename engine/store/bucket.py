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
    from obstore import ObjectMeta, PutMode, UpdateVersion
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

#: ETag and number of one version of an object, empty where the store gives none.
Version = tuple[str, str]

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
                yield from map(_object, page)

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

    def found(self, key: str) -> Object | None:
        """The object of that name; None where there is none."""
        import obstore

        try:
            with told_as_files(f"{self.url}/{key}"):
                return _object(obstore.head(_opened(self.url), key))
        except FileNotFoundError:
            return None

    def read(self, key: str) -> tuple[bytes, Version]:
        """The whole content, and of which version it is."""
        import obstore

        with told_as_files(f"{self.url}/{key}"):
            found = obstore.get(_opened(self.url), key)
            known = _object(found.meta)
            return bytes(found.bytes()), (known.etag, known.version)

    def put(self, key: str, content: bytes) -> None:
        """Writes the object, over another one if need be."""
        self._put(key, content, "overwrite")

    def put_new(self, key: str, content: bytes) -> None:
        """Writes the object; a FileExistsError where one was there, and it stays."""
        self._put(key, content, "create")

    def replace(self, key: str, content: bytes, version: Version) -> None:
        """Writes over that version; a ChangedError where there is another one, and it stays."""
        known: UpdateVersion = {}
        if version[0]:
            known["e_tag"] = version[0]
        if version[1]:
            known["version"] = version[1]
        self._put(key, content, known)

    def delete(self, key: str) -> None:
        """Takes the object away, if it is there."""
        import obstore

        with told_as_files(f"{self.url}/{key}"):
            obstore.delete(_opened(self.url), key)

    def _put(self, key: str, content: bytes, mode: "PutMode") -> None:
        import obstore

        with told_as_files(f"{self.url}/{key}"):
            obstore.put(_opened(self.url), key, content, mode=mode, use_multipart=False)


def split(url: str) -> tuple[Bucket, str]:
    """The bucket of a URL, and the path within it."""
    scheme, _, rest = url.partition("://")
    name, _, path = rest.partition("/")
    return Bucket(f"{scheme}://{name}"), path.strip("/")


def _object(told: "ObjectMeta") -> Object:
    return Object(
        told["path"],
        told["size"],
        told["e_tag"] or "",
        told["version"] or "",
        told["last_modified"],
    )


@cache
def _opened(url: str) -> "ObjectStore":
    """The bucket's client, one a process: it keeps connections and credentials."""
    from obstore.store import from_url

    if url == "file://":
        return from_url("file:///")
    return from_url(url, client_options=_CLIENT, retry_config=_RETRIES)
