"""A folder or file that is on this machine or in an object store, used alike.

``Place`` is a ``Path`` or an ``ObjectPath``, which has those of a Path's methods that what lies in
the output folder is found and read with. Writing is in ``engine.files``.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from engine.store.bucket import Bucket, Object, split


@dataclass(frozen=True, slots=True)
class Written:
    """When an object was written, as a Path's ``stat`` tells it: seconds since 1970."""

    st_mtime: float
    st_size: int


@dataclass(frozen=True, slots=True)
class ObjectPath:
    """A place in a bucket; a folder is there as long as anything lies below it.

    Every method that asks the store raises what ``told_as_files`` says.
    """

    bucket: Bucket
    inside: PurePosixPath = field(default=PurePosixPath())

    @property
    def key(self) -> str:
        """The path within the bucket, as the store spells it; empty for the bucket itself."""
        return "" if self.inside == PurePosixPath() else self.inside.as_posix()

    @property
    def name(self) -> str:
        """The last part."""
        return self.inside.name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return self.inside.stem

    @property
    def parent(self) -> "ObjectPath":
        """The folder that it lies in."""
        return ObjectPath(self.bucket, self.inside.parent)

    def __truediv__(self, part: str) -> "ObjectPath":
        return ObjectPath(self.bucket, self.inside / part)

    def __str__(self) -> str:
        return f"{self.bucket.url}/{self.key}"

    def with_name(self, name: str) -> "ObjectPath":
        """Another one in the same folder."""
        return ObjectPath(self.bucket, self.inside.with_name(name))

    def relative_to(self, other: "Place") -> PurePosixPath:
        """The way there from a folder above it; a ValueError from any other."""
        if not self.is_relative_to(other):
            raise ValueError(f"{self} does not lie below {other}")
        return PurePosixPath(str(self).removeprefix(str(other)).strip("/"))

    def is_relative_to(self, other: "Place") -> bool:
        """Whether it lies below, or is, the other."""
        return f"{self}/".startswith(f"{str(other).rstrip('/')}/")

    def exists(self) -> bool:
        """Whether an object or anything below it is there."""
        return self.is_file() or self.is_dir()

    def is_file(self) -> bool:
        """Whether an object is there."""
        return self.bucket.found(self.key) is not None

    def is_dir(self) -> bool:
        """Whether anything lies below."""
        return next(self.bucket.objects(self.key), None) is not None

    def stat(self) -> Written:
        """Of the object that is there."""
        found = self._object()
        return Written(found.modified.timestamp(), found.size)

    def read_bytes(self) -> bytes:
        """The object's content."""
        return self.bucket.read(self.key)[0]

    def read_text(self, encoding: str = "utf-8") -> str:
        """The object's content as text; a UnicodeDecodeError where it is none."""
        return self.read_bytes().decode(encoding)

    def glob(self, pattern: str) -> Generator["ObjectPath"]:
        """Objects and folders below whose whole way there fits: a ``*`` stands within a part."""
        return self._fitting(pattern)

    def rglob(self, pattern: str) -> Generator["ObjectPath"]:
        """Objects and folders below, however deep, whose way there ends so."""
        return self._fitting(f"**/{pattern}")

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: a store has no empty folders."""

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Takes the object away."""
        if not missing_ok:
            self._object()
        self.bucket.delete(self.key)

    def _object(self) -> Object:
        return self.bucket.found(self.key) or self._missing()

    def _missing(self) -> Object:
        raise FileNotFoundError(2, "there is no such object", str(self))

    def _fitting(self, pattern: str) -> Generator["ObjectPath"]:
        """Every object is listed once, and tells of the folders above it."""
        known: set[PurePosixPath] = set()
        fits = re.compile(_expression(pattern)).fullmatch
        for each in self.bucket.objects(self._start(pattern)):
            way = PurePosixPath(each.key).relative_to(self.inside)
            for one in (*reversed(way.parents[:-1]), way):
                if one not in known and fits(one.as_posix()):
                    known.add(one)
                    yield ObjectPath(self.bucket, self.inside / one)

    def _start(self, pattern: str) -> str:
        """The folder below which everything that fits lies."""
        sure: list[str] = []
        for part in PurePosixPath(pattern).parent.parts:
            if "*" in part:
                break
            sure.append(part)
        found = self.inside.joinpath(*sure)
        return "" if found == PurePosixPath() else found.as_posix()


Place: TypeAlias = Path | ObjectPath


def place_of(text: str, folder: Path) -> Place:
    """What the text names: a URL, or a path from the folder on."""
    if text.startswith("file://"):
        return Path(unquote(urlsplit(text).path))
    if "://" not in text:
        return folder / text
    bucket, key = split(text)
    return ObjectPath(bucket, PurePosixPath(key))


def way(folder: Place, path: Place) -> PurePosixPath:
    """How to get from the folder to what lies below it; a ValueError where it does not."""
    if isinstance(path, ObjectPath):
        return path.relative_to(folder)
    return PurePosixPath(path.relative_to(str(folder)).as_posix())


def _expression(pattern: str) -> str:
    parts = {"**/": "(?:.+/)?", "*": "[^/]*"}
    return re.sub(r"\*\*/|\*|[^*]+", lambda m: parts.get(m[0]) or re.escape(m[0]), pattern)
