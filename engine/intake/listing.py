"""What lies in a folder: on this machine, or in an object store by its URL."""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from engine.errors import EnvironmentFault
from engine.store.bucket import split

#: First characters of names that writers use for what is no data (``_SUCCESS``, ``.part.crc``).
HIDDEN = ("_", ".")

#: Characters of a path or a fault that a message shows.
_TOLD = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """One file, as the listing tells of it; nothing of it was read.

    Attributes:
        path: Below the folder that was listed, with slashes.
        size: In bytes.
        written: When, of a file on this machine in nanoseconds.
        etag: The store's word for the content; empty on this machine.
    """

    path: str
    size: int
    written: str
    etag: str = ""


def is_remote(path: str) -> bool:
    """Whether the path is a URL."""
    return "://" in path


def folders(path: str) -> tuple[str, ...]:
    """Names of the folders directly in ``path``, sorted.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    return tuple(sorted(_found(path, _remote_folders if is_remote(path) else _local_folders)))


def files(path: str) -> tuple[Listed, ...]:
    """Files anywhere below ``path``, by their path, without hidden ones.

    Folders that are links are not entered; ``foreign`` names what is no file of the folder.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    found = _found(path, _remote_files if is_remote(path) else _local_files)
    return tuple(sorted((each for each in found if not _is_hidden(each.path)), key=_path))


def foreign(path: str) -> tuple[str, ...]:
    """What lies there and is neither a folder nor a file of it: a link to elsewhere, a pipe.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    found = () if is_remote(path) else _found(path, _local_others)
    return tuple(sorted(each for each in found if not _is_hidden(each)))


def _found(path: str, find: Callable[[str], T]) -> T:
    try:
        return find(path)
    except (OSError, ValueError) as error:  # a null byte is no OSError
        raise _unlistable(path, error) from error


def _is_hidden(path: str) -> bool:
    return any(part.startswith(HIDDEN) for part in path.split("/"))


def _local_folders(path: str) -> list[str]:
    with os.scandir(path) as found:
        return [each.name for each in found if each.is_dir()]


def _local_files(path: str) -> list[Listed]:
    top = Path(path).resolve(strict=True)
    return [_local_file(each, top) for each in _entries(top) if _is_own(each, top)]


def _local_file(path: Path, top: Path) -> Listed:
    known = path.stat()
    return Listed(path.relative_to(top).as_posix(), known.st_size, str(known.st_mtime_ns))


def _local_others(path: str) -> list[str]:
    top = Path(path).resolve(strict=True)
    return [each.relative_to(top).as_posix() for each in _entries(top) if not _is_own(each, top)]


def _entries(top: Path) -> Iterator[Path]:
    """Everything below that is not a folder; a link to one is not."""
    for place, inner, names in os.walk(top, onerror=_refuse):
        links = [name for name in inner if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*names, *links))


def _is_own(path: Path, top: Path) -> bool:
    """Whether it is a plain file that lies below ``top``, or a link to one that does."""
    try:
        return path.is_file() and path.resolve().is_relative_to(top)
    except RuntimeError:  # a link to itself
        return False


def _refuse(error: OSError) -> None:
    raise error


def _remote_folders(url: str) -> list[str]:
    bucket, folder = split(url)
    return _some(bucket.folders(folder), url)


def _remote_files(url: str) -> list[Listed]:
    bucket, folder = split(url)
    start = len(folder) + 1 if folder else 0
    found = [
        Listed(each.key[start:], each.size, each.modified.isoformat(), each.etag)
        for each in bucket.objects(folder)
    ]
    return _some(found, url)


def _some(found: list[T], url: str) -> list[T]:
    """What was found; a store has no empty folders, so one without objects is not there."""
    if not found:
        raise FileNotFoundError(errno.ENOENT, "nothing lies there", url)
    return found


def _path(file: Listed) -> str:
    return file.path


def _unlistable(path: str, error: OSError | ValueError) -> EnvironmentFault:
    told = path if len(path) <= _TOLD else f"{path[:_TOLD]}…"
    return EnvironmentFault(
        "snapshots-unreadable",
        f"cannot list {told}",
        where=(error.strerror if isinstance(error, OSError) else None) or str(error)[:_TOLD],
        hint="`snapshots` in [workspace] names the folder that exports land in",
    )
